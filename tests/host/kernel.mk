# Host tests of kernel parts that need no machine: what is below them is the test's own.
build/host/handle_test: tests/host/handle_test.c kernel/handle.c kernel/handle.h kernel/object.h include/abi.h \
                        include/list.h tests/host/kernel.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka

HOST_TESTS += build/host/handle_test
