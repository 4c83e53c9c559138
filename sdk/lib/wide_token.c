/* CE's wcstok with two arguments: the place is the thread's, in its library words. */
#include "sdk/lib/syscall.h"
#include <wchar.h>

#define TOKEN_WORD 0 /* of abi_thread_block.library */

wchar_t *__situ_wcstok(wchar_t *text, const wchar_t *delimiters) {
    wchar_t **state = (wchar_t **)(void *)&thread_block()->library[TOKEN_WORD];
    return (wcstok)(text, delimiters, state);
}
