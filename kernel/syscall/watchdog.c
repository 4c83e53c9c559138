/* Watchdog timers: the calls (contract: docs/api.md, Synchronisation). */
#include "kernel/watchdog.h"
#include "kernel/syscall/syscall.h"

sysret_t sys_watchdog_create(uint32_t settings_pointer, uint32_t name_pointer) {
    struct abi_watchdog settings;
    struct name buffer;
    const struct name *name;
    struct object *object = NULL;
    status_t status = user_copy_in(&settings, settings_pointer, sizeof settings);
    if (status == ERROR_SUCCESS) {
        status = sys_copy_name(name_pointer, &buffer, &name);
    }
    if (status == ERROR_SUCCESS) {
        status = watchdog_create(name, &settings, &object);
    }
    return sys_give_handle(status, object);
}

sysret_t sys_watchdog_change(uint32_t handle, uint32_t change) {
    struct object *object;
    if (change < ABI_WATCHDOG_START || change > ABI_WATCHDOG_REFRESH) {
        return sysret_status(ERROR_INVALID_PARAMETER);
    }
    status_t status = sys_lookup(handle, &watchdog_type, &object, NULL);
    if (status == ERROR_SUCCESS) {
        status = watchdog_change(CONTAINER_OF(object, struct watchdog, named.object), change);
        object_unref(object);
    }
    return sysret_status(status);
}
