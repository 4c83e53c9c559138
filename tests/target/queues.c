/* Message queues: order, alerts, limits, waiting, broken ends, names, handles, and other processes. */
#include <msgqueue.h>

#include "sync.h"

#define BYTES 32

static HANDLE reader, writer;
static char got_message[BYTES];
static DWORD got_bytes, got_flags;

static MSGQUEUEOPTIONS options_of(DWORD flags, DWORD messages, BOOL read) {
    MSGQUEUEOPTIONS options = {sizeof(options), flags, messages, BYTES, read};

    return options;
}

static HANDLE create(const wchar_t *name, DWORD flags, DWORD messages, BOOL read) {
    MSGQUEUEOPTIONS options = options_of(flags, messages, read);

    return CreateMsgQueue(name, &options);
}

static HANDLE open(HANDLE queue, BOOL read) {
    MSGQUEUEOPTIONS options = options_of(0, 0, read);

    return OpenMsgQueue(GetCurrentProcess(), queue, &options);
}

/* A queue without a name, both ends ours. */
static void make(DWORD flags, DWORD messages) {
    reader = create(NULL, flags, messages, TRUE);
    writer = open(reader, FALSE);
}

static void unmake(void) {
    CloseMsgQueue(reader);
    CloseMsgQueue(writer);
}

static BOOL put(const char *text, DWORD timeout, DWORD flags) {
    return WriteMsgQueue(writer, (void *)text, (DWORD)strlen(text) + 1, timeout, flags);
}

static BOOL get(DWORD timeout) {
    got_bytes = got_flags = 0xbad;
    memset(got_message, '?', BYTES);
    return ReadMsgQueue(reader, got_message, BYTES, &got_bytes, timeout, &got_flags);
}

/* The next message is this one. */
static BOOL next_is(const char *text, DWORD flags) {
    return get(0) && got_bytes == strlen(text) + 1 && strcmp(got_message, text) == 0 && got_flags == flags;
}

static void test_order(void) {
    int right = 0;

    make(0, 4);
    OK(reader && writer && reader != writer, "a queue with two ends");
    FAILS(!get(0), ERROR_TIMEOUT, "nothing is in it");
    WORKS(put("one", 0, 0), "a message is written");
    WORKS(put("two, longer", 0, 0) && put("", 0, 0), "and two more");
    WORKS(next_is("one", 0), "the first is read first");
    put("four", 0, 0);
    OK(next_is("two, longer", 0) && next_is("", 0) && next_is("four", 0), "the others in turn");
    FAILS(!get(0), ERROR_TIMEOUT, "then none is left");
    for (int i = 0; i < 200; i++) {
        char text[2] = {(char)('A' + i % 26), 0};

        put(text, 0, 0);
        put("another", 0, 0);
        right += next_is(text, 0) && next_is("another", 0);
    }
    IS(right, 200, "so it goes round and round");
    unmake();
}

static void test_sizes(void) {
    char full[BYTES + 1];
    char small[3] = "xy";

    memset(full, 'f', sizeof(full));
    make(0, 2);
    WORKS(WriteMsgQueue(writer, full, BYTES, 0, 0), "a message of the largest size");
    FAILS(!WriteMsgQueue(writer, full, BYTES + 1, 0, 0), ERROR_INSUFFICIENT_BUFFER, "one byte more is too large");
    got_bytes = 0;
    FAILS(!ReadMsgQueue(reader, small, 2, &got_bytes, 0, &got_flags), ERROR_INSUFFICIENT_BUFFER, "a small buffer");
    IS(got_bytes, BYTES, "is told the size");
    OK(get(0) && got_bytes == BYTES && memcmp(got_message, full, BYTES) == 0, "and the message stays");
    FAILS(!WriteMsgQueue(writer, NULL, 4, 0, 0), ERROR_INVALID_PARAMETER, "a message from nowhere");
    FAILS(!ReadMsgQueue(reader, NULL, 4, &got_bytes, 0, &got_flags), ERROR_INVALID_PARAMETER, "and to nowhere");
    FAILS(!ReadMsgQueue(reader, small, 2, NULL, 0, &got_flags), ERROR_INVALID_PARAMETER, "no place for its size");
    put("a", 0, 0);
    OK(ReadMsgQueue(reader, small, 2, &got_bytes, 0, &got_flags) && got_bytes == 2, "a buffer of just its size");
    unmake();
}

