/* The formatting engine: takes the format apart, fetches the arguments, and hands each to its part.  format.h says what
 * is understood. */
#include "sdk/lib/format_spec.h"
#include <limits.h>
#include <string.h>

#define FILL_PIECE 32

struct format_state {
    struct format_out out;
    const char *at; /* into the format, whatever its kind */
    size_t unit;    /* bytes of one of its characters */
    va_list list;
};

void out_native(struct format_out *out, const void *units, size_t count) {
    if (count) {
        out->sink->emit(out->sink, units, count);
        out->count += count;
    }
}

void out_ascii(struct format_out *out, const char *text, size_t count) {
    if (!out->sink->wide) {
        out_native(out, text, count);
        return;
    }
    while (count) {
        wchar_t piece[FILL_PIECE];
        size_t length = count < FILL_PIECE ? count : FILL_PIECE;
        for (size_t i = 0; i < length; i++) {
            piece[i] = (unsigned char)text[i];
        }
        out_native(out, piece, length);
        text += length;
        count -= length;
    }
}

void out_fill(struct format_out *out, char c, long count) {
    char piece[FILL_PIECE];
    memset(piece, c, sizeof(piece));
    while (count > 0) {
        size_t length = count < FILL_PIECE ? (size_t)count : FILL_PIECE;
        out_ascii(out, piece, length);
        count -= (long)length;
    }
}

/* How much padding the spec asks for around prefix and body. */
static long padding(const struct format_spec *spec, const char *prefix, size_t body_length) {
    return (long)spec->width - (long)strlen(prefix) - (long)body_length;
}

void out_begin(struct format_out *out, const struct format_spec *spec, const char *prefix, size_t body_length,
               bool zero_pad) {
    long pad = padding(spec, prefix, body_length);
    if (!spec->left && !zero_pad) {
        out_fill(out, ' ', pad);
    }
    out_ascii(out, prefix, strlen(prefix));
    if (!spec->left && zero_pad) {
        out_fill(out, '0', pad);
    }
}

void out_end(struct format_out *out, const struct format_spec *spec, const char *prefix, size_t body_length) {
    if (spec->left) {
        out_fill(out, ' ', padding(spec, prefix, body_length));
    }
}

/* The format's character at an offset; what is not ASCII matters to nobody and reads as 1. */
static char peek(const struct format_state *state, size_t offset) {
    unsigned c;
    if (state->unit == 1) {
        c = (unsigned char)state->at[offset];
    } else {
        wchar_t wide;
        memcpy(&wide, state->at + offset * sizeof(wide), sizeof(wide));
        c = wide;
    }
    return c < 0x80 ? (char)c : 1;
}

static void advance(struct format_state *state, size_t count) {
    state->at += count * state->unit;
}

static void take_flags(struct format_state *state, struct format_spec *spec) {
    for (;; advance(state, 1)) {
        switch (peek(state, 0)) {
        case '-':
            spec->left = true;
            break;
        case '+':
            spec->plus = true;
            break;
        case ' ':
            spec->space = true;
            break;
        case '#':
            spec->alternate = true;
            break;
        case '0':
            spec->zero = true;
            break;
        default:
            return;
        }
    }
}

/* A number, or * and the next argument. */
static int take_number(struct format_state *state) {
    int value = 0;
    if (peek(state, 0) == '*') {
        advance(state, 1);
        return va_arg(state->list, int);
    }
    for (char c = peek(state, 0); c >= '0' && c <= '9'; c = peek(state, 0)) {
        value = value > (INT_MAX - 9) / 10 ? INT_MAX : value * 10 + (c - '0');
        advance(state, 1);
    }
    return value;
}

static enum format_size take_size(struct format_state *state) {
    char c = peek(state, 0);
    char next = c ? peek(state, 1) : 0;
    switch (c) {
    case 'h':
        advance(state, next == 'h' ? 2 : 1);
        return next == 'h' ? SIZE_CHAR : SIZE_SHORT;
    case 'l':
        advance(state, next == 'l' ? 2 : 1);
        return next == 'l' ? SIZE_64 : SIZE_LONG;
    case 'L':
    case 'q':
    case 'j':
        advance(state, 1);
        return SIZE_64;
    case 'z':
    case 't':
        advance(state, 1);
        return sizeof(size_t) == 8 ? SIZE_64 : SIZE_INT;
    case 'w':
        advance(state, 1);
        return SIZE_WIDE;
    case 'I':
        if (next == '6' && peek(state, 2) == '4') {
            advance(state, 3);
            return SIZE_64;
        }
        if (next == '3' && peek(state, 2) == '2') {
            advance(state, 3);
            return SIZE_INT;
        }
        advance(state, 1);
        return sizeof(size_t) == 8 ? SIZE_64 : SIZE_INT;
    default:
        return SIZE_INT;
    }
}

