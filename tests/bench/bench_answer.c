/* Answers one event with another for ever: the other side of bench_event's event_switch_process. */
#include <windows.h>

int main(void) {
    HANDLE there = CreateEventW(NULL, FALSE, FALSE, L"bench there");
    HANDLE back = CreateEventW(NULL, FALSE, FALSE, L"bench back");

    for (;;) {
        WaitForSingleObject(there, INFINITE);
        SetEvent(back);
    }
}
