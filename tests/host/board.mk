# Host tests of what start-up computes.
build/host/ram_find_test: tests/host/ram_find_test.c arch/arm/ram.c arch/arm/ram.h include/types.h tests/host/board.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka

HOST_TESTS += build/host/ram_find_test
