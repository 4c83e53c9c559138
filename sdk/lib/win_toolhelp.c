/* Snapshots of processes and threads.
 *
 * A snapshot is a block of the process's heap with what the kernel listed; its handle is its address.  Those there are
 * form a list, which tells a handle from any other word.
 */
#include "sdk/lib/lock.h"
#include "sdk/lib/syscall.h"
#include <stdlib.h>
#include <string.h>
#include <tlhelp32.h>

#define KINDS  (TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD)
#define MARGIN 4u /* room for what begins while the lists are taken */

#define PRIORITY_NORMAL 251

struct list {
    void *entries;
    uint32_t count, next; /* next: to be given */
};

struct snapshot {
    struct snapshot *older;
    struct list processes, threads;
};

static struct lock lock;
static struct snapshot *newest;

/* Takes the list of all processes. */
static uint32_t list_processes(struct list *list) {
    uint32_t room = 0;
    for (;;) {
        struct call_result result = call2(SYS_ENUM_PROCESSES, address_of(list->entries), room);
        if (result.status != 0 || result.value <= room) {
            list->count = result.value;
            return result.status;
        }
        room = result.value + MARGIN;
        free(list->entries);
        list->entries = malloc(room * sizeof(struct abi_process_info));
        if (!list->entries) {
            return ERROR_NOT_ENOUGH_MEMORY;
        }
    }
}

/* Adds a process's threads to the list, of which *room can be there without more memory. */
static uint32_t add_threads(struct list *list, uint32_t *room, uint32_t process) {
    for (;;) {
        struct abi_thread_info *threads = list->entries;
        uint32_t left = *room - list->count;
        struct call_result result = call3(SYS_ENUM_THREADS, process, address_of(threads + list->count), left);
        if (result.status == ERROR_INVALID_PARAMETER) {
            return 0; /* it has ended */
        }
        if (result.status != 0 || result.value <= left) {
            list->count += result.status ? 0 : result.value;
            return result.status;
        }
        *room = list->count + result.value + MARGIN;
        threads = realloc(threads, *room * sizeof(*threads));
        if (!threads) {
            return ERROR_NOT_ENOUGH_MEMORY;
        }
        list->entries = threads;
    }
}

static uint32_t list_threads(struct list *list, const struct list *processes) {
    const struct abi_process_info *process = processes->entries;
    uint32_t room = 0, status = 0;
    for (uint32_t i = 0; status == 0 && i < processes->count; i++) {
        status = add_threads(list, &room, process[i].id);
    }
    return status;
}

static void list_drop(struct list *list) {
    free(list->entries);
    *list = (struct list){0};
}

static uint32_t snapshot_fill(struct snapshot *snapshot, DWORD kinds) {
    uint32_t status = list_processes(&snapshot->processes);
    if (status == 0 && (kinds & TH32CS_SNAPTHREAD)) {
        status = list_threads(&snapshot->threads, &snapshot->processes);
    }
    if (!(kinds & TH32CS_SNAPPROCESS)) {
        list_drop(&snapshot->processes);
    }
    return status;
}

static void snapshot_free(struct snapshot *snapshot) {
    list_drop(&snapshot->processes);
    list_drop(&snapshot->threads);
    free(snapshot);
}

