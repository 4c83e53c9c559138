/* What the calls that make or open objects have in common. */
#ifndef SDK_LIB_WIN_OBJECT_H
#define SDK_LIB_WIN_OBJECT_H

#include <windows.h>
#include "sdk/lib/syscall.h"

static inline int wants_inheritance(const SECURITY_ATTRIBUTES *attributes) {
    return attributes && attributes->bInheritHandle;
}

/* Marks a handle as inheritable.  Sets the last error to status, which is that of the call that made it.  If it cannot
 * be marked, it is closed: NULL and the last error. */
HANDLE object_inheritable(uint32_t handle, uint32_t status);

/* The end of a call that made an object: its handle, marked as the attributes say, or NULL.  An object that there was
 * under the name is a success, too, with ERROR_ALREADY_EXISTS. */
static inline HANDLE object_created(struct call_result result, const SECURITY_ATTRIBUTES *attributes) {
    if (result.status != 0 && (result.status != ERROR_ALREADY_EXISTS || result.value == 0)) {
        finish(result.status);
        return NULL;
    }
    if (wants_inheritance(attributes)) {
        return object_inheritable(result.value, result.status);
    }
    finish(result.status);
    return (HANDLE)(uintptr_t)result.value;
}

/* Opens the object of a kind (ABI_OBJECT_ value) with that name. */
HANDLE object_open(uint32_t kind, BOOL inherit, LPCWSTR name);

#endif