static void test_full(void) {
    make(0, 3);
    OK(put("1", 0, 0) && put("2", 0, 0) && put("3", 0, 0), "three messages are the most");
    FAILS(!put("4", 0, 0), ERROR_TIMEOUT, "the fourth finds no room");
    FAILS(!put("4", 10, 0), ERROR_TIMEOUT, "nor in 10 ms");
    FAILS(get(0) && put("4", 0, 0) && !put("5", 0, 0), ERROR_TIMEOUT, "one read makes room for one");
    OK(next_is("2", 0) && next_is("3", 0) && next_is("4", 0), "none is lost");
    unmake();
    make(MSGQUEUE_NOPRECOMMIT, 0);
    int written = 0;
    while (written < 500 && put("many", 0, 0)) {
        written++;
    }
    IS(written, 500, "without a limit there are many");
    while (written > 0 && next_is("many", 0)) {
        written--;
    }
    IS(written, 0, "and all come out");
    unmake();
}

static void test_alert(void) {
    make(0, 4);
    put("first", 0, 0);
    WORKS(put("alert", 0, MSGQUEUE_MSGALERT), "an alert");
    put("second", 0, 0);
    WORKS(next_is("alert", MSGQUEUE_MSGALERT), "is read before all others, and told");
    OK(next_is("first", 0) && next_is("second", 0), "they follow");
    FAILS(!put("x", 0, 2), ERROR_INVALID_PARAMETER, "an unknown flag");
    unmake();
}

static DWORD WINAPI reads(void *argument) {
    char *message = argument;
    DWORD bytes, flags;

    return ReadMsgQueue(reader, message, BYTES, &bytes, INFINITE, &flags) ? 0 : GetLastError();
}

static DWORD WINAPI writes(void *argument) {
    return put(argument, INFINITE, 0) ? 0 : GetLastError();
}

static void test_waiting(void) {
    static char messages[3][BYTES];
    static const int priorities[3] = {160, 150, 170};
    HANDLE threads[3];

    make(0, 1);
    memset(messages, 0, sizeof(messages));
    for (int i = 0; i < 3; i++) {
        threads[i] = start_at(priorities[i], reads, messages[i]);
    }
    IS(WaitForSingleObject(threads[1], 0), WAIT_TIMEOUT, "three threads read from an empty queue");
    put("to 1", 0, 0);
    OK(strcmp(messages[1], "to 1") == 0, "the highest priority is served first");
    put("to 0", 0, 0);
    put("to 2", 0, 0);
    for (int i = 0; i < 3; i++) {
        IS(finish_thread(threads[i]), 0, "reader %d has its message", i);
    }
    OK(strcmp(messages[0], "to 0") == 0 && strcmp(messages[2], "to 2") == 0, "the right one");
    put("full", 0, 0);
    threads[0] = start_at(160, writes, "late");
    threads[1] = start_at(150, writes, "later but urgent");
    OK(next_is("full", 0), "two threads write to a full queue");
    OK(next_is("later but urgent", 0), "the higher priority is served first");
    OK(next_is("late", 0), "then the other");
    IS(finish_thread(threads[0]), 0, "both");
    IS(finish_thread(threads[1]), 0, "rightly");
    unmake();
}

