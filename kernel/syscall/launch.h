/* The first program, and the end of the run. */
#ifndef KERNEL_SYSCALL_LAUNCH_H
#define KERNEL_SYSCALL_LAUNCH_H

/* Body of the kernel's own thread: starts the program that the semihosting host names, or the shell, serves the
 * watchdogs until no process is left, compares what must be as it was, prints the closing line, and ends the machine.
 */
void launch_main(void *unused);

#endif
