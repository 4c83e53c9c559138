/* memcpy, memmove, memset, memcmp: the four functions that the compiler calls by itself.
 *
 * Where both addresses lie on words, 32 bytes go at a time; else byte by byte (the kernel has no hot copies that
 * are not aligned).
 */
    .arm
    .syntax unified

/* void *memset(void *to, int value, size_t bytes) */
    .section .text.memset, "ax"
    .globl  memset
    .balign 32
memset:
    mov     r12, r0
    tst     r0, #3
    bne     4f
    and     r1, r1, #0xff
    orr     r1, r1, r1, lsl #8
    orr     r1, r1, r1, lsl #16
    subs    r2, r2, #16
    blo     3f
    stmfd   sp!, {r4-r9}
    mov     r3, r1
    mov     r4, r1
    mov     r5, r1
    subs    r2, r2, #112
    blo     2f
    mov     r6, r1
    mov     r7, r1
    mov     r8, r1
    mov     r9, r1
1:  stmia   r12!, {r1, r3-r9}
    stmia   r12!, {r1, r3-r9}
    stmia   r12!, {r1, r3-r9}
    stmia   r12!, {r1, r3-r9}
    subs    r2, r2, #128
    bhs     1b
2:  adds    r2, r2, #112
    stmiahs r12!, {r1, r3-r5}
    blo     5f
6:  subs    r2, r2, #16
    stmiahs r12!, {r1, r3-r5}
    bhs     6b
5:  ldmfd   sp!, {r4-r9}
3:  adds    r2, r2, #16
    bxeq    lr
7:  subs    r2, r2, #4
    strhs   r1, [r12], #4
    bhs     7b
    adds    r2, r2, #4
    bxeq    lr
4:  subs    r2, r2, #1
    strbhs  r1, [r12], #1
    bhs     4b
    bx      lr

/* void *memcpy(void *to, const void *from, size_t bytes) */
    .section .text.memcpy, "ax"
    .globl  memcpy
    .balign 32
memcpy:
    mov     r12, r0
    orr     r3, r0, r1
    tst     r3, #3
    bne     4f
    subs    r2, r2, #32
    blo     2f
    stmfd   sp!, {r4-r10}
1:  ldmia   r1!, {r3-r10}
    stmia   r12!, {r3-r10}
    subs    r2, r2, #32
    bhs     1b
    ldmfd   sp!, {r4-r10}
2:  add     r2, r2, #32
3:  subs    r2, r2, #4
    ldrhs   r3, [r1], #4
    strhs   r3, [r12], #4
    bhs     3b
    add     r2, r2, #4
4:  subs    r2, r2, #1
    ldrbhs  r3, [r1], #1
    strbhs  r3, [r12], #1
    bhs     4b
    bx      lr

/* void *memmove(void *to, const void *from, size_t bytes) */
    .section .text.memmove, "ax"
    .globl  memmove
memmove:
    sub     r3, r0, r1
    cmp     r3, r2
    bhs     memcpy
    add     r12, r0, r2
    add     r1, r1, r2
1:  subs    r2, r2, #1
    ldrbhs  r3, [r1, #-1]!
    strbhs  r3, [r12, #-1]!
    bhs     1b
    bx      lr

/* int memcmp(const void *a, const void *b, size_t bytes) */
    .section .text.memcmp, "ax"
    .globl  memcmp
memcmp:
    mov     r12, r0
1:  subs    r2, r2, #1
    blo     2f
    ldrb    r0, [r12], #1
    ldrb    r3, [r1], #1
    subs    r0, r0, r3
    beq     1b
    bx      lr
2:  mov     r0, #0
    bx      lr

/* void page_zero(void *page): 4 KB, 48 bytes a store. */
    .section .text.page_zero, "ax"
    .globl  page_zero
    .balign 32
page_zero:
    stmfd   sp!, {r4-r11, lr}
.irp register, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12
    mov     \register, #0
.endr
    add     lr, r0, #0xf00
    add     lr, lr, #0xf0               /* 85 stores of 48 bytes */
1:  stmia   r0!, {r1-r12}
    stmia   r0!, {r1-r12}
    stmia   r0!, {r1-r12}
    stmia   r0!, {r1-r12}
    stmia   r0!, {r1-r12}
    cmp     r0, lr
    bne     1b
    stmia   r0, {r1-r4}
    ldmfd   sp!, {r4-r11, pc}

/* void entries_fill(uint32_t *entry, uint32_t count, uint32_t value): stores value count times. */
    .section .text.entries_fill, "ax"
    .globl  entries_fill
    .balign 32
entries_fill:
    mov     r3, r2
    mov     r12, r2
    subs    r1, r1, #8
    blo     2f
    str     r4, [sp, #-4]!
    mov     r4, r2
1:  stmia   r0!, {r2-r4, r12}
    stmia   r0!, {r2-r4, r12}
    subs    r1, r1, #8
    bhs     1b
    ldr     r4, [sp], #4
2:  adds    r1, r1, #8
    bxeq    lr
3:  str     r2, [r0], #4
    subs    r1, r1, #1
    bne     3b
    bx      lr

/* bool table_is_empty(const uint32_t *table): whether all 256 words are zero (arch/arm/table.h). */
    .section .text.table_is_empty, "ax"
    .globl  table_is_empty
    .balign 32
table_is_empty:
    stmfd   sp!, {r4-r8, lr}
    add     r12, r0, #1024
1:  ldmia   r0!, {r1-r8}
    orr     r1, r1, r2
    orr     r3, r3, r4
    orr     r5, r5, r6
    orr     r7, r7, r8
    orr     r1, r1, r3
    orr     r5, r5, r7
    orrs    r1, r1, r5
    bne     2f
    cmp     r0, r12
    bne     1b
    mov     r0, #1
    ldmfd   sp!, {r4-r8, pc}
2:  mov     r0, #0
    ldmfd   sp!, {r4-r8, pc}
