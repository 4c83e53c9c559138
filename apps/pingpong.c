/* pingpong: two processes that send each other messages.
 *
 *     pingpong [ROUNDS]
 *
 * The program starts itself once more.  The first process, the player, serves balls into one message queue; the second,
 * the partner, takes them out and plays them back through another.  What is shown on the way:
 *
 *   CreateEvent, SetEvent    an event with a name, which both processes open: the partner says that it is ready
 *   WaitForMultipleObjects   the player waits for the event or the partner's end, whichever comes first
 *   CreateMsgQueue           a queue with a name has two ends: who reads and who writes have a handle each
 *   CRITICAL_SECTION         the player has two threads, one that serves and one that takes balls back; both keep the
 *                            score, and only one of them may do so at a time
 *   WaitForSingleObject      for the end of a thread, and of a process
 *
 * Exit status: 0 = every ball came back; 1 = not so; 2 = something failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include <msgqueue.h>

#define READY    L"pingpong ready"
#define BALLS    L"pingpong balls"
#define RETURNS  L"pingpong returns"
#define ROOM     4    /* balls that a queue holds; who plays faster has to wait */
#define PATIENCE 5000 /* ms */

struct ball {
    DWORD number;
    DWORD process; /* who hit it last */
};

static struct {
    CRITICAL_SECTION guard; /* of what follows */
    DWORD in_flight, most_in_flight, returned;
} score;

static DWORD rounds = 1000;

/* Says which call failed, and why; returns the exit status for it. */
static int failed(const char *call) {
    fprintf(stderr, "pingpong: %s failed with error %lu\n", call, GetLastError());
    return 2;
}

/* One end of a queue.  Whoever comes first makes the queue, the other finds it under its name. */
static HANDLE queue_end(const wchar_t *name, BOOL read) {
    MSGQUEUEOPTIONS options = {sizeof(options), 0, ROOM, sizeof(struct ball), read};
    return CreateMsgQueue(name, &options);
}

/* ---- the partner ---- */

/* Plays balls back until nobody is left who could serve one: the player has closed its end of the queue. */
static int partner_run(void) {
    HANDLE balls = queue_end(BALLS, TRUE);
    HANDLE returns = queue_end(RETURNS, FALSE);
    HANDLE ready = OpenEvent(EVENT_ALL_ACCESS, FALSE, READY);
    struct ball ball;
    DWORD bytes, flags;
    if (!balls || !returns || !ready) {
        return failed("joining in");
    }
    SetEvent(ready);
    while (ReadMsgQueue(balls, &ball, sizeof(ball), &bytes, INFINITE, &flags)) {
        ball.process = GetCurrentProcessId();
        if (!WriteMsgQueue(returns, &ball, sizeof(ball), PATIENCE, 0)) {
            return failed("WriteMsgQueue");
        }
    }
    if (GetLastError() != ERROR_PIPE_NOT_CONNECTED) {
        return failed("ReadMsgQueue");
    }
    return 0; /* handles that are still open are closed with the process */
}

/* ---- the player ---- */

static void score_served(void) {
    EnterCriticalSection(&score.guard);
    score.in_flight++;
    if (score.in_flight > score.most_in_flight) {
        score.most_in_flight = score.in_flight;
    }
    LeaveCriticalSection(&score.guard);
}

static void score_returned(void) {
    EnterCriticalSection(&score.guard);
    score.in_flight--;
    score.returned++;
    LeaveCriticalSection(&score.guard);
}

/* The thread that serves.  It closes the queue behind itself, which ends the game for the partner. */
static DWORD WINAPI serve(LPVOID parameter) {
    HANDLE balls = parameter;
    DWORD status = 0;
    for (DWORD i = 0; i < rounds && status == 0; i++) {
        struct ball ball = {i, GetCurrentProcessId()};
        score_served(); /* before, or it might be back earlier than it was served */
        if (!WriteMsgQueue(balls, &ball, sizeof(ball), PATIENCE, 0)) {
            status = (DWORD)failed("WriteMsgQueue");
        }
    }
    CloseMsgQueue(balls);
    return status;
}

/* Takes the balls back, which come in the order in which they were served.  Returns how many were wrong. */
static DWORD take_back(HANDLE returns) {
    struct ball ball;
    DWORD bytes, flags, wrong = 0;
    for (DWORD i = 0; i < rounds; i++) {
        if (!ReadMsgQueue(returns, &ball, sizeof(ball), &bytes, PATIENCE, &flags)) {
            failed("ReadMsgQueue");
            return wrong + 1;
        }
        wrong += bytes != sizeof(ball) || ball.number != i || ball.process == GetCurrentProcessId();
        score_returned();
    }
    return wrong;
}

/* Starts the partner, and waits until it is ready. */
static BOOL partner_start(HANDLE ready, PROCESS_INFORMATION *partner) {
    wchar_t program[MAX_PATH];
    GetModuleFileName(NULL, program, MAX_PATH);
    if (!CreateProcess(program, L"partner", NULL, NULL, FALSE, 0, NULL, NULL, NULL, partner)) {
        return FALSE;
    }
    HANDLE either[] = {ready, partner->hProcess};
    return WaitForMultipleObjects(2, either, FALSE, PATIENCE) == WAIT_OBJECT_0;
}

static int player_run(void) {
    PROCESS_INFORMATION partner;
    HANDLE ready = CreateEvent(NULL, FALSE, FALSE, READY);
    HANDLE balls = queue_end(BALLS, FALSE);
    HANDLE returns = queue_end(RETURNS, TRUE);
    DWORD served, partner_status;
    if (!ready || !balls || !returns) {
        return failed("setting up");
    }
    if (!partner_start(ready, &partner)) {
        return failed("starting the partner");
    }
    InitializeCriticalSection(&score.guard);
    HANDLE server = CreateThread(NULL, 0, serve, balls, 0, NULL);
    if (!server) {
        return failed("CreateThread");
    }
    DWORD wrong = take_back(returns);

    WaitForSingleObject(server, INFINITE);
    GetExitCodeThread(server, &served);
    WaitForSingleObject(partner.hProcess, INFINITE);
    GetExitCodeProcess(partner.hProcess, &partner_status);
    printf("%lu of %lu balls came back, up to %lu in flight at a time\n", score.returned, rounds, score.most_in_flight);
    return served != 0 || partner_status != 0 ? 2 : wrong != 0 || score.in_flight != 0;
}

int wmain(int argc, wchar_t **argv) {
    if (argc == 2 && wcscmp(argv[1], L"partner") == 0) {
        return partner_run();
    }
    if (argc == 2) {
        rounds = wcstoul(argv[1], NULL, 10);
    }
    if (argc > 2 || rounds == 0) {
        printf("usage: pingpong [ROUNDS]\n");
        return 2;
    }
    return player_run();
}
