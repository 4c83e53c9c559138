/* The way through blocks, filters, handlers and __finally blocks: part of exceptions.c. */
#ifndef TESTS_TARGET_EXCEPTIONS_FLOW_H
#define TESTS_TARGET_EXCEPTIONS_FLOW_H

#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "tap.h"

#define OURS 0xe0000001u

static volatile int *volatile null_pointer = (volatile int *)8;
static volatile int zero;

/* What happened, in order: one letter each. */
static char trail[64];

static void step(char what) {
    size_t length = strlen(trail);

    if (length + 1 < sizeof(trail)) {
        trail[length] = what;
        trail[length + 1] = 0;
    }
}

static void begin(void) {
    trail[0] = 0;
}

#define TRAIL(want, ...)                                                                                               \
    do {                                                                                                               \
        if (!OK(strcmp(trail, want) == 0, __VA_ARGS__)) {                                                              \
            printf("# trail %s, want %s\n", trail, want);                                                              \
        }                                                                                                              \
    } while (0)

static void fault(void) {
    *null_pointer = 1;
}

static int answer_after(char what, int answer) {
    step(what);
    return answer;
}

/* ---- one block ---- */

static int leave_by_return(int fails) {
    __try {
        step('b');
        if (fails) {
            fault();
        }
        return 1;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        step('h');
        return 2;
    }
}

static void leaving(void) {
    volatile int rounds = 0, before = 0;

    begin();
    IS(leave_by_return(0), 1, "return out of the block");
    IS(leave_by_return(1), 2, "return out of the handler");
    TRAIL("bbh", "block, then block and handler");
    for (rounds = 0; rounds < 10; rounds++) {
        __try {
            if (rounds < 3) {
                continue;
            }
            if (rounds == 5) {
                break;
            }
            fault();
        } __except (1) {
            before++;
            continue;
        }
        before = 100;
    }
    IS(rounds, 5, "break out of the block");
    IS(before, 2, "continue out of block and handler");
    for (;;) {
        __try {
            goto out;
        } __except (1) {
            before = 100;
        }
    }
out:
    for (;;) {
        __try {
            fault();
        } __except (1) {
            break;
        }
    }
    __try {
        before = 3;
        if (zero == 0) {
            __leave;
        }
        before = 4;
    } __except (1) {
        before = 100;
    }
    IS(before, 3, "__leave");
    begin();
    __try {
        fault(); /* the chain is as it was: this goes here and not into a block that was left */
    } __except (step('f'), 1) {
        step('h');
    }
    TRAIL("fh", "blocks that were left take no part");
}

static int many_values(int a, int b, int c, int d) {
    volatile int changed = a;
    int kept1 = a * 3, kept2 = b * 5, kept3 = c * 7, kept4 = d * 11;
    char text[32];

    strcpy(text, "text before");
    __try {
        char inside[200];

        memset(inside, 'x', sizeof(inside));
        changed = a + 100;
        fault();
        kept1 = (int)strlen(inside);
    } __except (kept2 == b * 5 && text[0] == 't') {
        return changed == a + 100 && kept1 == a * 3 && kept2 == b * 5 && kept3 == c * 7 && kept4 == d * 11 &&
               strcmp(text, "text before") == 0;
    }
    return 0;
}

/* ---- nesting ---- */

static void nested_inner(int inner) {
    __try {
        step('a');
        fault();
        step('x');
    } __except (answer_after('f', inner)) {
        step('h');
    }
    step('c');
}

static void nested(void) {
    begin();
    __try {
        nested_inner(EXCEPTION_EXECUTE_HANDLER);
    } __except (answer_after('F', EXCEPTION_EXECUTE_HANDLER)) {
        step('H');
    }
    TRAIL("afhc", "the inner handler takes it");
    begin();
    __try {
        nested_inner(EXCEPTION_CONTINUE_SEARCH);
    } __except (answer_after('F', EXCEPTION_EXECUTE_HANDLER)) {
        step('H');
    }
    TRAIL("afFH", "a filter passes it on");
    begin();
    __try {
        __try {
            __try {
                fault();
            } __finally {
                step('1');
            }
        } __finally {
            step('2');
        }
    } __except (answer_after('f', 1)) {
        step('h');
    }
    TRAIL("f12h", "filter first, then the inner blocks' ends, then the handler");
    begin();
    __try {
        __try {
            fault();
        } __except (1) {
            step('h');
            fault();
            step('x');
        }
    } __except (answer_after('F', 1)) {
        step('H');
    }
    TRAIL("hFH", "an exception in a handler goes outwards");
    begin();
    __try {
        fault();
    } __except (1) {
        __try {
            RaiseException(OURS, 0, 0, NULL);
        } __except (1) {
            IS(GetExceptionCode(), OURS, "code in a handler inside a handler");
        }
        IS(GetExceptionCode(), EXCEPTION_ACCESS_VIOLATION, "and in the outer one again");
        for (volatile DWORD i = 0; i < 20; i++) {
            __try {
                RaiseException(OURS + i, 0, 0, NULL);
            } __except (1) {
                step(GetExceptionCode() == OURS + i ? '.' : '!');
            }
            __try {
                RaiseException(OURS + i, 0, 0, NULL);
            } __except (1) {
                step(GetExceptionCode() == OURS + i ? '.' : '!');
            }
        }
        IS(GetExceptionCode(), EXCEPTION_ACCESS_VIOLATION, "also after many");
        OK(strchr(trail, '!') == NULL, "each of which had its own");
    }
}

