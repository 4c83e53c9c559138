/* assert: the line on the console, then the end of the program. */
#include <stdio.h>
#include <stdlib.h>

_Noreturn void __assert_func(const char *file, int line, const char *function, const char *expression);

_Noreturn void __assert_func(const char *file, int line, const char *function, const char *expression) {
    fprintf(stderr, "assertion \"%s\" failed: file \"%s\", line %d%s%s\n", expression, file, line,
            function ? ", function: " : "", function ? function : "");
    abort();
}
