/* The namespace: the root \, in it the directory Windows, in that the ROM files.
 *
 * Reads the mounted image and changes nothing: needs no lock.
 */
#ifndef FS_NAMESPACE_H
#define FS_NAMESPACE_H

#include "fs/path.h"
#include "fs/romfs.h"
#include "include/abi.h"

enum node_kind { NODE_ROOT, NODE_WINDOWS, NODE_ROM_FILE };

/* Something a path leads to. */
struct namespace_node {
    enum node_kind kind;
    struct rom_file file; /* NODE_ROM_FILE only */
};

/* Finds what a path leads to.
 * rom: mounted.  text: kernel memory, zero-terminated, or not within the first PATH_MOST units.  out: filled on
 * success. Returns 0; the errors of path_parse(); ERROR_FILE_NOT_FOUND: no such name in a directory that exists;
 * ERROR_PATH_NOT_FOUND: also a file's name with a separator behind it. */
status_t namespace_lookup(const struct romfs *rom, const uint16_t *text, struct namespace_node *out);

/* Looks up a path that is parsed already and has no wildcards; as above. */
status_t namespace_find(const struct romfs *rom, const struct path *path, struct namespace_node *out);

/* Describes a node: attributes, time, size, a file index that is unique on the volume and stable, the volume's
 * serial, and the name without path (empty for the root), zero-terminated.  out: kernel memory, filled whole. */
void namespace_info(const struct romfs *rom, const struct namespace_node *node, struct abi_file_info *out);

#endif
