/* The pages at the top of the address space: vectors, kernel data, helper; and the memory of the exception modes.
 *
 * The pages are part of the kernel's image and filled through the static map.  Before they get their own address their
 * lines leave the cache, so that from then on each has one cached address only (ARMv5).  They were never fetched from,
 * so that no instruction line of theirs is old.  No barrier is needed behind the new entries: the
 * vectors and the helper are first used behind an exception, the data behind those of the next change of a table.
 */
#include "arch/arm/boot.h"
#include "arch/arm/cpu.h"
#include "arch/arm/maintain.h"
#include "arch/arm/pte.h"
#include "arch/arm/trap.h"
#include "arch/kdata.h"
#include "arch/static.h"
#include <string.h>

#define PAGE_ALIGNED __attribute__((aligned(PAGE_SIZE)))

static uint8_t vectors_page[PAGE_SIZE] PAGE_ALIGNED;
static uint8_t kdata_page[PAGE_SIZE] PAGE_ALIGNED;
static uint8_t helper_page[PAGE_SIZE] PAGE_ALIGNED;

/* r0, return address and status of an exception, until they are on the kernel stack. */
static uint32_t irq_words[3], abort_words[3], undefined_words[3];

static uint32_t *top_entry(uint32_t va) {
    return &top_table[va >> PAGE_SHIFT & 0xffu];
}

static void page_publish(uint32_t va, const uint8_t *page, uint32_t entry) {
    maintain_code((uint32_t)page, PAGE_SIZE);
    maintain_page_leaves((uint32_t)page, PAGE_SIZE);
    *top_entry(va) = entry;
    maintain_tables(top_entry(va), sizeof entry);
}

void trap_init(void) {
    memcpy(vectors_page, vectors_start, (size_t)(vectors_end - vectors_start));
    memcpy(helper_page, helper_start, (size_t)(helper_end - helper_start));
#if defined(SITU_ARMV5)
    uint32_t architecture = 5;
#else
    uint32_t architecture = 7;
#endif
    memcpy(&kdata_page[KDATA_USER - KDATA_VA + ABI_KDATA_CPU], &architecture, sizeof architecture);
    page_publish(VECTORS_VA, vectors_page, pte_kernel_code(static_pa(vectors_page)));
    page_publish(HELPER_VA, helper_page, pte_shared_code(static_pa(helper_page)));
    page_publish(KDATA_VA, kdata_page, pte_shared_data(static_pa(kdata_page)));

#if defined(SITU_ARMV7)
    cpu_write_thread_word_read(0); /* what a boot loader left in registers that programs can read */
    cpu_write_counter_access(0);
#endif
    trap_set_stack(CPSR_MODE_IRQ, irq_words);
    trap_set_stack(CPSR_MODE_ABORT, abort_words);
    trap_set_stack(CPSR_MODE_UNDEFINED, undefined_words);
}

void trap_serve_calls(void) {
    uint32_t offset = (uint32_t)((const char *)&vector_svc - vectors_start);
    uint32_t handler = (uint32_t)svc_entry;
    memcpy(vectors_page + offset, &handler, sizeof handler);
    /* A word that is loaded, not executed.  Written under the static address: out to memory from there, and the
     * vectors' own lines are dropped, which are clean. */
    maintain_page_leaves((uint32_t)vectors_page, PAGE_SIZE);
    maintain_forget_range(VECTORS_VA, PAGE_SIZE);
}
