/* Microsoft's names for functions on narrow strings. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

int _stricmp(const char *a, const char *b) {
    return strcasecmp(a, b);
}

int _strnicmp(const char *a, const char *b, size_t count) {
    return strncasecmp(a, b, count);
}

char *_strdup(const char *text) {
    return strdup(text);
}

char *_strlwr(char *text) {
    for (char *at = text; *at; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return text;
}

char *_strupr(char *text) {
    for (char *at = text; *at; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    return text;
}

char *_strrev(char *text) {
    for (size_t low = 0, high = strlen(text); low + 1 < high; low++) {
        char c = text[low];
        text[low] = text[--high];
        text[high] = c;
    }
    return text;
}
