/* The console, memory for the C library, and what tools ask about the system. */
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "drivers/counter.h"
#include "include/board.h"
#include "include/layout.h"
#include "include/preempt.h"
#include "include/print.h"
#include "kernel/console.h"
#include "kernel/schedule.h"
#include "kernel/syscall/rom.h"
#include "kernel/syscall/syscall.h"
#include "mm/area.h"
#include "mm/arena.h"
#include "mm/heap.h"
#include "mm/page.h"
#include "mm/section.h"
#include "mm/view.h"
#include <string.h>

void sys_widen(uint16_t *out, uint32_t capacity, const char *name) {
    uint32_t i = 0;
    for (; i + 1 < capacity && name[i] != 0; i++) {
        out[i] = (uint8_t)name[i];
    }
    memset(out + i, 0, (capacity - i) * sizeof *out);
}

const char *sys_base_name(const char *path) {
    const char *name = path;
    for (const char *at = path; *at != 0; at++) {
        if (*at == '\\') {
            name = at + 1;
        }
    }
    return name;
}

sysret_t sys_console_write(uint32_t text, uint32_t bytes) {
    char buffer[128];
    if (bytes != 0 && !user_range(text, bytes)) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    uint32_t done = 0;
    while (done < bytes) {
        uint32_t chunk = min_u32(bytes - done, sizeof buffer);
        status_t status = user_copy_in(buffer, text + done, chunk);
        if (status != ERROR_SUCCESS) {
            return sysret(status, done);
        }
        print_write(buffer, chunk);
        done += chunk;
        if (thread_current->attention & ATTENTION_KILLED) {
            break;
        }
    }
    return sysret(ERROR_SUCCESS, done);
}

sysret_t sys_console_read(uint32_t buffer, uint32_t bytes) {
    uint8_t taken[128];
    uint32_t got;
    if (bytes != 0 && !user_range(buffer, bytes)) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = console_read(taken, min_u32(bytes, sizeof taken), &got);
    if (status == ERROR_SUCCESS && got != 0) {
        status = user_copy_out(buffer, taken, got);
    }
    return sysret(status, got);
}

sysret_t sys_debug_write(uint32_t text) {
    uint16_t line[ABI_PATH_MAX];
    uint32_t length;
    /* A longer text is cut: it goes to a person. */
    uint32_t at = text;
    for (;;) {
        status_t status = user_copy_string(line, at, ABI_PATH_MAX - 1, &length);
        if (status != ERROR_SUCCESS && status != ERROR_FILENAME_EXCED_RANGE) {
            return sysret_status(status);
        }
        line[status == ERROR_SUCCESS ? length : ABI_PATH_MAX - 1] = 0;
        kprintf("%ls", line);
        if (status == ERROR_SUCCESS || thread_current->attention & ATTENTION_KILLED) {
            return 0;
        }
        at += (ABI_PATH_MAX - 1) * 2;
    }
}

void sys_leak_counts(struct leak_counts *counts) {
    rom_settle();
    heap_trim();
    *counts = (struct leak_counts){.pages = page_free_count(),
                                   .committed = page_committed_count(),
                                   .objects = heap_object_count(),
                                   .handles = handle_total_count(),
                                   .threads = thread_total_count(),
                                   .sections = section_count(),
                                   .views = view_count(),
                                   .arena_ranges = arena_range_count()};
}

sysret_t sys_counters(uint32_t pointer, uint32_t base, uint32_t bytes) {
    struct space *space = &process_current()->space;
    rom_settle();
    area_settle();
    heap_settle(); /* what waits for the next allocation holds no page that nothing lives in */
    struct abi_counters counters = {
        .pages_total = page_total_count(),
        .pages_free = page_free_count(),
        .pages_committed = page_committed_count(),
        .faults = space->faults,
        .range_faults = space_range_faults(space, base, bytes),
        .processes = process_total_count(),
        .threads = thread_total_count(),
        .handles = handle_total_count(),
        .objects = heap_object_count(),
        .sections = section_count(),
        .views = view_count(),
        .arena_ranges = arena_range_count(),
        .kernel_bytes = (uint32_t)(__kernel_end - __kernel_start) + page_metadata_bytes(page_total_count()),
        .kernel_text_bytes = (uint32_t)((const char *)__rodata_end - __text_start),
        .counter_first_user = sys_counter_first_user,
        .commit_limit = page_commit_limit(),
        .space_bytes = SLOT_END - USER_BASE,
        .space_free_bytes = space_free_bytes(space),
    };
    counters.counter = counter_read();
    return sysret_status(user_copy_out(pointer, &counters, sizeof counters));
}

sysret_t sys_counter(void) {
    return sysret(ERROR_SUCCESS, counter_read());
}

sysret_t sys_module_path(uint32_t buffer, uint32_t capacity) {
    uint16_t path[ABI_PATH_MAX];
    const char *text = process_current()->program->path;
    uint32_t length = (uint32_t)strlen(text);
    if (capacity == 0) {
        return sysret_status(ERROR_INSUFFICIENT_BUFFER);
    }
    /* As documented: cut to the buffer, with a zero, and an error if it was cut. */
    sys_widen(path, ABI_PATH_MAX, text);
    uint32_t copied = min_u32(length, capacity - 1);
    path[copied] = 0;
    status_t status = user_copy_out(buffer, path, (copied + 1) * 2);
    if (status == ERROR_SUCCESS && copied < length) {
        status = ERROR_INSUFFICIENT_BUFFER;
    }
    return sysret(status, copied);
}

sysret_t sys_system_info(uint32_t pointer) {
    struct abi_system_info info = {.page_size = PAGE_SIZE,
                                   .granularity = LARGE_SIZE,
                                   .user_low = USER_BASE,
                                   .user_high = ARENA_END - 1,
                                   .cpu_id = cpu_read_midr()};
#if defined(SITU_ARMV5)
    info.cpu_architecture = 5;
#else
    info.cpu_architecture = 7;
#endif
    memcpy(info.board, board.name, min_u32((uint32_t)strlen(board.name), sizeof info.board - 1));
    return sysret_status(user_copy_out(pointer, &info, sizeof info));
}
