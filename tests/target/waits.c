/* Waits for several objects: every pair of kinds of objects, any and all, errors, and abandoned mutexes. */
#include <msgqueue.h>

#include "sync.h"

/* An object of some kind, not signaled at first. */
struct subject {
    const struct kind *kind;
    HANDLE handle, other; /* other: what the signal needs */
};

struct kind {
    const char *name;
    BOOL taken; /* a wait takes the signal */
    BOOL owned; /* a mutex: the taker gives it back */
    void (*make)(struct subject *subject);
    void (*signal)(struct subject *subject);
};

static void make_automatic(struct subject *subject) {
    subject->handle = CreateEventW(NULL, FALSE, FALSE, NULL);
}

static void make_manual(struct subject *subject) {
    subject->handle = CreateEventW(NULL, TRUE, FALSE, NULL);
}

static void signal_event(struct subject *subject) {
    SetEvent(subject->handle);
}

static void make_semaphore(struct subject *subject) {
    subject->handle = CreateSemaphoreW(NULL, 0, 9, NULL);
}

static void signal_semaphore(struct subject *subject) {
    ReleaseSemaphore(subject->handle, 1, NULL);
}

/* It is the tester's at first. */
static void make_mutex(struct subject *subject) {
    subject->handle = CreateMutexW(NULL, TRUE, NULL);
}

static void signal_mutex(struct subject *subject) {
    ReleaseMutex(subject->handle);
}

static DWORD WINAPI ends(void *argument) {
    return (DWORD)argument;
}

/* Above those that wait: the tester has their priority while it owns a mutex that they wait for. */
static void make_thread(struct subject *subject) {
    subject->handle = start_with(PRIORITY_ABOVE - 10, CREATE_SUSPENDED, ends, NULL, NULL);
}

static void signal_thread(struct subject *subject) {
    ResumeThread(subject->handle);
}

static void make_process(struct subject *subject) {
    PROCESS_INFORMATION created = {NULL, NULL, 0, 0};

    CreateProcessW(L"child.exe", L"exit 0", NULL, NULL, FALSE, CREATE_SUSPENDED, NULL, NULL, NULL, &created);
    subject->handle = created.hProcess;
    subject->other = created.hThread;
}

static void signal_process(struct subject *subject) {
    TerminateProcess(subject->handle, 1);
    WaitForSingleObject(subject->handle, LONG_WAIT);
}

static void make_queue(struct subject *subject) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 2, 4, TRUE};

    subject->handle = CreateMsgQueue(NULL, &options);
    options.bReadAccess = FALSE;
    subject->other = OpenMsgQueue(GetCurrentProcess(), subject->handle, &options);
}

static void signal_queue(struct subject *subject) {
    WriteMsgQueue(subject->other, "abc", 4, 0, 0);
}

static void make_watchdog(struct subject *subject) {
    subject->handle = CreateWatchDogTimer(NULL, 1, INFINITE, WDOG_NO_DFLT_ACTION, 0, 0);
}

static void signal_watchdog(struct subject *subject) {
    StartWatchDogTimer(subject->handle, 0);
    WaitForSingleObject(subject->handle, LONG_WAIT);
}

