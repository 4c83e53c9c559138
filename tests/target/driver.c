/* A driver program: its file has the SYSTEM attribute, so that it may map the registers of devices. */
#include <string.h>
#include <time.h>

#include "raw.h"
#include "tap.h"

#define PAGE 0x1000u

/* A device of each board whose registers tell what it is: UART 0 (PL011), bytes 0xfe0 on hold its part number. */
static DWORD uart_address(unsigned cpu) {
    return cpu == 5 ? 0x101f1000u : 0x10009000u;
}

static DWORD date_address(unsigned cpu) {
    return cpu == 5 ? 0x101e8000u : 0x10017000u;
}

/* Whether the chip, which counts seconds since 1970, is at the system time, but for the rest of a second in both. */
static int agrees(volatile DWORD *chip) {
    int ahead = (int)(*chip - (DWORD)time(NULL));

    return ahead >= -1 && ahead <= 1;
}

/* The clock chip (PL031): what the system time begins with, and where it is set. */
static void test_date(unsigned cpu, DWORD protect) {
    volatile DWORD *registers = VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS);
    SYSTEMTIME now, other = {2047, 3, 0, 1, 1, 2, 3, 456};

    OK(VirtualCopy((void *)registers, (void *)(date_address(cpu) >> 8), PAGE, protect), "the clock chip");
    IS(registers[0xfe0 / 4] & 0xff, 0x31, "is a PL031");
    IS(registers[0xfe4 / 4] & 0x0f, 0x00, "indeed");
    OK(registers[0] > 946684800u && agrees(registers), "the system time is the chip's");
    GetSystemTime(&now);
    OK(SetSystemTime(&other) && agrees(registers), "it is set in the chip, too");
    OK(registers[0] - 2435014923u < 2, "to the second");
    other.wYear = 2107;
    FAILS(!SetSystemTime(&other), ERROR_INVALID_PARAMETER, "the chip cannot hold 2107");
    other.wYear = 1969;
    FAILS(!SetSystemTime(&other), ERROR_INVALID_PARAMETER, "nor 1969");
    OK(registers[0] - 2435014923u < 2 && agrees(registers), "which changes nothing");
    OK(SetSystemTime(&now) && agrees(registers), "and it is set back");
    VirtualFree((void *)registers, 0, MEM_RELEASE);
}

int main(void) {
    unsigned cpu = *(volatile unsigned *)(0xffffc800u + ABI_KDATA_CPU);
    DWORD address = uart_address(cpu), old;
    struct abi_counters before, after;
    char *memory = VirtualAlloc(NULL, 4 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    char *committed = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);
    volatile DWORD *registers = (volatile DWORD *)(memory + PAGE);
    MEMORY_BASIC_INFORMATION info;
    DWORD protect = PAGE_READWRITE | PAGE_NOCACHE | PAGE_PHYSICAL;

    FAILS(!VirtualCopy(memory, committed, PAGE, PAGE_READWRITE), ERROR_NOT_SUPPORTED, "only PAGE_PHYSICAL");
    FAILS(!VirtualCopy(committed, (void *)(address >> 8), PAGE, protect), ERROR_INVALID_ADDRESS, "over memory");
    FAILS(!VirtualCopy(memory, (void *)(cpu == 5 ? 0x00100000u >> 8 : 0x60100000u >> 8), PAGE, protect),
          ERROR_INVALID_PARAMETER, "RAM");
    FAILS(!VirtualCopy(memory, (void *)(cpu == 5 ? 0x34000000u >> 8 : 0x40000000u >> 8), PAGE, protect),
          ERROR_INVALID_PARAMETER, "flash");
    FAILS(!VirtualCopy(memory, NULL, PAGE, protect), ERROR_INVALID_PARAMETER, "what lies at 0: RAM, or flash again");
    FAILS(!VirtualCopy(memory, (void *)(address >> 8), 5 * PAGE, protect), ERROR_INVALID_ADDRESS, "too many pages");
    FAILS(!VirtualCopy(memory, (void *)((address >> 8) + 1), PAGE, protect), ERROR_INVALID_PARAMETER, "inside a page");
    raw_counters(&before, NULL, 0);
    OK(VirtualCopy(memory + PAGE, (void *)(address >> 8), PAGE, protect), "the registers of a UART are mapped");
    raw_counters(&after, NULL, 0);
    IS(after.pages_committed, before.pages_committed, "and cost no memory");
    IS(registers[0xfe0 / 4] & 0xff, 0x11, "its part number");
    IS(registers[0xfe4 / 4] & 0x0f, 0x00, "is 011");
    VirtualQuery((void *)registers, &info, sizeof(info));
    OK(info.Protect == (PAGE_READWRITE | PAGE_NOCACHE) && info.RegionSize == PAGE, "VirtualQuery knows it");
    FAILS(!VirtualProtect((void *)registers, PAGE, PAGE_READONLY, &old), ERROR_INVALID_ADDRESS, "it is no memory");
    OK(VirtualFree(memory, 0, MEM_RELEASE), "and goes with its reservation");
    VirtualFree(committed, 0, MEM_RELEASE);
    test_date(cpu, protect);
    return tap_done();
}