/* The handles are objects to wait for. */
static void test_signals(void) {
    HANDLE both[2];

    make(0, 2);
    both[0] = reader;
    both[1] = writer;
    IS(WaitForSingleObject(reader, 0), WAIT_TIMEOUT, "the reading end of an empty queue is not signaled");
    IS(WaitForSingleObject(writer, 0), WAIT_OBJECT_0, "the writing end is");
    put("1", 0, 0);
    IS(WaitForSingleObject(reader, 0), WAIT_OBJECT_0, "with a message the reading end is");
    IS(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_OBJECT_0, "both are");
    put("2", 0, 0);
    IS(WaitForSingleObject(writer, 10), WAIT_TIMEOUT, "the writing end of a full queue is not");
    IS(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0, "the reading end of a full queue is");
    get(0);
    IS(WaitForSingleObject(writer, 0), WAIT_OBJECT_0, "with room the writing end is again");
    get(0);
    IS(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0 + 1, "empty again, as at first");
    FAILS(!WriteMsgQueue(reader, "x", 2, 0, 0), ERROR_INVALID_HANDLE, "the reading end does not write");
    FAILS(!ReadMsgQueue(writer, got_message, BYTES, &got_bytes, 0, &got_flags), ERROR_INVALID_HANDLE,
          "nor the writing end read");
    unmake();
}

static void test_broken(void) {
    HANDLE thread;
    char message[BYTES];

    make(0, 2);
    put("left", 0, 0);
    CloseMsgQueue(writer);
    OK(next_is("left", 0), "what was written before the last writer went is read");
    FAILS(!get(INFINITE), ERROR_PIPE_NOT_CONNECTED, "then there is no writer");
    writer = open(reader, FALSE);
    FAILS(!get(0), ERROR_TIMEOUT, "with a new one all is well");
    thread = start_at(PRIORITY_ABOVE, reads, message);
    CloseMsgQueue(writer);
    IS(finish_thread(thread), ERROR_PIPE_NOT_CONNECTED, "one who reads when the last writer goes is told");
    CloseMsgQueue(reader);

    make(0, 1);
    put("full", 0, 0);
    thread = start_at(PRIORITY_ABOVE, writes, "more");
    CloseMsgQueue(reader);
    IS(finish_thread(thread), ERROR_PIPE_NOT_CONNECTED, "one who writes when the last reader goes, too");
    FAILS(!put("none", INFINITE, 0), ERROR_PIPE_NOT_CONNECTED, "without a reader nothing is written");
    CloseMsgQueue(writer);

    make(MSGQUEUE_ALLOW_BROKEN, 2);
    CloseMsgQueue(reader);
    WORKS(put("early", 0, 0), "unless that is allowed");
    reader = open(writer, TRUE);
    OK(next_is("early", 0), "and read by who comes later");
    unmake();
}

static void test_info(void) {
    MSGQUEUEINFO info = {sizeof(info), 9, 9, 9, 9, 9, 9, 9};
    HANDLE third;

    make(MSGQUEUE_ALLOW_BROKEN, 4);
    third = open(reader, TRUE);
    put("1", 0, 0);
    put("2", 0, 0);
    put("3", 0, 0);
    get(0);
    WORKS(GetMsgQueueInfo(reader, &info), "GetMsgQueueInfo");
    OK(info.dwFlags == MSGQUEUE_ALLOW_BROKEN && info.dwMaxMessages == 4 && info.cbMaxMessage == BYTES, "its limits");
    OK(info.dwCurrentMessages == 2 && info.dwMaxQueueMessages == 3, "messages now, and most of them");
    OK(info.wNumReaders == 2 && info.wNumWriters == 1, "readers and writers");
    CloseMsgQueue(third);
    GetMsgQueueInfo(writer, &info);
    IS(info.wNumReaders, 1, "a reader less");
    info.dwSize = 4;
    FAILS(!GetMsgQueueInfo(reader, &info), ERROR_INVALID_PARAMETER, "a wrong size");
    FAILS(!GetMsgQueueInfo(reader, NULL), ERROR_INVALID_PARAMETER, "no place for it");
    FAILS(!GetMsgQueueInfo(GetCurrentThread(), (info.dwSize = sizeof(info), &info)), ERROR_INVALID_HANDLE,
          "of a thread");
    unmake();
    FAILS(!CloseMsgQueue(reader), ERROR_INVALID_HANDLE, "an end is closed once");
}

