/* exceptions.c, compiled with -Os (tests/tests.mk). */
#include "exceptions.c"
