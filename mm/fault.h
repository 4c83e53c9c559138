/* Page faults: bringing a page that is promised but not there.
 *
 *   entry of the page     result
 *   free, reserved        ERROR_NOACCESS
 *   committed             access allowed: the page is brought, 0; else ERROR_NOACCESS
 *   committed or held     with a guard: it goes; FAULT_GUARD_PAGE, of a stack ERROR_STACK_OVERFLOW
 *   held                  ERROR_NOACCESS
 *   present               access allowed: 0 (another thread was faster); else ERROR_NOACCESS
 *
 * A page comes zeroed (private memory, stacks, RAM sections), copied (program data) or read (pagers).  It is filled
 * under its own address before anyone may see it.
 */
#ifndef MM_FAULT_H
#define MM_FAULT_H

#include "mm/space.h"

#define FAULT_GUARD_PAGE 0x80000001u /* STATUS_GUARD_PAGE_VIOLATION: there is no error code for it */

/* Resolves a translation or permission fault at va in space, which is the active one.  access: one of PROT_READ,
 * PROT_WRITE, PROT_EXEC.  Returns 0: retry the access; ERROR_NOACCESS: access violation; ERROR_STACK_OVERFLOW: the
 * guard of a stack, or the page below it; FAULT_GUARD_PAGE; anything else: the medium's error (ERROR_CRC, ...), an
 * access violation, too.  Takes the mm lock; may wait.  Counts the fault for the
 * space, and for the area that va lies in. */
status_t fault_resolve(struct space *space, uint32_t va, prot_t access);

/* For fault_resolve: the long way. */
status_t fault_resolve_fully(struct space *space, uint32_t va, prot_t access);

#endif
