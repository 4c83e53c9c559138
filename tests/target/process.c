/* Processes: starting, arguments, exit codes, terminating, waiting, and executables that are none. */
#include <stdio.h>
#include <string.h>

#include "helpers.h"
#include "raw.h"
#include "tap.h"

/* What child.exe's "arguments" makes of its arguments. */
static DWORD arguments_code(int argc, const char *const *argv) {
    DWORD code = (DWORD)argc;

    for (int i = 1; i < argc; i++) {
        for (const char *at = argv[i]; *at != '\0'; at++) {
            code = code * 31 + (unsigned char)*at;
        }
        code = code * 31 + '|';
    }
    return code;
}

static void test_exit_codes(void) {
    IS(run_program(L"child.exe", L"exit 0"), 0, "exit code 0");
    IS(run_program(L"child.exe", L"exit 124"), 124, "exit code 124");
    IS(run_program(L"child.exe", L"exit 0xfffffffe"), 0xfffffffeu, "all 32 bits");
    IS(run_program(L"child.exe", L"exit 259"), 259, "259 is a code like others");
    IS(run_program(L"child.exe", L"thread-exit 33"), 33, "ExitThread of the last thread gives the process its code");
    IS(run_program(L"child.exe", NULL), 0, "no command line");
    IS(run_program(L"\\Windows\\child.exe", L"exit 5"), 5, "by the full path");
    IS(run_program(L"CHILD.EXE", L"exit 6"), 6, "in upper case");
}

static void test_arguments(void) {
    static const char *const simple[] = {"", "arguments", "one", "two"};
    static const char *const quoted[] = {"", "arguments", "a b", "", "c"};
    static const char *const escaped[] = {"", "arguments", "say \"hi\"", "back\\slash", "end\\"};

    IS(run_program(L"child.exe", L"arguments one two"), arguments_code(4, simple), "words");
    IS(run_program(L"child.exe", L"  arguments   one\ttwo  "), arguments_code(4, simple), "blanks around them");
    IS(run_program(L"child.exe", L"arguments \"a b\" \"\" c"), arguments_code(5, quoted), "quotes");
    IS(run_program(L"child.exe", L"arguments \"say \\\"hi\\\"\" back\\slash \"end\\\\\""), arguments_code(5, escaped),
       "backslashes");
    IS(run_program(L"child.exe", L"module"), strlen("\\Windows\\child.exe"), "the module's path");
}

static void test_errors(void) {
    PROCESS_INFORMATION created;

    FAILS(!start_program(L"missing.exe", NULL, &created), ERROR_FILE_NOT_FOUND, "a program that is not there");
    FAILS(!start_program(L"\\no\\child.exe", NULL, &created), ERROR_PATH_NOT_FOUND, "a directory that is not there");
    FAILS(!start_program(NULL, L"child.exe", &created), ERROR_INVALID_PARAMETER, "no image name");
    FAILS(!start_program(L"page.txt", NULL, &created), ERROR_BAD_EXE_FORMAT, "a text");
    FAILS(!start_program(L"empty.txt", NULL, &created), ERROR_BAD_EXE_FORMAT, "an empty file");
    FAILS(!start_program((const wchar_t *)0x80000000u, NULL, &created), ERROR_INVALID_PARAMETER,
          "a name in the kernel");
    FAILS(!start_program(L"child.exe", (const wchar_t *)0x30u, &created), ERROR_INVALID_PARAMETER,
          "arguments in no memory");
}