#define RAISE_AND_HANDLE(code)                                                                                         \
    __try {                                                                                                            \
        RaiseException(code, 0, 0, NULL);                                                                              \
    } __except (1) {                                                                                                   \
        step(GetExceptionCode() == (code) ? '.' : '!');                                                                \
    }

static __attribute__((noinline)) void eight_handlers(void) {
    RAISE_AND_HANDLE(OURS + 1)
    RAISE_AND_HANDLE(OURS + 2)
    RAISE_AND_HANDLE(OURS + 3)
    RAISE_AND_HANDLE(OURS + 4)
    RAISE_AND_HANDLE(OURS + 5)
    RAISE_AND_HANDLE(OURS + 6)
    RAISE_AND_HANDLE(OURS + 7)
    RAISE_AND_HANDLE(OURS + 8)
}

static void called_in_handler(void) {
    volatile DWORD outer = 0, inner = 0;

    begin();
    __try {
        fault();
    } __except (1) {
        __try {
            RaiseException(OURS, 0, 0, NULL);
        } __except (1) {
            eight_handlers();
            eight_handlers();
            inner = GetExceptionCode();
        }
        outer = GetExceptionCode();
    }
    IS(inner, OURS, "code in a handler that called a function with eight handlers");
    IS(outer, EXCEPTION_ACCESS_VIOLATION, "and in the handler outside of it");
    TRAIL("................", "each of which had its own, too");
}

static int filter_with_own_block(void) {
    step('f');
    __try {
        fault();
    } __except (GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION) {
        step('g');
    }
    return 1;
}

static int filter_that_fails(void) {
    step('f');
    __try {
        RaiseException(OURS, 0, 0, NULL);
    } __finally {
        step('n');
    }
    return 1;
}

static void in_filters(void) {
    volatile DWORD code = 0;

    begin();
    __try {
        fault();
    } __except (filter_with_own_block()) {
        step('h');
    }
    TRAIL("fgh", "a block inside a filter");
    begin();
    __try {
        __try {
            __try {
                fault();
            } __finally {
                step('i');
            }
        } __except (filter_that_fails()) {
            step('x');
        }
    } __except (code = GetExceptionCode(), 1) {
        step('h');
    }
    TRAIL("fnih", "an exception in a filter goes outwards and gives up both");
    IS(code, OURS, "with its own code");
    begin();
    __try {
        __try {
            __try {
                fault();
            } __finally {
                step('a');
                RaiseException(OURS, 0, 0, NULL);
            }
        } __except (step('m'), GetExceptionCode() == OURS) {
            step('o');
        }
    } __except (step('n'), 1) {
        step('h');
    }
    TRAIL("mnamo", "an exception in a __finally block takes the place of the first");
}

/* ---- __finally ---- */

static int return_through_finally(void) {
    int value = 1;

    __try {
        return value;
    } __finally {
        value = 2;
        step(AbnormalTermination() ? 'A' : 'N');
    }
    return 3;
}

static int two_returns(int which) {
    __try {
        __try {
            if (which == 0) {
                return 10;
            }
        } __finally {
            step('i');
        }
        step('m');
        if (which == 1) {
            return 11;
        }
    } __finally {
        step('o');
    }
    return 12;
}

static void finally(void) {
    volatile int i, sum = 0;

    begin();
    __try {
        step('b');
    } __finally {
        step(AbnormalTermination() ? 'A' : 'N');
    }
    TRAIL("bN", "__finally behind a block that ends");
    begin();
    IS(return_through_finally(), 1, "return keeps its value");
    TRAIL("A", "and runs the __finally block");
    begin();
    IS(two_returns(0), 10, "return through two");
    TRAIL("io", "in order");
    begin();
    IS(two_returns(1), 11, "return through the outer one");
    TRAIL("imo", "in order");
    begin();
    IS(two_returns(2), 12, "no return");
    TRAIL("imo", "in order");
    begin();
    for (i = 0; i < 4; i++) {
        __try {
            if (i == 0) {
                continue;
            }
            if (i == 1) {
                __leave;
            }
            if (i == 3) {
                break;
            }
        } __finally {
            sum += 1 << i;
            step(AbnormalTermination() ? 'A' : 'N');
        }
        step('.');
    }
    TRAIL("AN.N.A", "continue, __leave, the end, break");
    IS(sum, 15, "each time once");
    if (zero) {
        __try {
            sum = 0;
        } __finally {
            sum = 0;
        }
    }
    IS(sum, 15, "not at all if the block is not entered");
}

#endif
