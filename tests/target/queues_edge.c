/* Message queues where something goes wrong in the middle: memory that is not there, threads that are ended, ends that
 * come and go; and many readers and writers at once. */
#include <msgqueue.h>

#include "sync.h"

#define BYTES 64

static HANDLE reader, writer;
static char got[BYTES];
static DWORD got_bytes, got_flags;

static HANDLE create(DWORD flags, DWORD messages, DWORD bytes) {
    MSGQUEUEOPTIONS options = {sizeof(options), flags, messages, bytes, TRUE};

    return CreateMsgQueue(NULL, &options);
}

static HANDLE open(HANDLE queue, BOOL read) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, 0, 0, read};

    return OpenMsgQueue(GetCurrentProcess(), queue, &options);
}

static void make(DWORD flags, DWORD messages, DWORD bytes) {
    reader = create(flags, messages, bytes);
    writer = open(reader, FALSE);
}

static void unmake(void) {
    CloseMsgQueue(reader);
    CloseMsgQueue(writer);
}

static BOOL put(const char *text, DWORD flags) {
    return WriteMsgQueue(writer, (void *)text, (DWORD)strlen(text) + 1, 0, flags);
}

static BOOL next_is(const char *text, DWORD flags) {
    memset(got, '?', BYTES);
    return ReadMsgQueue(reader, got, BYTES, &got_bytes, 0, &got_flags) && strcmp(got, text) == 0 && got_flags == flags;
}

static DWORD messages_now(void) {
    MSGQUEUEINFO info = {sizeof(info), 0, 0, 0, 0, 0, 0, 0};

    GetMsgQueueInfo(reader, &info);
    return info.dwCurrentMessages;
}

static BOOL is_set(HANDLE end) {
    return WaitForSingleObject(end, 0) == WAIT_OBJECT_0;
}

static void test_faults(void) {
    char *nowhere = VirtualAlloc(NULL, 0x2000, MEM_RESERVE, PAGE_NOACCESS);
    char *edge = nowhere + 0x1000 - 4; /* the message begins on a page that is there */

    VirtualAlloc(nowhere, 0x1000, MEM_COMMIT, PAGE_READWRITE);
    make(0, 1, BYTES);
    FAILS(!WriteMsgQueue(writer, edge, 8, 0, 0), ERROR_INVALID_PARAMETER, "a message half of which is not there");
    OK(messages_now() == 0 && !is_set(reader) && is_set(writer), "is not written");
    OK(put("first", 0), "and its place is free");
    FAILS(!ReadMsgQueue(reader, edge, 8, &got_bytes, 0, &got_flags), ERROR_INVALID_PARAMETER, "such a buffer");
    OK(messages_now() == 1 && is_set(reader) && !is_set(writer), "leaves the message where it is");
    const uint32_t no_flags[6] = {(uint32_t)reader, (uint32_t)got, BYTES, 0, (uint32_t)nowhere + 0x1000};
    IS(raw_call(SYS_QUEUE_READ, no_flags).status, ERROR_INVALID_PARAMETER, "so does no place for the flags");
    OK(next_is("first", 0) && messages_now() == 0, "until it is read");
    FAILS(!WriteMsgQueue(writer, got, 0, 0, 0), ERROR_INVALID_PARAMETER, "a message of no bytes");
    FAILS(!ReadMsgQueue(reader, got, 0, &got_bytes, 0, &got_flags), ERROR_INVALID_PARAMETER, "a buffer of none");
    unmake();
    VirtualFree(nowhere, 0, MEM_RELEASE);
}

