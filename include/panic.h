/* Stopping the machine when an invariant of the kernel is broken.
 *
 * panic() prints a report (what, where, registers, back-trace) on the console and ends the run with a failing
 * exit status.  Host builds of mm/, fs/ and tools/ give their own panic() that fails the test.
 */
#ifndef INCLUDE_PANIC_H
#define INCLUDE_PANIC_H

/* what: a static string.  Never returns. */
_Noreturn void panic(const char *what, const char *file, int line);

#define PANIC(what) panic((what), __FILE_NAME__, __LINE__)

/* On the machine an assertion costs two instructions: one that is undefined for ever and carries the line number
 * (ARM DDI 0406, A5.6; undefined on ARMv5, too).  The report names the line and the pc, from which addr2line tells the
 * file. */
#if defined(__arm__)
#define ASSERT_TRAP         0xe7f000f0u
#define ASSERT_TRAP_MASK    0xfff000f0u
#define ASSERT(condition)   ((condition) ? (void)0 : assert_trap(__LINE__))
#define ASSERT_LINE(opcode) (((opcode) >> 4 & 0xfff0u) | ((opcode)&0xfu))

__attribute__((always_inline, noreturn)) static inline void assert_trap(const int line) {
    __asm__ volatile(".inst 0xe7f000f0 | ((%c0 & 0xfff0) << 4) | (%c0 & 0xf)" : : "i"(line));
    __builtin_unreachable();
}
#else
#define ASSERT(condition) ((condition) ? (void)0 : PANIC("broken invariant"))
#endif

#endif
