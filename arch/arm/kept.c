/* Blocks that are kept ready: see kept.h. */
#include "arch/arm/kept.h"
#include "arch/frames.h"
#include "include/preempt.h"

bool kept_take(struct kept *kept, uint32_t *block) {
    *block = KEPT_NONE;
    preempt_disable();
    bool any = kept->count != 0;
    if (any && frame_unkeep(kept->order)) {
        kept->count--;
        *block = kept->block[kept->count];
    }
    preempt_enable();
    return any;
}

bool kept_put(struct kept *kept, uint32_t block) {
    preempt_disable();
    bool room = kept->count < kept->most;
    if (room) {
        kept->block[kept->count] = block;
        kept->count++;
        frame_keep(kept->order);
    }
    preempt_enable();
    return room;
}

uint32_t kept_drop(struct kept *kept) {
    uint32_t block = KEPT_NONE;
    preempt_disable();
    if (kept->count != 0) {
        kept->count--;
        block = kept->block[kept->count];
    }
    preempt_enable();
    return block;
}