static void test_limits(void) {
    static char large[300000];
    DWORD right = 0;

    FAILS(!create(0, 1, 0), ERROR_INVALID_PARAMETER, "a queue for messages of no bytes");
    FAILS(!create(0, 0x10000, 0x10000), ERROR_NOT_ENOUGH_MEMORY, "4 GB at once");
    FAILS(!create(0, 0xffffffffu, 0xffffffffu), ERROR_NOT_ENOUGH_MEMORY, "more than can be counted");
    FAILS(!create(0, 2, 0x200000), ERROR_NOT_ENOUGH_MEMORY, "messages of 2 MB");
    make(0, 3, sizeof(large));
    for (DWORD i = 0; i < 3; i++) {
        memset(large, (int)i + 1, sizeof(large));
        right += WriteMsgQueue(writer, large, sizeof(large) - i, 0, 0);
    }
    for (DWORD i = 0; i < 3; i++) {
        right += ReadMsgQueue(reader, large, sizeof(large), &got_bytes, 0, &got_flags) &&
                 got_bytes == sizeof(large) - i && large[0] == (char)(i + 1) && large[got_bytes - 1] == (char)(i + 1);
    }
    IS(right, 6, "messages of 300,000 bytes");
    unmake();
    make(MSGQUEUE_NOPRECOMMIT, 0xffffffffu, 0xffffffffu);
    char *huge = VirtualAlloc(NULL, 0x200000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    FAILS(!WriteMsgQueue(writer, huge, 0x200000, 0, 0), ERROR_OUTOFMEMORY, "no memory for a message of 2 MB");
    OK(put("small", 0) && next_is("small", 0), "but for others");
    put("left behind", 0);
    VirtualFree(huge, 0, MEM_RELEASE);
    unmake();
}

static void test_alerts(void) {
    make(0, 3, BYTES);
    put("plain", 0);
    put("alert", MSGQUEUE_MSGALERT);
    put("second alert", MSGQUEUE_MSGALERT);
    OK(next_is("alert", MSGQUEUE_MSGALERT) && next_is("plain", 0), "one alert at a time");
    OK(next_is("second alert", 0), "another one is a plain message");
    OK(put("alert", MSGQUEUE_MSGALERT) && next_is("alert", MSGQUEUE_MSGALERT), "until the first has been read");
    unmake();
}

static DWORD WINAPI reads(void *argument) {
    DWORD bytes, flags;

    return ReadMsgQueue(reader, argument, BYTES, &bytes, LONG_WAIT, &flags) ? bytes : 10000 + GetLastError();
}

static DWORD WINAPI writes(void *argument) {
    return WriteMsgQueue(writer, argument, (DWORD)strlen(argument) + 1, LONG_WAIT, 0) ? 0 : GetLastError();
}

/* Threads below the tester: they have been handed a message or a place when they are ended, but have not run. */
static void test_ended(void) {
    static char text[BYTES];
    HANDLE thread = start_at(PRIORITY_BELOW, reads, text);

    make(0, 1, BYTES);
    Sleep(20);
    put("for the dead", 0);
    TerminateThread(thread, 5);
    IS(finish_thread(thread), 5, "a reader that is ended with a message in hand");
    OK(is_set(reader) && next_is("for the dead", 0), "leaves it");
    put("full", 0);
    thread = start_at(PRIORITY_BELOW, writes, "never");
    Sleep(20);
    next_is("full", 0);
    TerminateThread(thread, 6);
    IS(finish_thread(thread), 6, "a writer that is ended with a place in hand");
    OK(messages_now() == 0 && put("after", 0) && next_is("after", 0), "leaves that");
    thread = start_at(PRIORITY_ABOVE, reads, text);
    TerminateThread(thread, 7);
    finish_thread(thread);
    OK(put("nobody waits", 0) && next_is("nobody waits", 0), "one that waits is simply gone");
    thread = start_at(PRIORITY_ABOVE, reads, text);
    SuspendThread(thread);
    put("suspended", 0);
    OK(!is_set(reader) && messages_now() == 0, "one that is suspended is served");
    ResumeThread(thread);
    IS(finish_thread(thread), 10, "and goes on with it");
    unmake();
}

static DWORD readers_now(void) {
    MSGQUEUEINFO info = {sizeof(info), 0, 0, 0, 0, 0, 0, 0};

    GetMsgQueueInfo(writer, &info);
    return info.wNumReaders;
}

static void test_ends(void) {
    HANDLE copy, thread;
    static char text[BYTES];

    make(0, 1, BYTES);
    DuplicateHandle(GetCurrentProcess(), reader, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    IS(readers_now(), 2, "a duplicate counts");
    CloseMsgQueue(reader);
    OK(readers_now() == 1 && put("still read", 0), "and is a reader");
    DuplicateHandle(GetCurrentProcess(), copy, GetCurrentProcess(), &reader, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
    OK(readers_now() == 1 && next_is("still read", 0), "as one that is moved");
    thread = start_at(PRIORITY_ABOVE, reads, text);
    IS(readers_now(), 1, "a thread that reads does not");
    CloseMsgQueue(reader);
    FAILS(!put("unread", 0), ERROR_PIPE_NOT_CONNECTED, "without a handle there is no reader");
    reader = open(writer, TRUE);
    OK(put("again", 0), "with a new one there is");
    IS(finish_thread(thread), 6, "for the thread, too, that has waited all the time");
    unmake();
    make(MSGQUEUE_ALLOW_BROKEN, 1, BYTES);
    CloseMsgQueue(writer);
    FAILS(!next_is("", 0), ERROR_TIMEOUT, "when that is allowed, a reader waits for writers to come");
    CloseMsgQueue(reader);
}

#define THREADS  4
#define MESSAGES 200

static volatile LONG received, wrong;
static LONG last_of[THREADS];

/* Each message: who wrote it, and its number, and both once more. */
static DWORD WINAPI random_reader(void *argument) {
    uint32_t state = 77 + (uint32_t)argument;
    LONG message[4];
    DWORD bytes, flags;

    for (;;) {
        if (ReadMsgQueue(reader, message, sizeof(message), &bytes, random_next(&state) % 3, &flags)) {
            wrong += bytes != sizeof(message) || message[2] != ~message[0] || message[3] != ~message[1];
            InterlockedIncrement(&received);
        } else if (GetLastError() == ERROR_PIPE_NOT_CONNECTED) {
            return 0;
        }
    }
}

static DWORD WINAPI random_writer(void *argument) {
    uint32_t state = (uint32_t)argument;
    HANDLE end = open(reader, FALSE);
    DWORD sent = 0;

    for (LONG i = 0; i < MESSAGES;) {
        LONG message[4] = {(LONG)argument, i, ~(LONG)argument, ~i};

        if (WriteMsgQueue(end, message, sizeof(message), random_next(&state) % 3, 0)) {
            sent++;
            i++;
        }
    }
    CloseMsgQueue(end);
    return sent;
}

static void test_many(DWORD flags, DWORD limit) {
    HANDLE readers[THREADS], writers[THREADS];
    DWORD sent = 0, ended = 0;

    received = wrong = 0;
    make(flags, limit, BYTES);
    for (int i = 0; i < THREADS; i++) {
        readers[i] = start_at(PRIORITY_BELOW - i % 2, random_reader, (void *)i);
        writers[i] = start_at(PRIORITY_BELOW - i / 2, random_writer, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        sent += finish_thread(writers[i]);
    }
    CloseMsgQueue(writer);
    for (int i = 0; i < THREADS; i++) {
        ended += finish_thread(readers[i]) == 0;
    }
    OK(sent == THREADS * MESSAGES && received == (LONG)sent && wrong == 0 && ended == THREADS,
       "%d writers, %d readers, %lu places: %lu sent, %ld read, %ld wrong", THREADS, THREADS, (unsigned long)limit,
       (unsigned long)sent, (long)received, (long)wrong);
    CloseMsgQueue(reader);
}

/* One reader: the messages of each writer come in their order. */
static void test_many_in_order(void) {
    HANDLE writers[THREADS];
    LONG message[4], right = 0;

    make(0, 2, BYTES);
    for (int i = 0; i < THREADS; i++) {
        last_of[i] = -1;
        writers[i] = start_at(i % 2 ? PRIORITY_ABOVE : PRIORITY_BELOW, random_writer, (void *)i);
    }
    for (int i = 0; i < THREADS * MESSAGES; i++) {
        ReadMsgQueue(reader, message, sizeof(message), &got_bytes, LONG_WAIT, &got_flags);
        right += message[1] == ++last_of[message[0] % THREADS];
    }
    IS(right, THREADS * MESSAGES, "the messages of each writer come in their order");
    for (int i = 0; i < THREADS; i++) {
        finish_thread(writers[i]);
    }
    unmake();
}

static void tests(void) {
    test_faults();
    test_limits();
    test_alerts();
    test_ended();
    test_ends();
    test_many(0, 1);
    test_many(0, 7);
    test_many(MSGQUEUE_NOPRECOMMIT, 0);
    test_many_in_order();
}

int main(void) {
    return sync_main(tests);
}
