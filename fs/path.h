/* Paths: what a string from a program says, before anything is looked up.
 *
 *   \                      the root
 *   \Windows  /windows/    the directory of the ROM files
 *   \Windows\name.txt      a file in it;  \name.txt  one in the root
 *   name.txt               a bare name: looked up in \Windows, then in \
 *   Windows\name.txt       from the root: there is no current directory
 *
 * The bare name Windows is the directory only if \Windows has no file of that name.
 * / is taken for \, several separators for one, case means nothing (ASCII).  "." and ".." are names like others, and
 * nothing is called so.  Directories below \ other than Windows do not exist: the root holds nothing else yet.
 */
#ifndef FS_PATH_H
#define FS_PATH_H

#include "include/status.h"

#define PATH_MOST 260u /* UTF-16 units of a path with its zero (MAX_PATH) */

enum path_place {
    PATH_ROOT_ITSELF,    /* name is empty */
    PATH_WINDOWS_ITSELF, /* name is "Windows" as written */
    PATH_IN_ROOT,
    PATH_IN_WINDOWS,
    PATH_BARE
};

struct path {
    enum path_place place;
    bool pattern;         /* name has * or ? */
    bool directory;       /* a separator stood at the end: only a directory can be meant */
    uint32_t length;      /* of name */
    char name[PATH_MOST]; /* last component in code page 1252, zero-terminated; a unit outside that is PATH_UNKNOWN */
};

/* Whether a name is that of the directory Windows. */
bool path_is_windows(const char *name, uint32_t length);

#define PATH_UNKNOWN 1 /* occurs in no name, so matches none */

/* Takes a path apart.
 * text: kernel memory, zero-terminated, or not within the first PATH_MOST units.  patterns: allow * and ? in the
 * last component.  out: filled on success.
 * Returns 0; ERROR_FILENAME_EXCED_RANGE: no zero within PATH_MOST units; ERROR_INVALID_NAME: a control character or
 * one of : * ? " < > |; ERROR_PATH_NOT_FOUND: empty, or through a directory that does not exist. */
status_t path_parse(const uint16_t *text, bool patterns, struct path *out);

#endif