/* Every bad-*.exe of the ROM (tests/target/make-bad-exe) is refused. */
static void test_bad_executables(void) {
    struct abi_counters before, after;
    PROCESS_INFORMATION created;
    WIN32_FIND_DATAW data;
    HANDLE find;
    int tried = 0;

    raw_counters(&before, NULL, 0);
    find = FindFirstFileW(L"\\Windows\\bad-*.exe", &data);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            char name[64];
            int i;
            for (i = 0; i < 63 && data.cFileName[i] != 0; i++) {
                name[i] = (char)data.cFileName[i];
            }
            name[i] = '\0';
            FAILS(!start_program(data.cFileName, NULL, &created), ERROR_BAD_EXE_FORMAT, "%s", name);
            tried++;
        } while (FindNextFileW(find, &data));
    }
    FindClose(find);
    OK(tried >= 16, "%d bad executables were tried", tried);
    raw_counters(&after, NULL, 0);
    IS(after.pages_free, before.pages_free, "and no page lost");
    IS(after.pages_committed, before.pages_committed, "no commitment");
    IS(after.objects, before.objects, "no object");
}

static void test_terminate(void) {
    static const wchar_t *const ways[] = {L"spin", L"sleep 4000000000", L"hold 64k.txt", L"hold packed.txt"};
    PROCESS_INFORMATION created;
    DWORD code = 0;

    for (int i = 0; i < 4; i++) {
        OK(start_program(L"child.exe", ways[i], &created), "start");
        Sleep(i < 2 ? 20 : 200);
        OK(GetExitCodeProcess(created.hProcess, &code) && code == STILL_ACTIVE, "STILL_ACTIVE while it runs");
        IS(WaitForSingleObject(created.hProcess, 0), WAIT_TIMEOUT, "and not signalled");
        OK(TerminateProcess(created.hProcess, 0x1234), "TerminateProcess");
        IS(WaitForSingleObject(created.hProcess, 5000), WAIT_OBJECT_0, "signalled");
        IS(finish_program(&created), 0x1234, "with the code given");
    }
    OK(start_program(L"child.exe", L"spin", &created), "at once after it was started");
    OK(TerminateProcess(created.hProcess, 9), "TerminateProcess");
    IS(finish_program(&created), 9, "ends it as well");
    FAILS(!TerminateProcess(created.hProcess, 9), ERROR_INVALID_HANDLE, "a closed handle");
    FAILS(!TerminateProcess((HANDLE)0x777, 9), ERROR_INVALID_HANDLE, "no handle");
    OK(start_program(L"child.exe", L"exit 3", &created), "a program that ends");
    WaitForSingleObject(created.hProcess, INFINITE);
    TerminateProcess(created.hProcess, 9);
    IS(finish_program(&created), 3, "keeps its code when terminated afterwards");
}

static void test_handles(void) {
    PROCESS_INFORMATION first, second;
    DWORD code;

    OK(start_program(L"child.exe", L"pid", &first), "a process");
    OK(first.dwProcessId != 0 && first.dwProcessId != GetCurrentProcessId(), "has an id of its own");
    code = first.dwProcessId;
    IS(finish_program(&first), code, "which is what it sees itself");
    start_program(L"child.exe", L"pid", &second);
    OK(second.dwProcessId != code, "and not used again at once");
    OK(GetExitCodeThread(second.hThread, &code), "its thread's exit code can be asked for");
    FAILS(!GetExitCodeProcess(second.hThread, &code), ERROR_INVALID_HANDLE, "a thread is no process");
    FAILS(!GetExitCodeThread(second.hProcess, &code), ERROR_INVALID_HANDLE, "and the other way round");
    CloseHandle(second.hThread);
    WaitForSingleObject(second.hProcess, INFINITE);
    CloseHandle(second.hProcess);
    OK(GetExitCodeProcess(GetCurrentProcess(), &code) && code == STILL_ACTIVE, "the pseudo-handle of our own process");
    OK(start_program(L"child.exe", L"sleep 50", &first), "a process whose handles are closed at once");
    CloseHandle(first.hThread);
    CloseHandle(first.hProcess);
    Sleep(300);
    OK(1, "ends by itself");
}

int main(void) {
    test_exit_codes();
    test_arguments();
    test_errors();
    test_bad_executables();
    test_terminate();
    test_handles();
    return tap_done();
}
