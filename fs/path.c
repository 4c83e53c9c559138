/* Paths: what a string from a program says, before anything is looked up. */
#include "fs/path.h"
#include "fs/cp1252.h"
#include "fs/romname.h"
#include <string.h>

static const uint8_t windows[] = "windows";

/* What the units below 0x80 mean. */
#define FORBIDDEN 1u
#define WILDCARD  2u
#define SEPARATOR 4u
#define CONTROLS  FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN
static const uint8_t classes[0x80] = {
    CONTROLS,         CONTROLS,           CONTROLS,          CONTROLS,          ['"'] = FORBIDDEN,
    ['*'] = WILDCARD, ['/'] = SEPARATOR,  [':'] = FORBIDDEN, ['<'] = FORBIDDEN, ['>'] = FORBIDDEN,
    ['?'] = WILDCARD, ['\\'] = SEPARATOR, ['|'] = FORBIDDEN,
};

/* The components of a path, found in one go; their bytes lie one behind the other in path.name. */
struct components {
    uint32_t count;
    uint32_t first_length;
    uint32_t last_start; /* of the last one */
    uint32_t end;
    bool rooted;   /* a separator stood before the first */
    bool open_end; /* a separator stood behind the last */
};

/* The whole path is looked at before any part of it is believed: a bad character is an error even behind a directory
 * that does not exist. */
static status_t split(const uint16_t *text, bool patterns, struct path *out, struct components *found) {
    bool wildcard = false;
    bool separated = true; /* the next unit begins a component */
    uint32_t end = 0;
    *found = (struct components){0};
    if (text[0] == 0) {
        return ERROR_PATH_NOT_FOUND;
    }
    for (uint32_t i = 0; text[i] != 0; i++) {
        uint32_t unit = text[i];
        uint32_t class = unit < 0x80 ? classes[unit] : 0;
        if (i == PATH_MOST - 1) {
            return ERROR_FILENAME_EXCED_RANGE;
        }
        if (class != 0) {
            if ((class & FORBIDDEN) || (wildcard && (class & SEPARATOR)) || ((class & WILDCARD) && !patterns)) {
                return ERROR_INVALID_NAME;
            }
            if (class & SEPARATOR) {
                found->rooted = found->rooted || end == 0;
                separated = true;
                continue;
            }
            wildcard = true;
        }
        if (separated) {
            separated = false;
            found->first_length = found->count == 1 ? end : found->first_length;
            found->last_start = end;
            found->count++;
        }
        uint8_t byte = unit < 0x80 ? (uint8_t)unit : cp1252_from_utf16((uint16_t)unit);
        out->name[end++] = (char)(byte != 0 ? byte : PATH_UNKNOWN);
        while (i + 2 < PATH_MOST && text[i + 1] - 1u < 0x7fu && classes[text[i + 1]] == 0) {
            out->name[end++] = (char)text[++i]; /* the run of ordinary units behind it */
        }
    }
    found->first_length = found->count == 1 ? end : found->first_length;
    found->end = end;
    found->open_end = separated;
    out->pattern = wildcard;
    return ERROR_SUCCESS;
}

bool path_is_windows(const char *name, uint32_t length) {
    return rom_name_compare(name, length, windows) == 0;
}

status_t path_parse(const uint16_t *text, bool patterns, struct path *out) {
    struct components found;
    status_t status = split(text, patterns, out, &found);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    bool windows_first = found.count != 0 && path_is_windows(out->name, found.first_length);
    if (found.count > 2 || (found.count == 2 && !windows_first)) {
        return ERROR_PATH_NOT_FOUND;
    }
    out->directory = found.count != 0 && found.open_end;
    out->length = found.end - found.last_start;
    if (found.last_start != 0) {
        memmove(out->name, out->name + found.last_start, out->length);
    }
    out->name[out->length] = 0;
    if (found.count == 0) {
        out->place = PATH_ROOT_ITSELF;
    } else if (found.count == 2) {
        out->place = PATH_IN_WINDOWS;
    } else if (!found.rooted && !out->directory) {
        out->place = PATH_BARE;
    } else {
        out->place = windows_first ? PATH_WINDOWS_ITSELF : PATH_IN_ROOT;
    }
    return ERROR_SUCCESS;
}
