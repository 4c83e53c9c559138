/* romfs: table entries, look-up, mapping in place, and the check of a file's data. */
#include "fs/romfs.h"
#include "fs/crc32.h"
#include "fs/romfs_decode.h"
#include "fs/romname.h"

static status_t refuse(struct romfs_problem *problem, const char *what, uint32_t where) {
    problem->what = what;
    problem->where = where;
    return ERROR_INVALID_DATA;
}

/* Names of ours lie in the head; of others anywhere. */
static status_t decode_name(const struct romfs *fs, uint32_t va, uint32_t entry_at, struct rom_file *out,
                            struct romfs_problem *problem) {
    bool foreign = romfs_is_foreign(fs);
    uint32_t end = foreign ? fs->length : fs->head_end;
    uint32_t at;
    if (!romfs_locate(fs, va, 1, &at) || at >= end || (!foreign && at < fs->header)) {
        return refuse(problem, "name address outside the image", entry_at);
    }
    const char *what = NULL;
    out->name = (const char *)fs->image + at;
    out->name_length = rom_name_measure(fs->image + at, end - at, foreign, &what);
    return out->name_length != 0 ? ERROR_SUCCESS : refuse(problem, what, at);
}

bool romfs_stream_matches(const struct romfs *fs, const struct rom_file *file) {
    const uint8_t *at = fs->image + file->offset;
    uint32_t count = (file->size - 1) / ROM_BLOCK_SIZE + 1;
    return file->stored > sizeof(struct rom_stream) &&
           (file->stored - sizeof(struct rom_stream)) / ROM_STREAM_BYTES_BLOCK >= count &&
           ROM_FIELD(at, rom_stream, magic) == ROM_STREAM_MAGIC && ROM_FIELD(at, rom_stream, size) == file->size &&
           rom_load16(at + offsetof(struct rom_stream, algorithm)) == ROM_STREAM_LZ4 &&
           rom_load16(at + offsetof(struct rom_stream, block_shift)) == ROM_BLOCK_SHIFT &&
           ROM_FIELD(at, rom_stream, count) == count;
}

/* Finds out how the data are stored.  A compressed file of ours stays one even if its stream is damaged: reading it
 * tells; only in a third-party image the stream's start decides. */
static status_t decode_data(const struct romfs *fs, uint32_t va, uint32_t entry_at, struct rom_file *out,
                            struct romfs_problem *problem) {
    bool foreign = romfs_is_foreign(fs);
    if (out->stored > out->size) {
        return refuse(problem, "more bytes stored than the file has", entry_at);
    }
    out->offset = 0;
    if ((out->stored != 0 || !foreign) && !romfs_locate(fs, va, out->stored, &out->offset)) {
        return refuse(problem, "file data outside the image", entry_at);
    }
    if (out->stored == out->size) {
        out->kind = ROM_FILE_PLAIN;
        if (!foreign && !is_aligned(out->offset, rom_alignment(out->size))) {
            return refuse(problem, "file data not aligned", entry_at);
        }
        return ERROR_SUCCESS;
    }
    out->attributes |= ROM_COMPRESSED;
    out->kind = ROM_FILE_BLOCKS;
    if (foreign && !romfs_stream_matches(fs, out)) {
        out->kind = ROM_FILE_FOREIGN;
    }
    return ERROR_SUCCESS;
}

/* What an entry says of the file but for name and data. */
static void decode_fields(const uint8_t *at, uint32_t index, struct rom_file *out) {
    const uint32_t mask = ROM_READONLY | ROM_HIDDEN | ROM_SYSTEM | ROM_ARCHIVE | ROM_INROM;
    out->index = index;
    out->attributes = (ROM_FIELD(at, rom_file_entry, attributes) & mask) | ROM_READONLY | ROM_INROM;
    out->time_low = ROM_FIELD(at, rom_file_entry, time_low);
    out->time_high = ROM_FIELD(at, rom_file_entry, time_high);
    out->size = ROM_FIELD(at, rom_file_entry, size);
    out->stored = ROM_FIELD(at, rom_file_entry, stored);
}

static status_t decode_file(const struct romfs *fs, uint32_t index, struct rom_file *out,
                            struct romfs_problem *problem) {
    uint32_t entry_at = fs->file_table + index * (uint32_t)sizeof(struct rom_file_entry);
    const uint8_t *at = fs->image + entry_at;
    decode_fields(at, index, out);
    status_t status = decode_name(fs, ROM_FIELD(at, rom_file_entry, name), entry_at, out, problem);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    return decode_data(fs, ROM_FIELD(at, rom_file_entry, data), entry_at, out, problem);
}

static status_t decode_module(const struct romfs *fs, uint32_t index, struct rom_file *out,
                              struct romfs_problem *problem) {
    const uint32_t mask = ROM_HIDDEN | ROM_SYSTEM | ROM_ARCHIVE | ROM_STATICREF;
    uint32_t number = index - fs->files;
    uint32_t entry_at = fs->module_table + number * (uint32_t)sizeof(struct rom_module_entry);
    const uint8_t *at = fs->image + entry_at;
    out->index = index;
    out->kind = ROM_FILE_MODULE;
    out->attributes = (ROM_FIELD(at, rom_module_entry, attributes) & mask) | ROM_READONLY | ROM_INROM | ROM_MODULE;
    out->time_low = ROM_FIELD(at, rom_module_entry, time_low);
    out->time_high = ROM_FIELD(at, rom_module_entry, time_high);
    out->size = ROM_FIELD(at, rom_module_entry, size);
    out->stored = 0;
    out->offset = 0;
    return decode_name(fs, ROM_FIELD(at, rom_module_entry, name), entry_at, out, problem);
}