/* Behind the percent sign: takes the whole conversion. */
static void take_spec(struct format_state *state, struct format_spec *spec) {
    *spec = (struct format_spec){.precision = -1};
    take_flags(state, spec);
    spec->width = take_number(state);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = spec->width == INT_MIN ? INT_MAX : -spec->width;
    }
    if (peek(state, 0) == '.') {
        advance(state, 1);
        int precision = take_number(state);
        spec->precision = precision < 0 ? -1 : precision;
    }
    spec->size = take_size(state);
    spec->letter = peek(state, 0);
    if (spec->letter) {
        advance(state, 1);
    }
}

static int64_t take_signed(struct format_state *state, enum format_size size) {
    switch (size) {
    case SIZE_CHAR:
        return (signed char)va_arg(state->list, int);
    case SIZE_SHORT:
        return (short)va_arg(state->list, int);
    case SIZE_LONG:
        return va_arg(state->list, long);
    case SIZE_64:
        return va_arg(state->list, long long);
    default:
        return va_arg(state->list, int);
    }
}

static uint64_t take_unsigned(struct format_state *state, enum format_size size) {
    switch (size) {
    case SIZE_CHAR:
        return (unsigned char)va_arg(state->list, unsigned);
    case SIZE_SHORT:
        return (unsigned short)va_arg(state->list, unsigned);
    case SIZE_LONG:
        return va_arg(state->list, unsigned long);
    case SIZE_64:
        return va_arg(state->list, unsigned long long);
    default:
        return va_arg(state->list, unsigned);
    }
}

/* Whether a text conversion takes wide text: the letter's own meaning, unless the size says. */
static bool takes_wide(const struct format_state *state, const struct format_spec *spec) {
    if (spec->size == SIZE_SHORT || spec->size == SIZE_CHAR) {
        return false;
    }
    if (spec->size == SIZE_LONG || spec->size == SIZE_WIDE || spec->size == SIZE_64) {
        return true;
    }
    bool other = spec->letter == 'S' || spec->letter == 'C';
    return state->out.sink->wide != other;
}

static void store_count(struct format_state *state, enum format_size size) {
    void *to = va_arg(state->list, void *);
    switch (size) {
    case SIZE_CHAR:
        *(signed char *)to = (signed char)state->out.count;
        break;
    case SIZE_SHORT:
        *(short *)to = (short)state->out.count;
        break;
    case SIZE_LONG:
        *(long *)to = (long)state->out.count;
        break;
    case SIZE_64:
        *(long long *)to = (long long)state->out.count;
        break;
    default:
        *(int *)to = (int)state->out.count;
        break;
    }
}

static void convert_signed(struct format_state *state, const struct format_spec *spec) {
    int64_t value = take_signed(state, spec->size);
    format_integer(&state->out, spec, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0);
}

static void convert_pointer(struct format_state *state, struct format_spec *spec) {
    uint64_t address = (uintptr_t)va_arg(state->list, void *);
    spec->letter = 'X';
    spec->precision = 2 * sizeof(void *);
    format_integer(&state->out, spec, address, false);
}

static void convert(struct format_state *state, struct format_spec *spec) {
    switch (spec->letter) {
    case 'd':
    case 'i':
        convert_signed(state, spec);
        break;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        format_integer(&state->out, spec, take_unsigned(state, spec->size), false);
        break;
    case 'p':
        convert_pointer(state, spec);
        break;
    case 's':
    case 'S':
        format_string(&state->out, spec, va_arg(state->list, void *), takes_wide(state, spec));
        break;
    case 'c':
    case 'C':
        format_character(&state->out, spec, va_arg(state->list, unsigned), takes_wide(state, spec));
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        format_float(&state->out, spec, va_arg(state->list, double)); /* long double is the same on ARM */
        break;
    case 'n':
        store_count(state, spec->size);
        break;
    case 0:
        break;
    default:
        out_native(&state->out, state->at - state->unit, 1);
        break;
    }
}

int format_text(struct format_sink *sink, const void *format, va_list list) {
    struct format_state state = {.out = {sink, 0}, .at = format, .unit = sink->wide ? sizeof(wchar_t) : 1};
    va_copy(state.list, list);
    for (;;) {
        const char *start = state.at;
        char c = peek(&state, 0);
        while (c && c != '%') {
            advance(&state, 1);
            c = peek(&state, 0);
        }
        out_native(&state.out, start, (size_t)(state.at - start) / state.unit);
        if (!c) {
            break;
        }
        struct format_spec spec;
        advance(&state, 1);
        take_spec(&state, &spec);
        convert(&state, &spec);
    }
    va_end(state.list);
    return state.out.count > INT_MAX ? -1 : (int)state.out.count;
}

static void memory_emit(struct format_sink *sink, const void *units, size_t count) {
    struct format_memory *memory = (struct format_memory *)(void *)sink;
    size_t fits = count < memory->room ? count : memory->room;
    size_t bytes = fits * (sink->wide ? sizeof(wchar_t) : 1);
    if (bytes) {
        memcpy(memory->next, units, bytes);
        memory->next = (char *)memory->next + bytes;
        memory->room -= fits;
    }
}

int format_memory(bool wide, void *buffer, size_t capacity, const void *format, va_list list) {
    struct format_memory memory = {{wide, memory_emit}, buffer, capacity};
    return format_text(&memory.sink, format, list);
}
