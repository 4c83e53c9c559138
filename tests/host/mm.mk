# Host tests of mm on the fake machine, each built for the rules of both architectures.  Calls between files that allocate
# are led through the fake kernel, which lets the Nth of them fail.
MM_TESTS   := mm_page_test mm_heap_test mm_range_test mm_area_test mm_private_test mm_private_random_test \
              mm_stack_test mm_view_test mm_view_random_test mm_pager_test mm_fail_test
MM_SOURCES := $(sort $(wildcard mm/*.c)) $(addprefix tests/host/fake_,kernel.c machine.c mmu.c quick.c)
MM_HEADERS := $(wildcard mm/*.h include/*.h arch/*.h tests/host/fake_*.h)
MM_WRAP    := heap_alloc heap_alloc_zero commit_charge page_alloc_charged
MM_FLAGS   := -Itests/host $(addprefix -Wl$(shell printf ',')--wrap=,$(MM_WRAP))

$(addsuffix _v5,$(addprefix build/host/,$(MM_TESTS))): build/host/%_v5: tests/host/%.c
$(addsuffix _v7,$(addprefix build/host/,$(MM_TESTS))): build/host/%_v7: tests/host/%.c

MM_TARGETS := $(foreach v,5 7,$(addsuffix _v$(v),$(addprefix build/host/,$(MM_TESTS))))

# The objects that all tests of an architecture share.
define mm_objects
MM_OBJECTS_$(1) := $$(patsubst %.c,build/host/mm_v$(1)/%.o,$$(MM_SOURCES))
$$(MM_OBJECTS_$(1)): build/host/mm_v$(1)/%.o: %.c $$(MM_HEADERS) tests/host/mm.mk
	$$(call note,HOSTCC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CC) $$(HOST_CFLAGS) -Itests/host -DSITU_ARMV$(1) -c -o $$@ $$<
$$(filter %_v$(1),$$(MM_TARGETS)): $$(MM_OBJECTS_$(1)) $$(MM_HEADERS)
	$$(call note,HOSTCC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CC) $$(HOST_CFLAGS) $$(MM_FLAGS) -DSITU_ARMV$(1) -o $$@ $$(filter tests/host/%_test.c,$$^) \
	        $$(MM_OBJECTS_$(1)) -lcmocka
endef
$(eval $(call mm_objects,5))
$(eval $(call mm_objects,7))

HOST_TESTS += $(MM_TARGETS)
