/* Gives the processor away for ever: the other side of bench_switch's yield_process. */
#include <windows.h>

int main(void) {
    for (;;) {
        Sleep(0);
    }
}