HANDLE CreateToolhelp32Snapshot(DWORD dwFlags, DWORD th32ProcessID) {
    (void)th32ProcessID;
    if (!(dwFlags & KINDS) || (dwFlags & ~(DWORD)(KINDS | TH32CS_SNAPNOHEAPS))) {
        finish(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    uint32_t status = snapshot ? snapshot_fill(snapshot, dwFlags) : ERROR_NOT_ENOUGH_MEMORY;
    if (!finish(status)) {
        if (snapshot) {
            snapshot_free(snapshot);
        }
        return INVALID_HANDLE_VALUE;
    }
    lock_take(&lock);
    snapshot->older = newest;
    newest = snapshot;
    lock_give(&lock);
    return snapshot;
}

/* The place in the list that leads to a snapshot; NULL: the handle is none.  The lock is held. */
static struct snapshot **snapshot_find(HANDLE handle) {
    struct snapshot **place = &newest;
    while (*place && *place != handle) {
        place = &(*place)->older;
    }
    return *place ? place : NULL;
}

BOOL CloseToolhelp32Snapshot(HANDLE hSnapshot) {
    lock_take(&lock);
    struct snapshot **place = snapshot_find(hSnapshot);
    if (place) {
        *place = (*place)->older;
    }
    lock_give(&lock);
    if (!place) {
        return finish(ERROR_INVALID_HANDLE);
    }
    snapshot_free(hSnapshot);
    return finish(0);
}

/* Fetches an entry: the next one, or the first.  member: offset of the list in the snapshot. */
static uint32_t entry_take(HANDLE handle, size_t member, BOOL first, void *entry, size_t bytes) {
    uint32_t status = 0;
    lock_take(&lock);
    if (!snapshot_find(handle)) {
        status = ERROR_INVALID_HANDLE;
        goto done;
    }
    struct list *list = (struct list *)((char *)handle + member);
    if (first) {
        list->next = 0;
    }
    if (list->next >= list->count) {
        status = ERROR_NO_MORE_FILES;
        goto done;
    }
    memcpy(entry, (const char *)list->entries + list->next++ * bytes, bytes);
done:
    lock_give(&lock);
    return status;
}

static uint32_t check_size(const DWORD *size, size_t least) {
    if (!size) {
        return ERROR_INVALID_PARAMETER;
    }
    return *size < least ? ERROR_INSUFFICIENT_BUFFER : 0;
}

static BOOL process_give(HANDLE handle, LPPROCESSENTRY32 entry, BOOL first) {
    struct abi_process_info info;
    uint32_t status = check_size(entry ? &entry->dwSize : NULL, sizeof(*entry));
    if (status == 0) {
        status = entry_take(handle, offsetof(struct snapshot, processes), first, &info, sizeof(info));
    }
    if (!finish(status)) {
        return FALSE;
    }
    DWORD size = entry->dwSize;
    *entry = (PROCESSENTRY32){.dwSize = size,
                              .cntUsage = 1,
                              .th32ProcessID = info.id,
                              .cntThreads = info.threads,
                              .pcPriClassBase = PRIORITY_NORMAL,
                              .th32MemoryBase = USER_TEXT};
    memcpy(entry->szExeFile, info.name, sizeof(info.name));
    return TRUE;
}

static BOOL thread_give(HANDLE handle, LPTHREADENTRY32 entry, BOOL first) {
    struct abi_thread_info info;
    uint32_t status = check_size(entry ? &entry->dwSize : NULL, sizeof(*entry));
    if (status == 0) {
        status = entry_take(handle, offsetof(struct snapshot, threads), first, &info, sizeof(info));
    }
    if (!finish(status)) {
        return FALSE;
    }
    DWORD size = entry->dwSize;
    *entry = (THREADENTRY32){.dwSize = size,
                             .cntUsage = 1,
                             .th32ThreadID = info.id,
                             .th32OwnerProcessID = info.process_id,
                             .tpBasePri = (LONG)info.base_priority,
                             .tpDeltaPri = (LONG)info.priority - (LONG)info.base_priority,
                             .th32CurrentProcessID = info.process_id};
    return TRUE;
}

BOOL Process32First(HANDLE hSnapshot, LPPROCESSENTRY32 lppe) {
    return process_give(hSnapshot, lppe, TRUE);
}

BOOL Process32Next(HANDLE hSnapshot, LPPROCESSENTRY32 lppe) {
    return process_give(hSnapshot, lppe, FALSE);
}

BOOL Thread32First(HANDLE hSnapshot, LPTHREADENTRY32 lpte) {
    return thread_give(hSnapshot, lpte, TRUE);
}

BOOL Thread32Next(HANDLE hSnapshot, LPTHREADENTRY32 lpte) {
    return thread_give(hSnapshot, lpte, FALSE);
}