status_t romfs_decode(const struct romfs *fs, uint32_t index, struct rom_file *out, struct romfs_problem *problem) {
    return index < fs->files ? decode_file(fs, index, out, problem) : decode_module(fs, index, out, problem);
}

uint32_t romfs_count(const struct romfs *fs) {
    return fs->files + fs->modules;
}

/* Third party: the first good entry of that name, of all or of those before limit. */
static status_t search_linear(const struct romfs *fs, const char *name, uint32_t length, uint32_t limit,
                              struct rom_file *out) {
    struct romfs_problem problem;
    for (uint32_t index = 0; index < limit; index++) {
        if (romfs_decode(fs, index, out, &problem) == ERROR_SUCCESS && out->name_length == length &&
            rom_name_compare(name, length, (const uint8_t *)out->name) == 0) {
            return ERROR_SUCCESS;
        }
    }
    return ERROR_FILE_NOT_FOUND;
}

/* Ours: the mount has tested every name and their order. */
static status_t search_sorted(const struct romfs *fs, const char *name, uint32_t length, struct rom_file *out) {
    const uint8_t *table = fs->image + fs->file_table;
    uint32_t low = 0;
    uint32_t high = fs->files;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        uint32_t va = ROM_FIELD(table + middle * sizeof(struct rom_file_entry), rom_file_entry, name);
        const uint8_t *other = fs->image + (va - fs->base);
        int order = length != 0 ? rom_fold((uint8_t)name[0]) - rom_fold(other[0]) : 0;
        if (order == 0) { /* most names differ in their first byte */
            order = rom_name_compare(name, length, other);
        }
        if (order == 0) {
            struct romfs_problem problem;
            const uint8_t *at = table + middle * sizeof(struct rom_file_entry);
            decode_fields(at, middle, out);
            out->name = (const char *)other;
            out->name_length = length;
            return decode_data(fs, ROM_FIELD(at, rom_file_entry, data), (uint32_t)(at - fs->image), out, &problem);
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return ERROR_FILE_NOT_FOUND;
}

status_t romfs_entry(const struct romfs *fs, uint32_t index, struct rom_file *out) {
    struct romfs_problem problem;
    if (index >= romfs_count(fs) || romfs_decode(fs, index, out, &problem) != ERROR_SUCCESS) {
        return ERROR_FILE_NOT_FOUND;
    }
    if (romfs_is_foreign(fs)) {
        struct rom_file earlier;
        if (search_linear(fs, out->name, out->name_length, index, &earlier) == ERROR_SUCCESS) {
            return ERROR_FILE_NOT_FOUND;
        }
    }
    return ERROR_SUCCESS;
}

status_t romfs_lookup(const struct romfs *fs, const char *name, uint32_t length, struct rom_file *out) {
    if (romfs_is_foreign(fs)) {
        return search_linear(fs, name, length, romfs_count(fs), out);
    }
    return search_sorted(fs, name, length, out);
}

/* Ours have zeros behind the end of a file by construction (mkrom -c tests it); in a third-party image anything may
 * lie there. */
static bool tail_is_private(const struct romfs *fs, const struct rom_file *file) {
    uint32_t end = file->offset + file->size;
    uint32_t rest = round_up(end, PAGE_SIZE) - end;
    if (rest > fs->available - end) {
        return false;
    }
    if (romfs_is_foreign(fs)) {
        for (uint32_t i = 0; i < rest; i++) {
            if (fs->image[end + i] != 0) {
                return false;
            }
        }
    }
    return true;
}

status_t romfs_in_place(const struct romfs *fs, const struct rom_file *file, const void **address) {
    const char *why = NULL;
    if (file->kind == ROM_FILE_MODULE) {
        why = "not mapped: a module is not a file";
    } else if (file->kind != ROM_FILE_PLAIN) {
        why = "not mapped in place: compressed";
    } else if (file->size == 0) {
        return ERROR_INVALID_PARAMETER;
    } else if (!is_aligned(file->offset, PAGE_SIZE) || ((uintptr_t)(fs->image + file->offset) & (PAGE_SIZE - 1)) != 0) {
        why = "not mapped: data not on a page boundary";
    } else if (!tail_is_private(fs, file)) {
        why = "not mapped: last page shared with other data";
    }
    if (why != NULL) {
        romfs_note(why, file->offset, file->name, file->name_length);
        return ERROR_NOT_SUPPORTED;
    }
    *address = fs->image + file->offset;
    return ERROR_SUCCESS;
}

status_t romfs_verify(const struct romfs *fs, const struct rom_file *file) {
    if (fs->checks == 0 || file->kind == ROM_FILE_MODULE) {
        return ERROR_NOT_SUPPORTED;
    }
    uint32_t check = rom_load32(fs->image + fs->checks + 4 * file->index);
    return crc32_update(0, fs->image + file->offset, file->stored) == check ? ERROR_SUCCESS : ERROR_CRC;
}
