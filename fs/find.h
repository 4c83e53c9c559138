/* Searches: FindFirstFile and FindNextFile over the namespace.
 *
 * A search without wildcards finds what the path leads to.  With wildcards in the last component it goes through that
 * directory; a bare pattern goes through \Windows, and through \ if nothing matched there.  "." and ".." are never
 * found.
 *
 * A search lives in memory of its user, and one thread at a time uses it.
 */
#ifndef FS_FIND_H
#define FS_FIND_H

#include "fs/namespace.h"

struct find {
    const struct romfs *rom;
    struct path path;
    uint32_t next; /* entry to look at next: in \Windows an index of romfs, in \ 0 is Windows */
};

/* Whether a name matches a pattern: * is any run of bytes, ? any byte, ASCII case means nothing, and a pattern that
 * ends in .* also matches a name without that ending (*.* matches all).
 * Time is at most proportional to the product of the lengths. */
bool find_match(const char *pattern, uint32_t pattern_length, const char *name, uint32_t name_length);

/* Begins a search and finds the first match.
 * find: caller's, filled.  text: as for namespace_lookup(), with wildcards in the last component allowed.  out: the
 * first match.
 * Returns 0; the errors of path_parse(); ERROR_FILE_NOT_FOUND: no wildcards and nothing of that name, also for the root
 * and for a separator at the end; ERROR_NO_MORE_FILES: nothing matches the pattern.  After an error there is no search.
 */
status_t find_first(struct find *find, const struct romfs *rom, const uint16_t *text, struct namespace_node *out);

/* Finds the next match.  Returns 0 or ERROR_NO_MORE_FILES.  Of the search, only next changes. */
status_t find_next(struct find *find, struct namespace_node *out);

#endif