static void test_names(void) {
    MSGQUEUEOPTIONS options = options_of(0, 2, TRUE);

    reader = CreateMsgQueue(L"queues x", &options);
    OK(reader && GetLastError() == 0, "a named queue");
    writer = create(L"queues x", 0, 99, FALSE);
    OK(writer && GetLastError() == ERROR_ALREADY_EXISTS, "its other end by the name");
    OK(put("1", 0, 0) && put("2", 0, 0), "two messages");
    FAILS(!put("3", 0, 0), ERROR_TIMEOUT, "the limits are those of the first");
    OK(next_is("1", 0), "it is one queue");
    unmake();
    reader = create(L"queues x", 0, 2, TRUE);
    IS(GetLastError(), 0, "the name goes with the last end");
    FAILS(!get(0), ERROR_PIPE_NOT_CONNECTED, "and with it the messages");
    CloseMsgQueue(reader);
    FAILS(!CreateMsgQueue(NULL, NULL), ERROR_INVALID_PARAMETER, "no options");
    options.dwSize = 8;
    FAILS(!CreateMsgQueue(NULL, &options), ERROR_INVALID_PARAMETER, "options of another size");
    options = options_of(0x80, 2, TRUE);
    FAILS(!CreateMsgQueue(NULL, &options), ERROR_INVALID_PARAMETER, "unknown flags");
    options = options_of(0, 2, TRUE);
    FAILS(!OpenMsgQueue(GetCurrentProcess(), GetCurrentThread(), &options), ERROR_INVALID_HANDLE,
          "OpenMsgQueue of a thread");
    FAILS(!OpenMsgQueue(GetCurrentProcess(), NULL, &options), ERROR_INVALID_HANDLE, "of none");
}

#define SENT 300

/* The other process: answers each message by one of its own. */
static int child(void) {
    int answered = 0;

    reader = create(L"queues there", 0, 0, TRUE);
    writer = create(L"queues back", 0, 0, FALSE);
    while (answered < SENT && get(LONG_WAIT)) {
        got_message[0]++;
        answered += WriteMsgQueue(writer, got_message, got_bytes, LONG_WAIT, 0);
    }
    return answered;
}

static DWORD WINAPI sends(void *argument) {
    char message[BYTES];
    DWORD sent = 0;

    for (DWORD i = 0; i < SENT; i++) {
        memset(message, (int)i, BYTES);
        sent += WriteMsgQueue((HANDLE)argument, message, 1 + i % BYTES, LONG_WAIT, 0);
    }
    return sent;
}

static void test_processes(void) {
    PROCESS_INFORMATION created;
    HANDLE thread;
    DWORD right = 0;

    writer = create(L"queues there", MSGQUEUE_ALLOW_BROKEN, 3, FALSE);
    reader = create(L"queues back", MSGQUEUE_ALLOW_BROKEN, 2, TRUE);
    OK(start_program(L"queues.exe", L"child", &created), "another process");
    while (WaitForSingleObject(created.hProcess, 1) == WAIT_TIMEOUT) {
        MSGQUEUEINFO info = {sizeof(info), 0, 0, 0, 0, 0, 0, 0};

        if (GetMsgQueueInfo(reader, &info) && info.wNumWriters > 0) {
            break;
        }
    }
    thread = start_at(PRIORITY_BELOW, sends, writer);
    for (DWORD i = 0; i < SENT; i++) {
        right += get(LONG_WAIT) && got_bytes == 1 + i % BYTES && (BYTE)got_message[0] == (BYTE)(i + 1) &&
                 (got_bytes == 1 || (BYTE)got_message[got_bytes - 1] == (BYTE)i);
    }
    IS(right, SENT, "answers %d messages through small queues", SENT);
    IS(finish_thread(thread), SENT, "all were sent");
    IS(finish_program(&created), SENT, "and answered");
    unmake();
}

static void tests(void) {
    test_order();
    test_sizes();
    test_full();
    test_alert();
    test_waiting();
    test_signals();
    test_broken();
    test_info();
    test_names();
    test_processes();
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        return child();
    }
    return sync_main(tests);
}
