/* The system time, for start-up. */
#ifndef KERNEL_SYSCALL_TIME_H
#define KERNEL_SYSCALL_TIME_H

/* Takes the date from the clock chip; on a board without one it is 2000-01-01.  Needs schedule_set_time. */
void time_init(void);

#endif
