# Host tests of the cache checker.  Each is linked with the files of it that CACHECHECK_<test> names, or with the model:
# all files that need no QEMU, and the tests' own world.
CACHECHECK_TESTS := cachecheck_decode_test cachecheck_latency_test cachecheck_arguments_test cachecheck_coverage_test

CACHECHECK_cachecheck_decode_test    := tools/cachecheck/decode.c
CACHECHECK_cachecheck_latency_test   := tools/cachecheck/latency.c
CACHECHECK_cachecheck_arguments_test := tools/cachecheck/arguments.c tools/cachecheck/cpus.c
CACHECHECK_cachecheck_coverage_test  := tools/cachecheck/coverage.c

CACHECHECK_WORLD := $(filter-out %_test.c,$(wildcard tests/host/cachecheck_*.c))

$(addprefix build/host/,$(CACHECHECK_TESTS)): build/host/%: tests/host/%.c $(wildcard tests/host/cachecheck_*.h) \
                $(CACHECHECK_WORLD) $(CACHECHECK_PURE) $(CACHECHECK_HEADERS) tests/host/cachecheck.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $< $(or $(CACHECHECK_$*),$(CACHECHECK_PURE) $(CACHECHECK_WORLD)) -lcmocka

HOST_TESTS += $(addprefix build/host/,$(CACHECHECK_TESTS))
