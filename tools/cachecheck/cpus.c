/* The CPUs that the model knows.  Sources: ARM926EJ-S TRM (ARM DDI 0198), Cortex-A9 TRM (DDI 0388), ARM ARM ARMv7-A
 * (DDI 0406).
 */
#include "tools/cachecheck/model.h"
#include <string.h>

static const struct cpu_model cpu_models[] = {
    /* DDI 0198: 4.1 both caches virtually indexed and tagged; 3.2 walks go to memory; 2.3.11 FCSE. */
    {
        .name = "arm926",
        .data_virtual = true,
        .fetch_virtual = true,
        .reset_undefined = true,
    },
    /* The strictest reading of ARMv7-A, so that what passes is right on the Cortex-A8, too, whose walks do not look
     * into the data cache (DDI 0406 B3.10.1; ID_MMFR3 tells).  DDI 0388: 7.1 instruction cache virtually indexed,
     * physically tagged, 8 KB a way. */
    {
        .name = "cortex-a9",
        .v7 = true,
        .fetch_colour = 1,
        .walks_keep = true,
        .speculates = true,
        .reset_undefined = true,
    },
};

const struct cpu_model *cpu_model_find(const char *name) {
    for (size_t i = 0; i < sizeof cpu_models / sizeof cpu_models[0]; i++) {
        if (strcmp(cpu_models[i].name, name) == 0) {
            return &cpu_models[i];
        }
    }
    return NULL;
}
