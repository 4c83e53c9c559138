/* Copying to user memory, page by page: see arch/arm/user.S for why. */
#include "arch/arm/user.h"
#include "include/preempt.h"

/* Copies that are not on words go byte by byte: shorter pieces keep the time with preemption off bounded. */
#define UNALIGNED_PIECE 256u

uint32_t user_write(uint32_t to, const void *from, uint32_t bytes) {
    const uint8_t *source = from;
    while (bytes != 0) {
        uint32_t piece = min_u32(bytes, PAGE_SIZE - (to & (PAGE_SIZE - 1)));
        if (!is_aligned(to | (uint32_t)source, 4)) {
            piece = min_u32(piece, UNALIGNED_PIECE);
        }
        preempt_disable();
        uint32_t failed = user_write_piece(to, source, piece);
        preempt_enable();
        if (failed == 0) {
            to += piece;
            source += piece;
            bytes -= piece;
        } else if (user_touch(to, *source) != 0) {
            return 1;
        }
    }
    return 0;
}
