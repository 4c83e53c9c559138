/* Line input from the console; console.h has the rules. */
#include "sdk/lib/console.h"
#include "sdk/lib/lock.h"
#include "sdk/lib/syscall.h"
#include <stdbool.h>
#include <string.h>

#define LINE_MAX  1024
#define INPUT_MAX 64

#define CONTROL(letter) ((letter)&0x1f)
#define DELETE          0x7f

static struct lock lock;
static char line[LINE_MAX]; /* the line being typed, then the one being read */
static size_t line_length;
static size_t line_taken;     /* how much of a finished line was read already */
static char input[INPUT_MAX]; /* from the kernel, not looked at yet */
static size_t input_length, input_taken;
static bool after_return; /* the last character was a carriage return: a line feed now belongs to it */

uint32_t console_write(const char *text, size_t count) {
    return call2(SYS_CONSOLE_WRITE, address_of(text), count).status;
}

static uint32_t next_character(char *c) {
    if (input_taken == input_length) {
        struct call_result result = call2(SYS_CONSOLE_READ, address_of(input), sizeof(input));
        if (result.status) {
            return result.status;
        }
        input_length = result.value;
        input_taken = 0;
        if (input_length == 0) {
            *c = CONTROL('D');
            return 0;
        }
    }
    *c = input[input_taken++];
    return 0;
}

/* Takes back the last character of the line and its echo. */
static void rub_out(void) {
    if (line_length == 0) {
        return;
    }
    do {
        line_length--;
    } while (line_length && ((unsigned char)line[line_length] & 0xc0) == 0x80);
    console_write("\b \b", 3);
}

/* Deals with one character; returns true when the line is finished. */
static bool line_take(char c) {
    bool feed_of_return = c == '\n' && after_return;
    after_return = c == '\r';
    if (feed_of_return) {
        return false;
    }
    switch (c) {
    case '\r':
    case '\n':
        console_write("\n", 1);
        line[line_length++] = '\n';
        return true;
    case '\b':
    case DELETE:
        rub_out();
        return false;
    case CONTROL('U'):
        while (line_length) {
            rub_out();
        }
        return false;
    case CONTROL('C'):
        console_write("^C\n", 3);
        line_length = 0;
        line[line_length++] = '\n';
        return true;
    case CONTROL('D'):
        return line_length == 0;
    default:
        if (((unsigned char)c < ' ' && c != '\t') || line_length == LINE_MAX - 1) {
            return false;
        }
        line[line_length++] = c;
        console_write(&c, 1);
        return false;
    }
}

static uint32_t line_collect(void) {
    char c;
    line_length = 0;
    line_taken = 0;
    do {
        uint32_t status = next_character(&c);
        if (status) {
            return status;
        }
    } while (!line_take(c));
    return 0;
}

uint32_t console_read(char *buffer, size_t capacity, size_t *length) {
    uint32_t status = 0;
    *length = 0;
    if (capacity == 0) {
        return 0;
    }
    lock_take(&lock);
    if (line_taken == line_length) {
        status = line_collect();
    }
    if (status == 0) {
        size_t left = line_length - line_taken;
        *length = left < capacity ? left : capacity;
        memcpy(buffer, line + line_taken, *length);
        line_taken += *length;
    }
    lock_give(&lock);
    return status;
}
