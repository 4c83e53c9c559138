/* Copying from and to user memory: see user.h.
 *
 * Loads are unprivileged (LDRT, LDRBT), so that a page which only the kernel may touch yet, because it is being filled, is
 * waited for.  Storing many words with STM cannot be unprivileged: user_write_piece stays in one page, tries that page with one
 * unprivileged store first, and runs with preemption off, so that nothing changes about the page until it is done.
 *
 * Each access that may fault has a row in the exception table: faulting address, where to go on.
 */
    .arm
    .syntax unified
    .section .text.user, "ax"

    .macro  fixup label
    .pushsection .extable, "a"
    .word   \label\()b, user_failed
    .popsection
    .endm

user_failed:
    mov     r0, #1
    ldmfd   sp!, {r4-r10, pc}

/* uint32_t user_read(void *to, uint32_t from, uint32_t bytes) */
    .globl  user_read
user_read:
    stmfd   sp!, {r4-r10, lr}
    orr     r3, r0, r1
    tst     r3, #3
    bne     3f
    subs    r2, r2, #16
    blo     2f
1:
.irp register, r3, r4, r5, r6
10: ldrt    \register, [r1], #4
    fixup   10
.endr
    stmia   r0!, {r3-r6}
    subs    r2, r2, #16
    bhs     1b
2:  adds    r2, r2, #16
    beq     5f
    subs    r2, r2, #4
    blo     4f
11: ldrt    r3, [r1], #4
    fixup   11
    str     r3, [r0], #4
    sub     r2, r2, #16
    b       2b
4:  add     r2, r2, #4
3:  cmp     r2, #0
    beq     5f
12: ldrbt   r3, [r1], #1
    fixup   12
    strb    r3, [r0], #1
    sub     r2, r2, #1
    b       3b
5:  mov     r0, #0
    ldmfd   sp!, {r4-r10, pc}

/* uint32_t user_touch(uint32_t to, uint32_t byte): one unprivileged store. */
    .globl  user_touch
user_touch:
    stmfd   sp!, {r4-r10, lr}
19: strbt   r1, [r0]
    fixup   19
    mov     r0, #0
    ldmfd   sp!, {r4-r10, pc}

/* uint32_t user_write_piece(uint32_t to, const void *from, uint32_t bytes): bytes are not 0 and lie in one page; preemption is
 * off. */
    .globl  user_write_piece
user_write_piece:
    stmfd   sp!, {r4-r10, lr}
    ldrb    r4, [r1]
    mov     r3, r0
20: strbt   r4, [r3]
    fixup   20
    orr     r3, r0, r1
    tst     r3, #3
    bne     3f
    subs    r2, r2, #32
    blo     2f
1:  ldmia   r1!, {r3-r10}
13: stmia   r0!, {r3-r10}
    fixup   13
    subs    r2, r2, #32
    bhs     1b
2:  adds    r2, r2, #32
    beq     5f
    subs    r2, r2, #4
    blo     4f
    ldr     r3, [r1], #4
14: str     r3, [r0], #4
    fixup   14
    sub     r2, r2, #32
    b       2b
4:  add     r2, r2, #4
3:  cmp     r2, #0
    beq     5f
    ldrb    r3, [r1], #1
15: strb    r3, [r0], #1
    fixup   15
    sub     r2, r2, #1
    b       3b
5:  mov     r0, #0
    ldmfd   sp!, {r4-r10, pc}

/* uint32_t user_read_string(uint16_t *to, uint32_t from, uint32_t capacity): copies characters up to and with the zero;
 * from is even.  Returns their number with the zero, capacity + 1 if there was no zero, 0 when an access failed. */
    .globl  user_read_string
user_read_string:
    stmfd   sp!, {r4-r10, lr}
    mov     r4, r2
    tst     r1, #2
    bne     2f
    tst     r0, #2
    bne     2f
    subs    r2, r2, #2
    blo     6f
16: ldrt    r3, [r1], #4
    .pushsection .extable, "a"
    .word   16b, user_string_failed
    .popsection
    movs    r5, r3, lsl #16
    beq     5f
    str     r3, [r0], #4
    movs    r5, r3, lsr #16
    beq     4f
    subs    r2, r2, #2
    bhs     16b
6:  add     r2, r2, #2
2:  cmp     r2, #0
    beq     3f
17: ldrbt   r3, [r1], #1
    .pushsection .extable, "a"
    .word   17b, user_string_failed
    .popsection
18: ldrbt   r5, [r1], #1
    .pushsection .extable, "a"
    .word   18b, user_string_failed
    .popsection
    orr     r3, r3, r5, lsl #8
    strh    r3, [r0], #2
    sub     r2, r2, #1
    cmp     r3, #0
    beq     4f
    b       2b
3:  add     r0, r4, #1
    ldmfd   sp!, {r4-r10, pc}
4:  sub     r0, r4, r2
    ldmfd   sp!, {r4-r10, pc}
5:  strh    r5, [r0]
    add     r2, r2, #1
    b       4b

user_string_failed:
    mov     r0, #0
    ldmfd   sp!, {r4-r10, pc}
