/* The few semihosting operations that are used (ARM DUI 0471, 8.4). */
#include "arch/arm/semihost.h"

#define SYS_ISERROR       0x08u /* argument block: a status; 0: it is no error */
#define SYS_GET_CMDLINE   0x15u /* argument block: buffer, its length; 0: done */
#define SYS_EXIT_EXTENDED 0x20u /* argument block: reason, code */

#define REASON_APPLICATION_EXIT 0x20026u

/* Until semihost_present has asked, a host is assumed: a kernel that stops so early can do nothing better. */
static bool host = true;

bool semihost_present(void) {
    uint32_t status = 0;
    host = semihost_call(SYS_ISERROR, &status) == 0;
    return host;
}

bool semihost_command_line(char *buffer, uint32_t bytes) {
    uint32_t argument[2] = {(uint32_t)buffer, bytes};
    if (host && semihost_call(SYS_GET_CMDLINE, argument) == 0) {
        return true;
    }
    buffer[0] = 0;
    return false;
}

void semihost_exit(uint32_t code) {
    uint32_t argument[2] = {REASON_APPLICATION_EXIT, code};
    if (host) {
        semihost_call(SYS_EXIT_EXTENDED, argument);
    }
}
