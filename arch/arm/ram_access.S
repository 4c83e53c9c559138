/* Single accesses that may fault: the abort handler goes on at the second address of the pair in .extable.
 *
 *   bool ram_load(uint32_t va, uint32_t *value)
 *   bool ram_store(uint32_t va, uint32_t value)
 *   void ram_settle(void)
 *
 * On ARMv7 the bus may refuse a store long after it: an asynchronous abort (Cortex-A9: DDI 0388 6.5), which waits while
 * the kernel has such aborts masked.  The DSB waits for the answer, and the abort is then let in at three instructions.
 * ram_settle takes one that was left by who ran before.
 */
    .syntax unified
    .arm
    .text

    .global ram_load
    .type ram_load, %function
ram_load:
1:  ldr     r2, [r0]
    str     r2, [r1]
    mov     r0, #1
    bx      lr
    .pushsection .extable, "a"
    .word   1b, ram_fault
    .popsection

    .global ram_store
    .type ram_store, %function
ram_store:
1:  str     r1, [r0]
    .pushsection .extable, "a"
    .word   1b, ram_fault
    .popsection
    .global ram_settle
    .type ram_settle, %function
ram_settle:
#if defined(SITU_ARMV7)
    dsb
2:  cpsie   a
3:  isb
4:  cpsid   a
    .pushsection .extable, "a"
    .word   2b, ram_fault
    .word   3b, ram_fault
    .word   4b, ram_fault
    .popsection
#endif
    mov     r0, #1
    bx      lr

ram_fault:
#if defined(SITU_ARMV7)
    cpsid   a
#endif
    mov     r0, #0
    bx      lr
