/* Single accesses that may fault: the abort handler goes on at the second address of the pair in .extable.
 *
 *   bool ram_load(uint32_t va, uint32_t *value)
 *   bool ram_store(uint32_t va, uint32_t value)
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
    mov     r0, #1
    bx      lr
    .pushsection .extable, "a"
    .word   1b, ram_fault
    .popsection

ram_fault:
    mov     r0, #0
    bx      lr
