/* newlib's environment and time-zone locks: the library's recursive lock for each. */
#include "sdk/lib/lock.h"
#include <envlock.h>
#include <reent.h>

void __tz_lock(void);
void __tz_unlock(void);

static struct lock environment_lock, zone_lock;

void __env_lock(struct _reent *state) {
    (void)state;
    lock_take(&environment_lock);
}

void __env_unlock(struct _reent *state) {
    (void)state;
    lock_give(&environment_lock);
}

void __tz_lock(void) {
    lock_take(&zone_lock);
}

void __tz_unlock(void) {
    lock_give(&zone_lock);
}
