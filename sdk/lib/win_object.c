/* Making and opening objects: what is rarely needed of it. */
#include "sdk/lib/win_object.h"

HANDLE object_inheritable(uint32_t handle, uint32_t status) {
    uint32_t marked = call3(SYS_HANDLE_FLAGS, handle, ABI_HANDLE_INHERIT, ABI_HANDLE_INHERIT).status;
    if (marked != 0) {
        call1(SYS_HANDLE_CLOSE, handle);
        finish(marked);
        return NULL;
    }
    finish(status);
    return (HANDLE)(uintptr_t)handle;
}

HANDLE object_open(uint32_t kind, BOOL inherit, LPCWSTR name) {
    struct call_result result = call2(SYS_OBJECT_OPEN, kind, address_of(name));
    if (result.status == 0 && inherit) {
        return object_inheritable(result.value, 0);
    }
    return finish(result.status) ? (HANDLE)(uintptr_t)result.value : NULL;
}