static const struct kind kinds[] = {
    {"auto-reset event", TRUE, FALSE, make_automatic, signal_event},
    {"manual event", FALSE, FALSE, make_manual, signal_event},
    {"semaphore", TRUE, FALSE, make_semaphore, signal_semaphore},
    {"mutex", TRUE, TRUE, make_mutex, signal_mutex},
    {"thread", FALSE, FALSE, make_thread, signal_thread},
    {"process", FALSE, FALSE, make_process, signal_process},
    {"message queue", FALSE, FALSE, make_queue, signal_queue},
    {"watchdog", FALSE, FALSE, make_watchdog, signal_watchdog},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static struct subject subject_make(DWORD kind) {
    struct subject subject = {&kinds[kind], NULL, NULL};

    kinds[kind].make(&subject);
    return subject;
}

static void subject_close(struct subject *subject) {
    CloseHandle(subject->handle);
    if (subject->other) {
        CloseHandle(subject->other);
    }
}

/* A thread that waits for several objects, keeps what it got until it is told to go on, and gives mutexes back. */
struct group {
    HANDLE handles[MAXIMUM_WAIT_OBJECTS];
    DWORD count, timeout, result, error;
    BOOL all;
    HANDLE thread, go;
};

static DWORD WINAPI group_run(void *argument) {
    struct group *group = argument;

    group->result = WaitForMultipleObjects(group->count, group->handles, group->all, group->timeout);
    group->error = GetLastError();
    WaitForSingleObject(group->go, INFINITE);
    for (DWORD i = 0; i < group->count; i++) {
        ReleaseMutex(group->handles[i]);
    }
    return 0;
}

static void group_start(struct group *group, const struct subject *subjects, DWORD count, BOOL all, DWORD timeout) {
    group->count = count;
    group->all = all;
    group->timeout = timeout;
    group->result = WAITS;
    group->go = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (DWORD i = 0; i < count; i++) {
        group->handles[i] = subjects[i].handle;
    }
    group->thread = start_at(PRIORITY_ABOVE, group_run, group);
}

static void group_finish(struct group *group) {
    SetEvent(group->go);
    finish_thread(group->thread);
    CloseHandle(group->go);
}

static DWORD WINAPI probes(void *argument) {
    DWORD result = WaitForSingleObject((HANDLE)argument, 0);

    ReleaseMutex((HANDLE)argument);
    return result;
}

/* Whether another thread gets the object now; a signal that it takes is lost, a mutex it gives back. */
static BOOL probe(const struct subject *subject) {
    return finish_thread(start_at(PRIORITY_ABOVE, probes, subject->handle)) == WAIT_OBJECT_0;
}

static int pair_any(DWORD first, DWORD second) {
    struct subject both[2] = {subject_make(first), subject_make(second)};
    struct group group;
    int right;

    group_start(&group, both, 2, FALSE, INFINITE);
    right = group.result == WAITS;
    both[1].kind->signal(&both[1]);
    right &= group.result == WAIT_OBJECT_0 + 1 && group.error == 0;
    right &= probe(&both[1]) == !both[1].kind->taken; /* taken, or still there */
    right &= !probe(&both[0]);
    both[0].kind->signal(&both[0]);
    right &= probe(&both[0]);
    group_finish(&group);
    subject_close(&both[0]);
    subject_close(&both[1]);
    return right;
}

static int pair_all(DWORD first, DWORD second, BOOL second_first) {
    struct subject both[2] = {subject_make(first), subject_make(second)};
    struct subject *early = &both[second_first], *late = &both[!second_first];
    struct group group;
    int right;

    group_start(&group, both, 2, TRUE, INFINITE);
    right = group.result == WAITS;
    early->kind->signal(early);
    right &= group.result == WAITS && probe(early); /* it takes nothing while the other is missing */
    if (early->kind->taken && !early->kind->owned) {
        early->kind->signal(early); /* the probe took it */
    }
    right &= group.result == WAITS;
    late->kind->signal(late);
    right &= group.result == WAIT_OBJECT_0 && group.error == 0;
    for (int i = 0; i < 2; i++) {
        right &= probe(&both[i]) == !both[i].kind->taken;
    }
    group_finish(&group);
    subject_close(&both[0]);
    subject_close(&both[1]);
    return right;
}

static void test_pairs(void) {
    for (DWORD first = 0; first < KINDS; first++) {
        for (DWORD second = 0; second < KINDS; second++) {
            OK(pair_any(first, second), "any of %s and %s", kinds[first].name, kinds[second].name);
            OK(pair_all(first, second, FALSE) && pair_all(first, second, TRUE), "all of %s and %s", kinds[first].name,
               kinds[second].name);
        }
    }
}

/* All kinds at once, signaled one after the other, from the last to the first. */
static void test_all_kinds(void) {
    struct subject all[KINDS];
    struct group group;

    for (DWORD i = 0; i < KINDS; i++) {
        all[i] = subject_make(i);
    }
    group_start(&group, all, KINDS, TRUE, INFINITE);
    for (DWORD i = KINDS; i-- > 0;) {
        IS(group.result, WAITS, "the wait for all kinds lasts while the %s is missing", kinds[i].name);
        all[i].kind->signal(&all[i]);
    }
    IS(group.result, WAIT_OBJECT_0, "and ends when all are there");
    group_finish(&group);
    for (DWORD i = 0; i < KINDS; i++) {
        subject_close(&all[i]);
    }
}

static void test_many(void) {
    HANDLE handles[MAXIMUM_WAIT_OBJECTS + 1];
    DWORD right = 0;

    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++) {
        handles[i] = CreateEventW(NULL, FALSE, FALSE, NULL);
    }
    IS(MAXIMUM_WAIT_OBJECTS, 64, "64 objects at most");
    for (DWORD i = 0; i < 64; i++) {
        SetEvent(handles[63 - i]);
        right += WaitForMultipleObjects(64, handles, FALSE, 0) == WAIT_OBJECT_0 + 63 - i;
    }
    IS(right, 64, "any of 64 events");
    SetEvent(handles[40]);
    SetEvent(handles[7]);
    IS(WaitForMultipleObjects(64, handles, FALSE, INFINITE), WAIT_OBJECT_0 + 7, "of two that are set the first");
    IS(WaitForMultipleObjects(64, handles, FALSE, INFINITE), WAIT_OBJECT_0 + 40, "the other is untouched");
    IS(WaitForMultipleObjects(64, handles, FALSE, 0), WAIT_TIMEOUT, "and then none");
    for (int i = 0; i < 63; i++) {
        SetEvent(handles[i]);
    }
    IS(WaitForMultipleObjects(64, handles, TRUE, 20), WAIT_TIMEOUT, "all of 64 while one is missing");
    SetEvent(handles[63]);
    IS(WaitForMultipleObjects(64, handles, TRUE, 0), WAIT_OBJECT_0, "nothing was taken: all 64 are there");
    IS(WaitForMultipleObjects(64, handles, FALSE, 0), WAIT_TIMEOUT, "and taken at once");
    SetEvent(handles[0]);
    FAILS(WaitForMultipleObjects(65, handles, FALSE, 0) == WAIT_FAILED, ERROR_INVALID_PARAMETER, "65 objects");
    FAILS(WaitForMultipleObjects(0, handles, FALSE, 0) == WAIT_FAILED, ERROR_INVALID_PARAMETER, "none");
    FAILS(WaitForMultipleObjects(0xffffffff, handles, FALSE, 0) == WAIT_FAILED, ERROR_INVALID_PARAMETER, "2^32 - 1");
    FAILS(WaitForMultipleObjects(1, NULL, FALSE, 0) == WAIT_FAILED, ERROR_INVALID_PARAMETER, "no array");
    IS(WaitForMultipleObjects(1, handles, TRUE, 0), WAIT_OBJECT_0, "the event is still set");
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++) {
        CloseHandle(handles[i]);
    }
}

