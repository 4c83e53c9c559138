# Host tests of the cache checker.  Those of single files are linked with what CACHECHECK_<test> names.
CACHECHECK_TESTS := cachecheck_decode_test cachecheck_latency_test cachecheck_arguments_test cachecheck_coverage_test

CACHECHECK_cachecheck_decode_test    := tools/cachecheck/decode.c
CACHECHECK_cachecheck_latency_test   := tools/cachecheck/latency.c
CACHECHECK_cachecheck_arguments_test := tools/cachecheck/arguments.c tools/cachecheck/cpus.c
CACHECHECK_cachecheck_coverage_test  := tools/cachecheck/coverage.c

$(addprefix build/host/,$(CACHECHECK_TESTS)): build/host/%: tests/host/%.c $(CACHECHECK_PURE) $(CACHECHECK_HEADERS) \
                                                     tests/host/cachecheck.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $< $(CACHECHECK_$*) -lcmocka

HOST_TESTS += $(addprefix build/host/,$(CACHECHECK_TESTS))

# Those of the model share its objects (all files that need no QEMU) and the tests' own world.
CACHECHECK_MODEL_TESTS := cachecheck_again_test cachecheck_data_test cachecheck_whole_test cachecheck_frame_test \
                          cachecheck_flash_test \
                          cachecheck_code_test cachecheck_walk_test cachecheck_tlb_test cachecheck_tlb_size_test \
                          cachecheck_switch_test cachecheck_end_test cachecheck_asleep_test cachecheck_back_test cachecheck_reset_test cachecheck_restart_test cachecheck_blank_test cachecheck_count_test cachecheck_random_test cachecheck_spaces_random_test
CACHECHECK_WORLD   := $(filter-out %_test.c,$(wildcard tests/host/cachecheck_*.c))
CACHECHECK_OBJECTS := $(patsubst %.c,build/host/cachecheck/%.o,$(CACHECHECK_PURE) $(CACHECHECK_WORLD))

$(CACHECHECK_OBJECTS): build/host/cachecheck/%.o: %.c $(CACHECHECK_HEADERS) $(wildcard tests/host/cachecheck_*.h) \
                                                  tests/host/cachecheck.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -c -o $@ $<

$(addprefix build/host/,$(CACHECHECK_MODEL_TESTS)): build/host/%: tests/host/%.c $(CACHECHECK_OBJECTS)
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $< $(CACHECHECK_OBJECTS) -lcmocka

HOST_TESTS += $(addprefix build/host/,$(CACHECHECK_MODEL_TESTS))
