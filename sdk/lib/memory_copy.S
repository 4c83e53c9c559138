/* memcpy and memset for programs, where the processor's only wide accesses are LDM and STM.
 *
 * memcpy  below 16 bytes: words or bytes.  Else `to` is brought on a word first; then, if `from` is on a word, too, 400 bytes go
 *         at a time, ten words an instruction; if it is not, words are put together of two that lie beside each other.
 *         No byte outside of the words that hold what was asked for is read.
 * memset  256 bytes at a time.
 */
    .arm
    .syntax unified

#define STRIDE 400
#define AHEAD  192      /* what will be read soon is asked for, one cache line of 80 bytes: more costs more than it brings */

/* void *memcpy(void *to, const void *from, size_t bytes) */
    .section .text.memcpy, "ax", %progbits
    .globl  memcpy
    .type   memcpy, %function
    .balign 32
memcpy:
    cmp     r2, #16
    bhs     large
    mov     r12, r0
    orr     r3, r0, r1
    tst     r3, #3
    bne     2f
1:  subs    r2, r2, #4
    ldrhs   r3, [r1], #4
    strhs   r3, [r12], #4
    bhs     1b
    add     r2, r2, #4
2:  subs    r2, r2, #1
    ldrbhs  r3, [r1], #1
    strbhs  r3, [r12], #1
    bhs     2b
    bx      lr

large:
    stmfd   sp!, {r0, r4-r11, lr}
    ands    r3, r0, #3
    beq     2f
    rsb     r3, r3, #4
    sub     r2, r2, r3
1:  ldrb    r4, [r1], #1
    subs    r3, r3, #1
    strb    r4, [r0], #1
    bne     1b
2:  ands    r3, r1, #3
    bne     shifted
    subs    r2, r2, #STRIDE
    blo     4f
3:
.rept 5
    pld     [r1, #AHEAD]
    ldmia   r1!, {r3-r12}
    stmia   r0!, {r3-r12}
    ldmia   r1!, {r3-r12}
    stmia   r0!, {r3-r12}
.endr
    subs    r2, r2, #STRIDE
    bhs     3b
4:  add     r2, r2, #STRIDE
5:  subs    r2, r2, #40
    ldmiahs r1!, {r3-r12}
    stmiahs r0!, {r3-r12}
    bhs     5b
    add     r2, r2, #40
6:  subs    r2, r2, #4
    ldrhs   r3, [r1], #4
    strhs   r3, [r0], #4
    bhs     6b
    add     r2, r2, #4
bytes:
    subs    r2, r2, #1
    ldrbhs  r3, [r1], #1
    strbhs  r3, [r0], #1
    bhs     bytes
    ldmfd   sp!, {r0, r4-r11, pc}

/* r0 on a word, r1 not: off by r3 bytes. */
shifted:
    bic     r1, r1, #3
    cmp     r3, #2
    beq     by_two
    bhi     by_three

    .macro  merge off, low, high
    mov     \low, \low, lsr #8 * \off
    orr     \low, \low, \high, lsl #32 - 8 * \off
    .endm

/* r3 holds the word before r1, of which `off` bytes are used up. */
    .macro  copy_shifted off
    ldr     r3, [r1], #4
    subs    r2, r2, #32
    blo     2f
1:  pld     [r1, #AHEAD]
    ldmia   r1!, {r4-r11}
    merge   \off, r3, r4
    merge   \off, r4, r5
    merge   \off, r5, r6
    merge   \off, r6, r7
    merge   \off, r7, r8
    merge   \off, r8, r9
    merge   \off, r9, r10
    merge   \off, r10, r11
    stmia   r0!, {r3-r10}
    mov     r3, r11
    subs    r2, r2, #32
    bhs     1b
2:  add     r2, r2, #32
3:  subs    r2, r2, #4
    blo     4f
    ldr     r4, [r1], #4
    merge   \off, r3, r4
    str     r3, [r0], #4
    mov     r3, r4
    b       3b
4:  add     r2, r2, #4
    sub     r1, r1, #4 - \off
    b       bytes
    .endm

    copy_shifted 1
by_two:
    copy_shifted 2
by_three:
    copy_shifted 3
    .size memcpy, . - memcpy

/* void *memset(void *to, int value, size_t bytes) */
    .section .text.memset, "ax", %progbits
    .globl  memset
    .type   memset, %function
    .balign 32
memset:
    mov     r12, r0
    cmp     r2, #8
    blo     7f
1:  tst     r12, #3
    strbne  r1, [r12], #1
    subne   r2, r2, #1
    bne     1b
    and     r1, r1, #0xff
    orr     r1, r1, r1, lsl #8
    orr     r1, r1, r1, lsl #16
    subs    r2, r2, #32
    blo     5f
    stmfd   sp!, {r4-r9}
    mov     r3, r1
    mov     r4, r1
    mov     r5, r1
    mov     r6, r1
    mov     r7, r1
    mov     r8, r1
    mov     r9, r1
    subs    r2, r2, #256 - 32
    blo     3f
2:
.rept 8
    stmia   r12!, {r1, r3-r9}
.endr
    subs    r2, r2, #256
    bhs     2b
3:  add     r2, r2, #256
4:  subs    r2, r2, #32
    stmiahs r12!, {r1, r3-r9}
    bhs     4b
    ldmfd   sp!, {r4-r9}
5:  add     r2, r2, #32
6:  subs    r2, r2, #4
    strhs   r1, [r12], #4
    bhs     6b
    add     r2, r2, #4
7:  subs    r2, r2, #1
    strbhs  r1, [r12], #1
    bhs     7b
    bx      lr
    .size memset, . - memset
