/* argv from a command line: two passes over it, one that counts and one that writes.  arguments.h has the rules. */
#include "sdk/lib/arguments.h"
#include "sdk/lib/memory.h"
#include "sdk/lib/utf.h"
#include <stdbool.h>
#include <stdint.h>

struct split {
    const wchar_t *in;
    wchar_t *text; /* NULL: only count */
    size_t units;
};

static void put(struct split *split, wchar_t c) {
    if (split->text) {
        split->text[split->units] = c;
    }
    split->units++;
}

/* At a run of backslashes: puts what it stands for.  Returns true when it made the quote behind it ordinary,
 * and the quote is consumed, too. */
static bool put_backslashes(struct split *split) {
    size_t count = 0;
    while (*split->in == L'\\') {
        split->in++;
        count++;
    }
    bool before_quote = *split->in == L'"';
    for (size_t i = before_quote ? count / 2 : count; i; i--) {
        put(split, L'\\');
    }
    if (before_quote && count % 2) {
        put(split, L'"');
        split->in++;
        return true;
    }
    return false;
}

static void put_argument(struct split *split) {
    bool quoted = false;
    while (*split->in && (quoted || (*split->in != L' ' && *split->in != L'\t'))) {
        if (*split->in == L'\\') {
            put_backslashes(split);
        } else if (*split->in != L'"') {
            put(split, *split->in++);
        } else if (quoted && split->in[1] == L'"') {
            put(split, L'"');
            split->in += 2;
        } else {
            quoted = !quoted;
            split->in++;
        }
    }
    put(split, 0);
}

int arguments_split(const wchar_t *line, wchar_t *text, size_t *units) {
    struct split split = {line, text, 0};
    int count = 0;
    for (;;) {
        while (*split.in == L' ' || *split.in == L'\t') {
            split.in++;
        }
        if (!*split.in) {
            break;
        }
        put_argument(&split);
        count++;
    }
    *units = split.units;
    return count;
}

static size_t wide_length(const wchar_t *text) {
    size_t length = 0;
    while (text[length]) {
        length++;
    }
    return length;
}

int arguments_wide(const wchar_t *path, const wchar_t *line, wchar_t ***arguments) {
    size_t path_units = wide_length(path) + 1;
    size_t units;
    int count = 1 + arguments_split(line, NULL, &units);
    size_t table_bytes = ((size_t)count + 1) * sizeof(wchar_t *);
    wchar_t **table = memory_get(table_bytes + (path_units + units) * sizeof(wchar_t));
    if (!table) {
        return -1;
    }
    wchar_t *text = (wchar_t *)(void *)((char *)table + table_bytes);
    for (size_t i = 0; i < path_units; i++) {
        text[i] = path[i];
    }
    arguments_split(line, text + path_units, &units);
    for (int i = 0; i < count; i++) {
        table[i] = text;
        text += wide_length(text) + 1;
    }
    table[count] = NULL;
    *arguments = table;
    return count;
}

int arguments_narrow(const wchar_t *path, const wchar_t *line, char ***arguments) {
    wchar_t **wide;
    int count = arguments_wide(path, line, &wide);
    if (count < 0) {
        return -1;
    }
    size_t bytes = ((size_t)count + 1) * sizeof(char *);
    size_t table_bytes = bytes;
    for (int i = 0; i < count; i++) {
        bytes += utf16_to_utf8(wide[i], wide_length(wide[i]) + 1, NULL, 0);
    }
    char **table = memory_get(bytes);
    if (!table) {
        return -1;
    }
    char *text = (char *)table + table_bytes;
    for (int i = 0; i < count; i++) {
        table[i] = text;
        text += utf16_to_utf8(wide[i], wide_length(wide[i]) + 1, text, SIZE_MAX);
    }
    table[count] = NULL;
    *arguments = table;
    return count;
}
