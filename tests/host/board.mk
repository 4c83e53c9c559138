# Host tests of what start-up computes, and of each board's tables.
build/host/ram_find_test: tests/host/ram_find_test.c arch/arm/ram.c arch/arm/ram.h include/types.h tests/host/board.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka

# The constants of a board.mk as -D flags.
board_constants = $(shell sed -n -E 's/^(BOARD_(FLASH|KERNEL)_[A-Z]+|BOARD_RAM_PA) *:= */-D\1=/p' boards/$(1)/board.mk)

build/host/board_%_test: tests/host/board_tables_test.c boards/%/board.c boards/%/board.mk include/board.h \
                         include/device.h include/layout.h drivers/clock.h drivers/timer.h tests/host/board.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(call board_constants,$*) -DBOARD_RAM_VA=BOARD_KERNEL_VA -DBOARD_NAME='"$*"' \
	    -o $@ $(filter %.c,$^) -lcmocka

HOST_TESTS += build/host/ram_find_test $(BOARDS:%=build/host/board_%_test)

# kprintf has formats of its own, which the compiler's check of printf does not know.
build/host/print_test: tests/host/print_test.c drivers/print.c include/print.h drivers/uart.h tests/host/board.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka

HOST_TESTS += build/host/print_test

build/host/clock_test: tests/host/clock_test.c drivers/clock.c drivers/rtc.c drivers/timer.c drivers/clock.h \
                       drivers/timer.h drivers/rtc.h include/divide.h drivers/irq.h include/board.h include/device.h tests/host/board.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka

HOST_TESTS += build/host/clock_test