static void test_wrong(void) {
    HANDLE event = CreateEventW(NULL, FALSE, TRUE, NULL);
    HANDLE closed = CreateEventW(NULL, FALSE, TRUE, NULL);
    HANDLE file = open_read(L"page.txt");
    HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    HANDLE bad[] = {closed, NULL, INVALID_HANDLE_VALUE, (HANDLE)0x99, file, mapping};
    static const char *const names[] = {"a closed handle", "NULL",   "INVALID_HANDLE_VALUE",
                                        "garbage",         "a file", "a mapping"};
    HANDLE twice[3] = {event, GetCurrentThread(), event};

    CloseHandle(closed);
    for (int i = 0; i < 6; i++) {
        HANDLE both[2] = {event, bad[i]};

        FAILS(WaitForMultipleObjects(2, both, FALSE, 0) == WAIT_FAILED, ERROR_INVALID_HANDLE, "any with %s", names[i]);
        FAILS(WaitForMultipleObjects(2, both, TRUE, 0) == WAIT_FAILED, ERROR_INVALID_HANDLE, "all with %s", names[i]);
        FAILS(WaitForSingleObject(bad[i], 0) == WAIT_FAILED, ERROR_INVALID_HANDLE, "a wait for %s", names[i]);
    }
    FAILS(WaitForMultipleObjects(3, twice, TRUE, 0) == WAIT_FAILED, ERROR_INVALID_PARAMETER, "all with one twice");
    IS(WaitForSingleObject(event, 0), WAIT_OBJECT_0, "none of these took anything");
    SetEvent(event);
    IS(WaitForMultipleObjects(3, twice, FALSE, 0), WAIT_OBJECT_0, "any with one twice");
    IS(WaitForMultipleObjects(3, twice, FALSE, 10), WAIT_TIMEOUT, "takes it once");
    twice[1] = GetCurrentProcess();
    IS(WaitForMultipleObjects(2, twice + 1, FALSE, 10), WAIT_TIMEOUT, "any with a pseudo-handle");
    SetEvent(event);
    IS(WaitForMultipleObjects(2, twice + 1, FALSE, 10), WAIT_OBJECT_0 + 1, "the object beside it");
    CloseHandle(mapping);
    CloseHandle(file);
    CloseHandle(event);
}

