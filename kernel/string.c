/* The one string function that the kernel uses beside those of arch/arm/string.S. */
#include <string.h>

size_t strlen(const char *text) {
    const char *end = text;
    while (*end != 0) {
        end++;
    }
    return (size_t)(end - text);
}
