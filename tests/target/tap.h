/* Test Anything Protocol for test programs.
 *
 * A program makes its checks with OK, IS and FAILS, each prints one line "ok N - what" or "not ok N - what", and
 * returns tap_done() from main: the plan, and 1 if a check failed.  One thread at a time.  tests/run-target reads it.
 */
#ifndef TESTS_TARGET_TAP_H
#define TESTS_TARGET_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <windows.h>

static int tap_count;
static int tap_failed;

static inline int tap_line(int passed, const char *file, int line, const char *format, va_list arguments) {
    char what[160];

    vsnprintf(what, sizeof(what), format, arguments);
    tap_count++;
    if (!passed) {
        tap_failed++;
    }
    printf("%s %d - %s\n", passed ? "ok" : "not ok", tap_count, what);
    if (!passed) {
        printf("# failed at %s:%d\n", file, line);
    }
    return passed;
}

static inline __attribute__((format(printf, 4, 5))) int tap_ok(int passed, const char *file, int line,
                                                               const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    tap_line(passed, file, line, format, arguments);
    va_end(arguments);
    return passed;
}

static inline __attribute__((format(printf, 5, 6))) int tap_is(DWORD got, DWORD want, const char *file, int line,
                                                               const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    tap_line(got == want, file, line, format, arguments);
    va_end(arguments);
    if (got != want) {
        printf("# got %lu (0x%08lx), want %lu (0x%08lx)\n", (unsigned long)got, (unsigned long)got, (unsigned long)want,
               (unsigned long)want);
    }
    return got == want;
}

static inline __attribute__((format(printf, 5, 6))) int tap_fails(int failed, DWORD want, const char *file, int line,
                                                                  const char *format, ...) {
    DWORD got = GetLastError();
    va_list arguments;

    va_start(arguments, format);
    tap_line(failed && got == want, file, line, format, arguments);
    va_end(arguments);
    if (!failed) {
        printf("# the call succeeded, error %lu was due\n", (unsigned long)want);
    } else if (got != want) {
        printf("# got error %lu, want %lu\n", (unsigned long)got, (unsigned long)want);
    }
    return failed && got == want;
}

/* The condition holds. */
#define OK(condition, ...) tap_ok((condition) != 0, __FILE__, __LINE__, __VA_ARGS__)

/* Two 32-bit values are equal. */
#define IS(got, want, ...) tap_is((DWORD)(got), (DWORD)(want), __FILE__, __LINE__, __VA_ARGS__)

/* failed is an expression that makes the call and is true when the call failed; the last error is checked, too. */
#define FAILS(failed, error, ...)                                                                                      \
    (SetLastError(0xbadu), tap_fails((failed) != 0, (error), __FILE__, __LINE__, __VA_ARGS__))

/* Prints the plan; the exit code of the program. */
static inline int tap_done(void) {
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#endif
