/* Searches: FindFirstFile and FindNextFile over the namespace. */
#include "fs/find.h"
#include "fs/romname.h"

/* One pattern against one name; on a mismatch the last * takes one byte more. */
static bool match(const char *pattern, uint32_t pattern_length, const char *name, uint32_t name_length) {
    uint32_t p = 0;
    uint32_t n = 0;
    uint32_t star = 0; /* behind the last * met */
    uint32_t resume = 0;
    bool starred = false;
    while (n < name_length) {
        if (p < pattern_length && pattern[p] == '*') {
            starred = true;
            star = ++p;
            resume = n;
        } else if (p < pattern_length &&
                   (pattern[p] == '?' || rom_fold((uint8_t)pattern[p]) == rom_fold((uint8_t)name[n]))) {
            p++;
            n++;
        } else if (starred) {
            p = star;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern_length && pattern[p] == '*') {
        p++;
    }
    return p == pattern_length;
}

bool find_match(const char *pattern, uint32_t pattern_length, const char *name, uint32_t name_length) {
    if (match(pattern, pattern_length, name, name_length)) {
        return true;
    }
    return pattern_length >= 2 && pattern[pattern_length - 2] == '.' && pattern[pattern_length - 1] == '*' &&
           match(pattern, pattern_length - 2, name, name_length);
}

static status_t next_in_windows(struct find *find, struct namespace_node *out) {
    while (find->next < romfs_count(find->rom)) {
        out->kind = NODE_ROM_FILE;
        if (romfs_entry(find->rom, find->next++, &out->file) == ERROR_SUCCESS &&
            find_match(find->path.name, find->path.length, out->file.name, out->file.name_length)) {
            return ERROR_SUCCESS;
        }
    }
    return ERROR_NO_MORE_FILES;
}

static status_t next_in_root(struct find *find, struct namespace_node *out) {
    static const char windows[] = "Windows";
    if (find->next++ == 0 && find_match(find->path.name, find->path.length, windows, sizeof(windows) - 1)) {
        out->kind = NODE_WINDOWS;
        return ERROR_SUCCESS;
    }
    find->next = 1; /* however often it is asked: no way round to 0 */
    return ERROR_NO_MORE_FILES;
}

status_t find_next(struct find *find, struct namespace_node *out) {
    if (!find->path.pattern) {
        return ERROR_NO_MORE_FILES;
    }
    return find->path.place == PATH_IN_ROOT ? next_in_root(find, out) : next_in_windows(find, out);
}

status_t find_first(struct find *find, const struct romfs *rom, const uint16_t *text, struct namespace_node *out) {
    find->rom = rom;
    find->next = 0;
    status_t status = path_parse(text, true, &find->path);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (find->path.place == PATH_ROOT_ITSELF || find->path.directory) {
        return ERROR_FILE_NOT_FOUND;
    }
    if (!find->path.pattern) {
        return namespace_find(rom, &find->path, out);
    }
    if (find->path.place != PATH_BARE) {
        return find_next(find, out);
    }
    find->path.place = PATH_IN_WINDOWS;
    status = find_next(find, out);
    if (status == ERROR_NO_MORE_FILES) {
        find->path.place = PATH_IN_ROOT;
        find->next = 0;
        status = find_next(find, out);
    }
    return status;
}
