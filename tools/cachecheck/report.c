/* report.h has the format. */
#include "tools/cachecheck/report.h"
#include "tools/cachecheck/latency.h"
#include "tools/cachecheck/model.h"
#include <inttypes.h>
#include <stdio.h>

#define UNKNOWN_MAX 64

struct unknown {
    uint32_t instruction, pc;
};

static FILE *report;
static struct unknown unknown[UNKNOWN_MAX];
static size_t unknown_count;

bool report_open(const char *file) {
    report = fopen(file, "w");
    return report != NULL;
}

size_t report_new_findings(size_t index) {
    for (; index < model_finding_count(); index++) {
        const struct finding *finding = model_finding(index);
        fprintf(stderr, "cachecheck: %s: va=0x%08x pa=0x%08x pc=0x%08x, other va=0x%08x pc=0x%08x\n",
                finding_name(finding->kind), finding->va, finding->pa, finding->pc, finding->other_va,
                finding->other_pc);
    }
    return index;
}

void report_unknown(uint32_t instruction, uint32_t pc) {
    for (size_t i = 0; i < unknown_count; i++) {
        if (unknown[i].pc == pc && unknown[i].instruction == instruction) {
            return;
        }
    }
    if (unknown_count < UNKNOWN_MAX) {
        unknown[unknown_count++] = (struct unknown){.instruction = instruction, .pc = pc};
        fprintf(stderr, "cachecheck: unknown operation 0x%08x pc=0x%08x\n", instruction, pc);
    }
}

/* The access that may go wrong, in a word. */
static const char *access_name(enum finding_kind kind) {
    switch (kind) {
    case FINDING_STALE_READ:
    case FINDING_UNWRITTEN_READ:
    case FINDING_LOST:
        return "load";
    case FINDING_OVERWRITE:
    case FINDING_TWO_SIZES:
    case FINDING_TABLE_REUSED:
        return "store";
    case FINDING_FETCH_NOT_CLEANED:
    case FINDING_FETCH_STALE:
        return "fetch";
    case FINDING_RESET_CONTENTS:
        return "write to the control register";
    default:
        return "access";
    }
}

static void write_finding(size_t index) {
    const struct finding *finding = model_finding(index);
    fprintf(report, "finding %zu: %s (%" PRIu64 " times)\n", index + 1, finding_name(finding->kind), finding->count);
    fprintf(report, "    %s: va=0x%08x pa=0x%08x pc=0x%08x\n", access_name(finding->kind), finding->va, finding->pa,
            finding->pc);
    if (finding->other_pc != 0) {
        fprintf(report, "    other party: va=0x%08x pc=0x%08x\n", finding->other_va, finding->other_pc);
    } else {
        fprintf(report, "    other party: nobody in particular, va=0x%08x\n", finding->other_va);
    }
    fprintf(report, "    %s\n", finding_sentence(finding->kind));
}

static void write_caches(uint64_t *operations, uint64_t *useless) {
    for (size_t i = 0; i < model_finding_count(); i++) {
        write_finding(i);
    }
    for (size_t i = 0; i < unknown_count; i++) {
        fprintf(report, "unknown operation 0x%08x pc=0x%08x\n", unknown[i].instruction, unknown[i].pc);
    }
    for (size_t i = 0; i < model_site_count(); i++) {
        const struct site *site = model_site(i);
        fprintf(report, "site pc=0x%08x %s executed %" PRIu64 " useless %" PRIu64 "\n", site->pc,
                operation_name(site->operation), site->executed, site->useless);
        *operations += site->executed;
        *useless += site->useless;
    }
}

static void write_latency(void) {
    for (enum latency_kind kind = 0; kind < LATENCY_KINDS; kind++) {
        const struct stretch *stretch;
        for (size_t i = 0; (stretch = latency_stretch(kind, i)) != NULL; i++) {
            fprintf(report, "latency %s %" PRIu64 " from pc=0x%08x to pc=0x%08x\n", latency_name(kind),
                    stretch->instructions, stretch->from, stretch->to);
        }
    }
}

bool report_write(bool caches, bool latency, uint64_t instructions) {
    uint64_t operations = 0, useless = 0;
    size_t findings = 0;
    if (caches) {
        write_caches(&operations, &useless);
        findings = model_finding_count();
    }
    if (latency) {
        write_latency();
    }
    fprintf(report, "summary: findings %zu, operations %" PRIu64 ", useless %" PRIu64 ", instructions %" PRIu64 "\n",
            findings, operations, useless, instructions);
    bool failed = ferror(report);
    return fclose(report) == 0 && !failed;
}
