/* exceptions.c, compiled with -O3 (tests/tests.mk). */
#include "exceptions.c"
