/* What the checker found, as text.
 *
 *   finding N: NAME (M times)         a block for each finding: indented lines follow, with va=, pa= and pc= of the
 *                                     access, va= and pc= of the other party, and the sentence that explains it
 *   unknown operation 0xWORD pc=0x... maintenance that the model knows nothing of: its silence proves nothing
 *   site pc=0x... NAME executed N useless M
 *   latency irq_off|preempt_off N from pc=0x... to pc=0x...
 *   summary: findings N, operations N, useless N, instructions N
 *
 * The summary comes last: a report without it is not complete.
 */
#ifndef TOOLS_CACHECHECK_REPORT_H
#define TOOLS_CACHECHECK_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Empties the file, which is written at the end.  False: that is not possible, errno tells why. */
bool report_open(const char *file);

/* One line on standard error for each finding of the model from the index-th on; returns how many there are now. */
size_t report_new_findings(size_t index);

/* The instruction at pc is maintenance that is not known: said once on standard error, kept for the report. */
void report_unknown(uint32_t instruction, uint32_t pc);

/* Writes the report: findings and sites if caches, stretches if latency.  instructions: how many were executed.  False:
 * an error, in errno. */
bool report_write(bool caches, bool latency, uint64_t instructions);

#endif