static DWORD WINAPI abandons(void *argument) {
    return WaitForSingleObject((HANDLE)argument, 0);
}

static void test_abandoned(void) {
    struct subject three[3] = {subject_make(0), {&kinds[3], CreateMutexW(NULL, FALSE, NULL), NULL}, subject_make(3)};
    HANDLE handles[3] = {three[0].handle, three[1].handle, three[2].handle};
    struct group group;

    finish_thread(start_at(PRIORITY_ABOVE, abandons, handles[1]));
    IS(WaitForMultipleObjects(3, handles, TRUE, 10), WAIT_TIMEOUT, "all, with an abandoned mutex and an event missing");
    SetEvent(handles[0]);
    IS(WaitForMultipleObjects(3, handles, TRUE, 0), WAIT_ABANDONED_0 + 1, "all: the index of the abandoned one");
    IS(WaitForMultipleObjects(3, handles, TRUE, 0), WAIT_TIMEOUT, "the event is taken");
    IS(WaitForMultipleObjects(2, handles + 1, TRUE, 0), WAIT_OBJECT_0, "the mutexes are ours and sound");
    OK(ReleaseMutex(handles[1]) && ReleaseMutex(handles[1]), "the one is ours twice");
    OK(ReleaseMutex(handles[2]) && ReleaseMutex(handles[2]) && ReleaseMutex(handles[2]), "the other thrice");
    FAILS(!ReleaseMutex(handles[2]), ERROR_NOT_OWNER, "and no more");
    finish_thread(start_at(PRIORITY_ABOVE, abandons, handles[2]));
    finish_thread(start_at(PRIORITY_ABOVE, abandons, handles[1]));
    group_start(&group, three, 3, FALSE, INFINITE);
    IS(group.result, WAIT_ABANDONED_0 + 1, "any: the lowest that is there, abandoned");
    group_finish(&group);
    IS(WaitForMultipleObjects(3, handles, FALSE, 0), WAIT_OBJECT_0 + 1, "given back it is sound");
    SetEvent(handles[0]);
    IS(WaitForMultipleObjects(3, handles, TRUE, 0), WAIT_ABANDONED_0 + 2, "the other one was not touched");
    for (int i = 0; i < 3; i++) {
        subject_close(&three[i]);
    }
}

static void tests(void) {
    test_pairs();
    test_all_kinds();
    test_many();
    test_wrong();
    test_abandoned();
}

int main(void) {
    return sync_main(tests);
}
