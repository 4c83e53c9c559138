/* What _start learned about the program; both strings live as long as the process. */
#ifndef SDK_LIB_START_H
#define SDK_LIB_START_H

#include <wchar.h>

extern const wchar_t *program_command_line; /* the arguments, without the program's name */
extern const wchar_t *program_path;         /* the executable's full path */

#endif
