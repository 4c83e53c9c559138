/* A machine for testing mm on the host: RAM and ROM as host memory, and an MMU that follows arch/mmu.h to the letter
 * and ends the test when a caller does not.
 *
 * What it checks beyond the interface:
 *   - the mm lock is held around every call that needs it, and no lock or preemption count is left behind;
 *   - an entry needs a table that was reserved; a megabyte has one domain; nothing is mapped over anything;
 *   - a RAM frame is cached at one address at a time (virtually tagged caches), uncached everywhere or nowhere; a new
 *     frame is mapped nowhere;
 *   - a frame that was used through the static map was forgotten there before user memory uses it;
 *   - an arena address that showed ROM was forgotten before it shows anything else;
 *   - ROM is unmapped as in place, RAM is not.
 */
#ifndef TESTS_HOST_FAKE_MMU_H
#define TESTS_HOST_FAKE_MMU_H

/* cmocka wants these four first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "arch/mmu.h"
#include "mm/space.h"

#define FAKE_RAM_PA    0x60000000u
#define FAKE_ROM_PA    0x40000000u
#define FAKE_ROM_BYTES 0x08000000u /* addresses; the first FAKE_ROM_DATA bytes can be read */
#define FAKE_ROM_DATA  0x00100000u

/* Starts the machine with that many pages of RAM, all of mm initialised, nothing allocated. */
void fake_start(uint32_t pages);

/* Ends it; the test fails unless everything was given back. */
void fake_stop(void);
void fake_stop_reserved(uint32_t pages); /* the same when that many pages were reserved at boot */

/* What must not change over something that fails or cleans up after itself. */
struct fake_count {
    uint32_t objects, sections, views, ranges, charged;
};
struct fake_count fake_count(const struct space *space);
void fake_assert_same(struct fake_count before, struct fake_count now);

uint8_t *fake_ram(uint32_t pa); /* host address of a RAM byte */
uint8_t *fake_rom(uint32_t pa); /* of a readable ROM byte */

/* The Nth call that allocates (heap, commit, frames) from now on fails; 0: none does.  fake_failed tells whether that
 * call has come. */
void fake_fail_at(uint32_t n);
bool fake_failed(void);
uint32_t fake_fail_hold(void); /* nothing fails from now on; returns the N to go on with */

/* What another thread does, once: just before the mm lock is next taken (it was waited for), or just after it is next
 * given back. */
void fake_before_lock(void (*other)(void));
void fake_after_unlock(void (*other)(void));

/* A block that is given out and charged is kept ready by arch (arch/frames.h) from now on, one at a time; takes it into
 * use again: its address, or FRAME_NONE when commit is exhausted and it stays kept. */
void fake_keep(uint32_t pa, unsigned order);
uint32_t fake_unkeep(void);

/* A user access by a thread of the space, which becomes the active one: 0, or what fault_resolve made of it.  The
 * page is then present with that right and *byte (unless NULL) is where the byte lies. */
status_t fake_access(struct space *space, uint32_t va, prot_t access, uint8_t **byte);

/* Pages that mmu_forget_static was called for so far. */
uint32_t fake_forgotten_pages(void);

/* The most pages that were asked for (mmu_query) under one holding of the mm lock, since the last call of this. */
uint32_t fake_looks_most(void);

/* mmu_query under the lock. */
struct mmu_page fake_query(struct space *space, uint32_t va);

/* The same with the lock held.  mmu_query answers as the hardware does: on ARMv5 whatever is there and can be read can
 * be executed. */
struct mmu_page fake_mmu_query(const struct mmu_space *space, uint32_t va);

/* Runs statement, which must stop in panic(). */
extern jmp_buf fake_panic_exit;
extern bool fake_panic_expected;
void fake_panic_reset(void);
#define FAKE_ASSERT_PANICS(statement)                                                                                  \
    do {                                                                                                               \
        fake_panic_expected = true;                                                                                    \
        if (setjmp(fake_panic_exit) == 0) {                                                                            \
            statement;                                                                                                 \
            fake_panic_expected = false;                                                                               \
            fail_msg("no panic: %s", #statement);                                                                      \
        }                                                                                                              \
        fake_panic_reset();                                                                                            \
    } while (0)

/* Random numbers, the same in every run; seed from the environment variable SEED or the default. */
uint32_t fake_seed(uint32_t seed); /* returns the seed used, for messages */
uint32_t fake_random(uint32_t below);

#endif
