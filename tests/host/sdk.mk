# Host tests of the SDK's library: the parts that need no kernel, compiled with the 2-byte wchar_t that they have on the
# target, and under names of their own (sdk_names.h).
SDK_TESTS        := build/host/sdk_format_test build/host/sdk_text_test build/host/sdk_arguments_test
SDK_TEST_FLAGS   := -fshort-wchar -Wno-missing-prototypes -include tests/host/sdk_names.h
SDK_TEST_SOURCES := $(addprefix sdk/lib/,utf.c arguments.c format.c format_number.c format_float.c wide_string.c \
                    wide_number.c wide_convert.c letter_case.c integer_text.c)

$(SDK_TESTS): build/host/%: tests/host/%.c $(SDK_TEST_SOURCES) $(wildcard sdk/lib/*.h) tests/host/sdk_names.h \
              tests/host/sdk.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(SDK_TEST_FLAGS) -o $@ $< $(SDK_TEST_SOURCES) -lcmocka -lm

HOST_TESTS += $(SDK_TESTS)

# Heaps need nothing of the target but a source of memory.
SDK_HEAP_SOURCES := $(addprefix sdk/lib/,heap.c heap_bins.c heap_segment.c)
build/host/sdk_heap_test: tests/host/sdk_heap_test.c tests/host/fake_source.c tests/host/fake_source.h \
              $(SDK_HEAP_SOURCES) $(wildcard sdk/lib/heap*.h) tests/host/sdk.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $< tests/host/fake_source.c $(SDK_HEAP_SOURCES) -lcmocka

HOST_TESTS += build/host/sdk_heap_test

build/host/calendar_test: tests/host/calendar_test.c sdk/lib/calendar.c sdk/lib/calendar.h tests/host/sdk.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka

HOST_TESTS += build/host/calendar_test
