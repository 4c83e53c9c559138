/* romfs: mounting.  From the signature block to the last entry, each step believes only what the steps before tested:
 *
 *   signature block -> base and place of ROMHDR -> length -> tables -> extension records -> (ours) HEAD CRC32 ->
 * entries
 */
#include "fs/romfs.h"
#include "fs/crc32.h"
#include "fs/romfs_decode.h"
#include "fs/romname.h"
#include <string.h>

static status_t refuse(struct romfs_problem *problem, const char *what, uint32_t where) {
    problem->what = what;
    problem->where = where;
    return ERROR_INVALID_DATA;
}

/* Whether a ROMHDR may lie at an offset whose bytes are readable: extent and counts must fit. */
static bool is_sane_header(const struct romfs *fs, uint32_t at) {
    const uint8_t *header = fs->image + at;
    uint32_t first = ROM_FIELD(header, rom_header, first);
    uint32_t last = ROM_FIELD(header, rom_header, last);
    uint64_t tables = at + sizeof(struct rom_header) +
                      (uint64_t)ROM_FIELD(header, rom_header, modules) * sizeof(struct rom_module_entry) +
                      (uint64_t)ROM_FIELD(header, rom_header, files) * sizeof(struct rom_file_entry);
    return is_aligned(first, PAGE_SIZE) && last > first && last - first <= fs->available && tables <= last - first;
}

/* Images of CE 2 do not say where ROMHDR is: it is where its own first + offset gives the address in page 0. */
static status_t search_header(struct romfs *fs, uint32_t va, struct romfs_problem *problem) {
    for (uint32_t at = 0; at <= fs->available - sizeof(struct rom_header); at += 4) {
        if (ROM_FIELD(fs->image + at, rom_header, first) + at == va && is_sane_header(fs, at)) {
            fs->header = at;
            fs->base = va - at;
            return ERROR_SUCCESS;
        }
    }
    return refuse(problem, "no header found", ROM_HEADER_VA_AT);
}

static status_t find_header(struct romfs *fs, struct romfs_problem *problem) {
    if (fs->available < ROM_SIGNATURE_END + sizeof(struct rom_header)) {
        return refuse(problem, "too short for an image", fs->available);
    }
    if (rom_load32(fs->image + ROM_SIGNATURE_AT) != ROM_SIGNATURE) {
        return refuse(problem, "no signature", ROM_SIGNATURE_AT);
    }
    uint32_t va = rom_load32(fs->image + ROM_HEADER_VA_AT);
    uint32_t at = rom_load32(fs->image + ROM_HEADER_AT);
    if (at == 0 && romfs_is_foreign(fs)) {
        return search_header(fs, va, problem);
    }
    if (at > va || at > fs->available - sizeof(struct rom_header)) {
        return refuse(problem, "header outside the image", ROM_HEADER_AT);
    }
    if (!romfs_is_foreign(fs) && (!is_aligned(at, 4) || at < ROM_KERNEL_AT)) {
        return refuse(problem, "header in page 0 or not aligned", ROM_HEADER_AT);
    }
    fs->header = at;
    fs->base = va - at;
    return ERROR_SUCCESS;
}

static status_t check_extent(struct romfs *fs, struct romfs_problem *problem) {
    const uint8_t *header = fs->image + fs->header;
    if (ROM_FIELD(header, rom_header, first) != fs->base || !is_aligned(fs->base, PAGE_SIZE)) {
        return refuse(problem, "base address wrong", fs->header + (uint32_t)offsetof(struct rom_header, first));
    }
    uint32_t last = ROM_FIELD(header, rom_header, last);
    if (last <= fs->base || last - fs->base < fs->header + sizeof(struct rom_header)) {
        return refuse(problem, "end address wrong", fs->header + (uint32_t)offsetof(struct rom_header, last));
    }
    fs->length = last - fs->base;
    if (fs->length > fs->available) {
        return refuse(problem, "image cut off", fs->available);
    }
    if (!romfs_is_foreign(fs) && !is_aligned(fs->length, PAGE_SIZE)) {
        return refuse(problem, "length not of whole pages", fs->header + (uint32_t)offsetof(struct rom_header, last));
    }
    return ERROR_SUCCESS;
}

