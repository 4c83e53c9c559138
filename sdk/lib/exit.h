/* What the end of a process needs of the library besides the standard's exit, atexit and abort. */
#ifndef SDK_LIB_EXIT_H
#define SDK_LIB_EXIT_H

/* Writes out what stdio still holds, if the program uses stdio at all. */
void exit_flush(void);

/* The C++ ABI's registration of destructors; returns 0, or -1: no memory. */
int __cxa_atexit(void (*function)(void *), void *argument, void *module);

#endif
