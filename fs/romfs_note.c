/* What romfs has to say goes to the debug console. */
#include "fs/romfs.h"
#include "include/print.h"

void romfs_note(const char *what, uint32_t where, const char *name, uint32_t length) {
    if (name == NULL) {
        kprintf("romfs: %s at 0x%x\n", what, where);
        return;
    }
    (void)length; /* names are zero-terminated in the image */
    kprintf("romfs: %.250s: %s at 0x%x\n", name, what, where);
}