/* Sets the tables' places; the counts stay 0 in fs until everything is tested. */
static status_t check_tables(struct romfs *fs, uint32_t *modules, uint32_t *files, struct romfs_problem *problem) {
    const uint8_t *header = fs->image + fs->header;
    *modules = ROM_FIELD(header, rom_header, modules);
    *files = ROM_FIELD(header, rom_header, files);
    if (*files > ROM_FILES_MOST) {
        return refuse(problem, "too many files", fs->header + (uint32_t)offsetof(struct rom_header, files));
    }
    if (*modules > (romfs_is_foreign(fs) ? ROM_FILES_MOST : 0)) {
        return refuse(problem, "too many modules", fs->header + (uint32_t)offsetof(struct rom_header, modules));
    }
    if (!is_sane_header(fs, fs->header)) {
        return refuse(problem, "tables longer than the image", fs->header);
    }
    fs->module_table = fs->header + (uint32_t)sizeof(struct rom_header);
    fs->file_table = fs->module_table + *modules * (uint32_t)sizeof(struct rom_module_entry);
    return ERROR_SUCCESS;
}

/* Takes the extension records that mean something to us; files: their number. */
static status_t take_extension(struct romfs *fs, uint32_t record_at, uint32_t files, struct romfs_problem *problem) {
    const uint8_t *record = fs->image + record_at;
    const char *name = (const char *)record + offsetof(struct rom_extension, name);
    uint32_t bytes = ROM_FIELD(record, rom_extension, bytes);
    uint32_t expected;
    uint32_t *place;
    if (memcmp(name, ROM_EXTENSION_HEAD, sizeof(ROM_EXTENSION_HEAD)) == 0) {
        expected = 4;
        place = &fs->head_end;
    } else if (memcmp(name, ROM_EXTENSION_FILE, sizeof(ROM_EXTENSION_FILE)) == 0) {
        expected = 4 * files;
        place = &fs->checks;
    } else if (memcmp(name, ROM_EXTENSION_BOOT, sizeof(ROM_EXTENSION_BOOT)) == 0) {
        expected = 8;
        place = &fs->boot;
    } else {
        return ERROR_SUCCESS;
    }
    uint32_t at;
    if (bytes != expected || !romfs_locate(fs, ROM_FIELD(record, rom_extension, data), bytes, &at)) {
        return refuse(problem, "extension data wrong", record_at);
    }
    if (!romfs_is_foreign(fs) && (!is_aligned(at, 4) || at < fs->header)) {
        return refuse(problem, "extension data not in the head", record_at);
    }
    *place = at;
    return ERROR_SUCCESS;
}

/* Follows the chain of extension records.  The record that ROMHDR points to is a place holder; the count ends a
 * chain that bites its tail. */
static status_t walk_extensions(struct romfs *fs, uint32_t files, struct romfs_problem *problem) {
    uint32_t va = ROM_FIELD(fs->image + fs->header, rom_header, extensions);
    for (uint32_t number = 0; va != 0; number++) {
        uint32_t at;
        if (number == ROM_EXTENSIONS_MOST) {
            return refuse(problem, "too many extension records", va - fs->base);
        }
        if (!romfs_locate(fs, va, sizeof(struct rom_extension), &at)) {
            return refuse(problem, "extension record outside the image", fs->header);
        }
        status_t status = number == 0 ? ERROR_SUCCESS : take_extension(fs, at, files, problem);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        va = ROM_FIELD(fs->image + at, rom_extension, next);
    }
    return ERROR_SUCCESS;
}

/* Ours: the sum over page 0 from the signature on and over the head, whose last word it is.  On entry head_end is
 * where that word lies. */
