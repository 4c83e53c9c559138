/* exceptions.c, compiled with -O0 (tests/tests.mk). */
#include "exceptions.c"
