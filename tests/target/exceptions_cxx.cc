/* Structured exceptions in C++, with standard headers before and behind <windows.h>. */
#include <cstring>
#include <string>
#include <windows.h>
#include <vector>
#include <algorithm>

#include "tap.h"

static volatile int *volatile null_pointer = reinterpret_cast<volatile int *>(8);
static char trail[32];
static unsigned length;

static int note(char what, int answer) {
    trail[length++ % (sizeof(trail) - 1)] = what;
    return answer;
}

static int values(int a) {
    std::vector<int> numbers(10, a);
    volatile int changed = a;

    __try {
        changed = a + 1;
        *null_pointer = 1;
    } __except (
        note('f', GetExceptionInformation()->ExceptionRecord->ExceptionInformation[1] == 8 && numbers[9] == a)) {
        note('h', 0);
        __try {
            RaiseException(0xe0000002, 0, 0, nullptr);
        } __except (GetExceptionCode() == 0xe0000002) {
            note('i', 0);
        }
        return changed == a + 1 && GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION;
    }
    return 0;
}

static int return_through_finally(int a) {
    volatile int value = a;

    __try {
        return value;
    } __finally {
        value = 0;
        note(AbnormalTermination() ? 'A' : 'N', 0);
    }
    return -1;
}

/* Arguments on the stack, from a __finally block that runs far below its function. */
static int __attribute__((noipa)) sum(int a, int b, int c, int d, int e, int f, int g, int h) {
    return a + b * 2 + c * 3 + d * 5 + e * 7 + f * 11 + g * 13 + h * 17;
}

static int many_arguments() {
    volatile int result = 0, one = 1;

    __try {
        __try {
            *null_pointer = 1;
        } __finally {
            result = sum(one, 2, 3, 4, 5, 6, 7, one + 7);
        }
    } __except (result == 0) {
        return result;
    }
    return -1;
}

static int going_on() {
    int result;

    __try {
        RaiseException(0xe0000001, 0, 0, nullptr);
        result = 5;
    } __except (note('g', EXCEPTION_CONTINUE_EXECUTION)) {
        result = 6;
    }
    return result;
}

struct counted {
    static int alive;
    counted() {
        alive++;
    }
    ~counted() {
        alive--;
    }
};
int counted::alive;

static int leaves_with_objects(int how) {
    counted outer;
    for (int i = 0; i < 2; i++) {
        __try {
            counted inner;
            if (how == 0) {
                continue;
            }
            if (how == 1) {
                return 1;
            }
            __leave;
        } __finally {
            note('0' + how, 0);
        }
    }
    return 2;
}

int main() {
    OK(values(7), "filter, handler and a handler inside");
    IS(return_through_finally(9), 9, "return through __finally");
    IS(many_arguments(), sum(1, 2, 3, 4, 5, 6, 7, 8), "a call with many arguments in a __finally block");
    IS(going_on(), 5, "going on");
    IS(leaves_with_objects(0), 2, "continue");
    IS(leaves_with_objects(1), 1, "return");
    IS(leaves_with_objects(2), 2, "__leave");
    IS(counted::alive, 0, "destructors ran");
    __try {
        __try {
            note('b', 0);
            *null_pointer = 2;
        } __finally {
            note(AbnormalTermination() ? 'A' : 'N', 0);
        }
    } __except (note('F', EXCEPTION_EXECUTE_HANDLER)) {
        note('H', 0);
    }
    OK(strcmp(trail, "fhiAg00122bFAH") == 0, "in order: %s", trail);
    return tap_done();
}