static status_t check_head(struct romfs *fs, uint32_t files, struct romfs_problem *problem) {
    static const uint8_t own_word[4];
    uint32_t word = fs->head_end;
    uint32_t tables_end = fs->file_table + files * (uint32_t)sizeof(struct rom_file_entry);
    if (word == 0) {
        return refuse(problem, "no HEAD CRC32", fs->header + (uint32_t)offsetof(struct rom_header, extensions));
    }
    if (word < tables_end || (fs->checks != 0 && fs->checks + 4 * files > word) ||
        (fs->boot != 0 && fs->boot + 8 > word)) {
        return refuse(problem, "HEAD CRC32 not at the end of the head", word);
    }
    uint32_t crc = crc32_update(0, fs->image + ROM_SIGNATURE_AT, ROM_KERNEL_AT - ROM_SIGNATURE_AT);
    crc = crc32_update(crc, fs->image + fs->header, word - fs->header);
    crc = crc32_update(crc, own_word, sizeof(own_word));
    if (crc != rom_load32(fs->image + word)) {
        problem->what = "header, tables or names damaged (HEAD CRC32)";
        problem->where = fs->header;
        return ERROR_CRC;
    }
    fs->serial = crc;
    fs->head_end = word + 4;
    return ERROR_SUCCESS;
}

/* Ours: every entry by the rules, in ascending order of names. */
static status_t check_entries(struct romfs *fs, uint32_t files, struct romfs_problem *problem) {
    struct rom_file file;
    const char *before = NULL;
    uint32_t before_length = 0;
    for (uint32_t index = 0; index < files; index++) {
        status_t status = romfs_decode(fs, index, &file, problem);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        if (before != NULL && rom_name_compare(before, before_length, (const uint8_t *)file.name) >= 0) {
            return refuse(problem, "file table not in order",
                          fs->file_table + index * (uint32_t)sizeof(struct rom_file_entry));
        }
        before = file.name;
        before_length = file.name_length;
    }
    return ERROR_SUCCESS;
}

/* Third party: says which entries are left out. */
static void note_bad_entries(struct romfs *fs) {
    struct rom_file file;
    struct romfs_problem problem;
    for (uint32_t index = 0; index < romfs_count(fs); index++) {
        if (romfs_decode(fs, index, &file, &problem) != ERROR_SUCCESS) {
            romfs_note(problem.what, problem.where, NULL, 0);
        }
    }
}

static status_t mount_foreign(struct romfs *fs, uint32_t modules, uint32_t files) {
    struct romfs_problem problem;
    if (walk_extensions(fs, files, &problem) != ERROR_SUCCESS) {
        romfs_note(problem.what, problem.where, NULL, 0);
        fs->checks = 0;
        fs->boot = 0;
    }
    fs->head_end = 0;
    fs->serial = crc32_update(0, fs->image + fs->header, sizeof(struct rom_header));
    fs->modules = modules;
    fs->files = files;
    note_bad_entries(fs);
    return ERROR_SUCCESS;
}

static status_t mount_own(struct romfs *fs, uint32_t files, struct romfs_problem *problem) {
    status_t status = walk_extensions(fs, files, problem);
    if (status == ERROR_SUCCESS) {
        status = check_head(fs, files, problem);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    fs->files = files; /* romfs_decode() tells files from modules by it */
    status = check_entries(fs, files, problem);
    if (status != ERROR_SUCCESS) {
        fs->files = 0;
    }
    return status;
}

status_t romfs_mount(struct romfs *fs, const void *image, uint32_t available, uint32_t flags,
                     struct romfs_problem *problem) {
    uint32_t modules;
    uint32_t files;
    memset(fs, 0, offsetof(struct romfs, cache));
    fs->image = image;
    fs->available = available;
    fs->flags = flags;
    fs->cached_at = ROMFS_NOTHING_CACHED;
    problem->what = NULL;
    problem->where = 0;
    status_t status = find_header(fs, problem);
    if (status == ERROR_SUCCESS) {
        status = check_extent(fs, problem);
    }
    if (status == ERROR_SUCCESS) {
        status = check_tables(fs, &modules, &files, problem);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    return romfs_is_foreign(fs) ? mount_foreign(fs, modules, files) : mount_own(fs, files, problem);
}
