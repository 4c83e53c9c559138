/* Win32 error codes in errno's terms. */
#ifndef SDK_LIB_ERRORS_H
#define SDK_LIB_ERRORS_H

#include <stdint.h>

/* The errno code that says what status says; EIO for what has no counterpart. */
int errno_from_status(uint32_t status);

#endif
