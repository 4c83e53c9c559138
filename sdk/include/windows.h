/* The Windows CE programming interface of Situ: include this.
 *
 * What is declared is there; what is not there is not declared.  docs/api.md lists the functions and where they
 * say more than the CE documentation does.  The character type is UTF-16 (UNICODE); names without suffix are
 * macros for the W forms.
 */
#ifndef _WINDOWS_H
#define _WINDOWS_H

#include <windef.h>
#include <winnt.h>
#include <winerror.h>
#include <winbase.h>
#include <winnls.h>
#include <excpt.h>

#endif
