/* Paths: what a string from a program says, before anything is looked up. */
#include "fs/path.h"
#include "fs/cp1252.h"
#include "fs/romname.h"

static const uint8_t windows[] = "windows";

static bool is_separator(uint16_t unit) {
    return unit == '\\' || unit == '/';
}

static bool is_wildcard(uint16_t unit) {
    return unit == '*' || unit == '?';
}

static bool is_forbidden(uint16_t unit) {
    return unit < 0x20 || unit == ':' || unit == '"' || unit == '<' || unit == '>' || unit == '|';
}

/* The whole path is looked at before any part of it is believed: a bad character is an error even behind a directory
 * that does not exist. */
static status_t check_units(const uint16_t *text, bool patterns) {
    bool wildcard = false;
    for (uint32_t i = 0; text[i] != 0; i++) {
        if (i == PATH_MOST - 1) {
            return ERROR_FILENAME_EXCED_RANGE;
        }
        if (is_forbidden(text[i]) || (wildcard && is_separator(text[i])) || (is_wildcard(text[i]) && !patterns)) {
            return ERROR_INVALID_NAME;
        }
        wildcard = wildcard || is_wildcard(text[i]);
    }
    return text[0] != 0 ? ERROR_SUCCESS : ERROR_PATH_NOT_FOUND;
}

/* Takes one component and the separators behind it. */
static const uint16_t *take_component(const uint16_t *text, struct path *out) {
    uint32_t length = 0;
    out->pattern = false;
    for (; *text != 0 && !is_separator(*text); text++) {
        uint8_t byte = cp1252_from_utf16(*text);
        out->pattern = out->pattern || is_wildcard(*text);
        out->name[length++] = (char)(byte != 0 ? byte : PATH_UNKNOWN);
    }
    out->name[length] = 0;
    out->length = length;
    out->directory = is_separator(*text);
    while (is_separator(*text)) {
        text++;
    }
    return text;
}

bool path_is_windows(const char *name, uint32_t length) {
    return rom_name_compare(name, length, windows) == 0;
}

status_t path_parse(const uint16_t *text, bool patterns, struct path *out) {
    status_t status = check_units(text, patterns);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    bool rooted = is_separator(*text);
    while (is_separator(*text)) {
        text++;
    }
    text = take_component(text, out);
    if (out->length == 0) {
        out->place = PATH_ROOT_ITSELF;
        return ERROR_SUCCESS;
    }
    if (*text == 0) {
        if (!rooted && !out->directory) {
            out->place = PATH_BARE;
        } else {
            out->place = path_is_windows(out->name, out->length) ? PATH_WINDOWS_ITSELF : PATH_IN_ROOT;
        }
        return ERROR_SUCCESS;
    }
    if (!path_is_windows(out->name, out->length)) {
        return ERROR_PATH_NOT_FOUND;
    }
    text = take_component(text, out);
    out->place = PATH_IN_WINDOWS;
    return *text == 0 ? ERROR_SUCCESS : ERROR_PATH_NOT_FOUND;
}
