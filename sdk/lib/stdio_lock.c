/* Locks around newlib's stdio, which as packaged has none.
 *
 * Each function here takes its stream's lock, which lies in the FILE, and calls newlib's own.  A
 * stream's lock is recursive, so flockfile works as POSIX says.  Opening and closing change the list of streams and
 * take the list's lock, too; order: list, then stream.
 * All streams are in library_global; __sinit is wrapped so that no thread makes standard streams of its own.
 */
#include "sdk/lib/stdio_lock.h"
#include "sdk/lib/lock.h"
#include "sdk/lib/thread_state.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct lock list_lock;

/* The linker gives newlib's function the one name and calls of it the other (situ-cc: --wrap). */
void __real___sinit(struct _reent *state);
void __wrap___sinit(struct _reent *state);

void __wrap___sinit(struct _reent *state) {
    lock_take(&list_lock);
    if (!library_global.__sdidinit) {
        __real___sinit(&library_global);
    }
    lock_give(&list_lock);
    state->__cleanup = library_global.__cleanup;
    state->__sdidinit = 1;
}

/* The word that newlib keeps for a lock, and the one before, which it does not use. */
static struct lock *lock_of(FILE *stream) {
    return (struct lock *)(void *)&stream->_data;
}

_Static_assert(offsetof(FILE, _lock) - offsetof(FILE, _data) == offsetof(struct lock, owner), "two words for a lock");
_Static_assert(sizeof(((FILE *)0)->_lock) == sizeof(uint32_t), "newlib's lock is a word");

void stream_lock(FILE *stream) {
    if (!_impure_ptr->__sdidinit) {
        __wrap___sinit(_impure_ptr);
    }
    lock_take(lock_of(stream));
}

void stream_unlock(FILE *stream) {
    lock_give(lock_of(stream));
}

void flockfile(FILE *stream) {
    stream_lock(stream);
}

void funlockfile(FILE *stream) {
    stream_unlock(stream);
}

int ftrylockfile(FILE *stream) {
    if (!_impure_ptr->__sdidinit) {
        __wrap___sinit(_impure_ptr);
    }
    return lock_try(lock_of(stream)) ? 0 : EBUSY;
}

FILE *fopen(const char *restrict name, const char *restrict mode) {
    lock_take(&list_lock);
    FILE *stream = _fopen_r(_impure_ptr, name, mode);
    if (stream) {
        *lock_of(stream) = (struct lock){0, 0};
    }
    lock_give(&list_lock);
    return stream;
}

FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict stream) {
    lock_take(&list_lock);
    stream_lock(stream);
    FILE *result = _freopen_r(_impure_ptr, name, mode, stream);
    stream_unlock(stream);
    lock_give(&list_lock);
    return result;
}

int fclose(FILE *stream) {
    if (!stream) {
        return 0;
    }
    lock_take(&list_lock);
    stream_lock(stream);
    int result = _fclose_r(_impure_ptr, stream);
    stream_unlock(stream);
    lock_give(&list_lock);
    return result;
}

/* Flushes every stream that no other thread is using at the moment; one in use is its user's. */
static int flush_all(void) {
    int result = 0;
    lock_take(&list_lock);
    for (struct _glue *glue = &library_global.__sglue; glue; glue = glue->_next) {
        for (int i = 0; i < glue->_niobs; i++) {
            FILE *stream = &glue->_iobs[i];
            if (stream->_flags && lock_try(lock_of(stream))) {
                result |= _fflush_r(_impure_ptr, stream);
                stream_unlock(stream);
            }
        }
    }
    lock_give(&list_lock);
    return result;
}

int fflush(FILE *stream) {
    if (!stream) {
        return flush_all();
    }
    stream_lock(stream);
    int result = _fflush_r(_impure_ptr, stream);
    stream_unlock(stream);
    return result;
}

/* newlib's setvbuf under the name that it gets in our copy (newlib.syms): it has no form that takes the state. */
int __newlib_setvbuf(FILE *stream, char *buffer, int mode, size_t size);

int setvbuf(FILE *restrict stream, char *restrict buffer, int mode, size_t size) {
    stream_lock(stream);
    int result = __newlib_setvbuf(stream, buffer, mode, size);
    stream_unlock(stream);
    return result;
}
