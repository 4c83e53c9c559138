/* Ends with everything open: handles, views, threads, children, memory.  The kernel has to take it all back, which its
 * closing line tells.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers.h"

static DWORD WINAPI waits(void *argument) {
    WaitForSingleObject((HANDLE)argument, INFINITE);
    return 0;
}

static DWORD WINAPI spins(void *argument) {
    while (argument != NULL) {
        __asm__ volatile("" : "+r"(argument));
    }
    return 0;
}

int main(void) {
    static const wchar_t *const names[] = {L"64k.txt", L"1m.txt", L"packed.txt", L"one.txt"};
    PROCESS_INFORMATION created;
    WIN32_FIND_DATAW data;
    char *block = malloc(3000000);

    memset(block, 1, 3000000);
    for (int i = 0; i < 40; i++) {
        HANDLE mapping =
            CreateFileMappingW(open_for_mapping(names[i % 4]), NULL, PAGE_READONLY, 0, 0, i % 2 ? L"kept" : NULL);
        volatile char *view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
        if (view == NULL) {
            return 1;
        }
        (void)view[0];
        open_read(names[i % 4]);
        FindFirstFileW(L"\\Windows\\*", &data);
    }
    start_program(L"child.exe", L"sleep 100", &created);
    for (int i = 0; i < 10; i++) {
        if (CreateThread(NULL, 0, i % 2 ? waits : spins, created.hProcess, 0, NULL) == NULL) {
            return 2;
        }
    }
    start_program(L"child.exe", L"exit 3", &created);
    Sleep(30);
    return 0;
}
