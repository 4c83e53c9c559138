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
/* The place says which one: the text of the condition would only cost ROM. */
#define ASSERT(condition) ((condition) ? (void)0 : PANIC("broken invariant"))

#endif
