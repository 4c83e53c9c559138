# BOARD/failures: the test program of that name on a kernel in which any allocation can be made to fail.
#
#   build/<b>/fail/   that kernel, from the kernel's sources as they are and tests/failures/inject.c, and the test image
# Calls between files are led through inject.c by the linker, so that the files are compiled without -flto here.

F     := $(B)/fail
comma := ,

FAIL_WRAPPED := sys_clock heap_alloc heap_alloc_zero commit_charge page_alloc_charged page_unkeep range_find_gap
FAIL_OBJECTS := $(KERNEL_OBJECTS:$(B)/%=$(F)/%) $(F)/obj/tests/failures/inject.o
FAIL_CFLAGS   = $(filter-out -flto,$(KERNEL_CFLAGS))
FAIL_LDFLAGS := $(filter-out -flto%,$(KERNEL_LDFLAGS)) $(addprefix -Wl$(comma)--wrap=,$(FAIL_WRAPPED))

$(F)/obj/%.o: %.c $(KERNEL_RULES) tests/failures/failures.mk
	$(note) CC $@
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(FAIL_CFLAGS) -MMD -MP -c -o $@ $<

$(F)/obj/%.o: %.S $(KERNEL_RULES) tests/failures/failures.mk
	$(note) AS $@
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(FAIL_CFLAGS) -MMD -MP -c -o $@ $<

$(F)/kernel.elf: $(FAIL_OBJECTS) linker/kernel.ld
	$(note) LINK $@
	$(Q)$(CROSS)gcc $(FAIL_LDFLAGS) -o $@ $(FAIL_OBJECTS) -lgcc

$(F)/kernel.bin: $(F)/kernel.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

$(F)/test/situ.nb0: $(F)/kernel.bin $(B)/test/situ.nb0
	$(note) ROM $@
	@mkdir -p $(@D)
	$(Q)$(MKROM) -o $@ --kernel $< $(MKROM_FLAGS) $(TEST_IMAGE_FLAGS) $(B)/rom $(TEST_IMAGE_FILES) >$@.log

$(F)/test/flash.img: $(F)/test/situ.nb0
	$(Q)tools/scripts/pad-image $< $@ $(BOARD_FLASH_BYTES)

$(F)/qemu.conf: $(B)/qemu.conf
	@mkdir -p $(@D)
	@cp $< $@

fail-image: $(F)/test/flash.img $(F)/qemu.conf

-include $(FAIL_OBJECTS:.o=.d)

.PHONY: fail-image
