/* Every header of the SDK in strict C: compiled with -std=c99 -pedantic, where a header may only use what it includes.
 */
#include <wchar.h>

#include <excpt.h>
#include <msgqueue.h>
#include <situ.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tchar.h>
#include <tlhelp32.h>
#include <windows.h>

#include "tap.h"

int main(void) {
    OK(wcslen(L"strict") == 6, "a program in strict C");
    return tap_done();
}
