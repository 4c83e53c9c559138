/* Decimal digits of a double, by newlib's correctly rounding conversion. */
#include "sdk/lib/format.h"
#include <reent.h>

#define MODE_SIGNIFICANT 2
#define MODE_BEHIND      3

/* newlib's own; the text belongs to the thread's state and is freed by its next conversion. */
char *_dtoa_r(struct _reent *state, double value, int mode, int count, int *point, int *negative, char **end);

const char *float_digits(double value, bool significant, int count, int *point) {
    int negative;
    char *end;
    const char *digits =
        _dtoa_r(_impure_ptr, value, significant ? MODE_SIGNIFICANT : MODE_BEHIND, count, point, &negative, &end);
    return value == 0 ? "" : digits;
}
