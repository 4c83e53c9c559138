# The kernel: every source of the parts, compiled for the board's architecture into build/<b>/obj, linked into
# kernel.elf and cut to kernel.bin, which mkrom puts at offset 0x1000 of the image.

KERNEL_SOURCES := $(sort $(wildcard arch/arm/*.[cS] arch/arm/$(BOARD_ARCH)/*.[cS] mm/*.c kernel/*.c \
                    kernel/syscall/*.c drivers/*.c fs/*.c boards/*.c boards/$(BOARD)/*.c))
KERNEL_OBJECTS := $(patsubst %,$(B)/obj/%.o,$(basename $(KERNEL_SOURCES)))

KERNEL_CPU := $(BOARD_CFLAGS)

# Small everywhere, fast where every call passes: the kernel is optimised as a whole when it is linked (-flto), each
# function at the level of its file.
KERNEL_OPT := -Os -flto
KERNEL_HOT := arch/arm/$(BOARD_ARCH)/maintain arch/arm/quick mm/area mm/area_commit mm/fault_quick mm/range mm/range_gap \
              mm/section \
              kernel/schedule kernel/wait kernel/syscall/fast kernel/syscall/mapping kernel/syscall/table fs/path \
              drivers/clock drivers/counter24 drivers/gic drivers/irq drivers/pl190 drivers/sp804 drivers/timer
$(KERNEL_HOT:%=$(B)/obj/%.o): KERNEL_OPT := -O2 -flto

# -fno-delete-null-pointer-checks: address 0 is memory on some boards, and gcc turns an access to it into UDF.
KERNEL_CFLAGS  = $(KERNEL_CPU) -std=gnu11 $(KERNEL_OPT) -g -I. $(WARNINGS) -DROMFS_FOREIGN=0 -ffreestanding -fno-common \
                 -fno-stack-protector \
                 -ffunction-sections -fdata-sections -fno-move-loop-invariants -fno-delete-null-pointer-checks -fno-asynchronous-unwind-tables \
                 -ffile-prefix-map=$(CURDIR)=.
KERNEL_LDFLAGS := $(KERNEL_CPU) -Os -flto -flto-partition=one -nostdlib -Wl,--gc-sections -Wl,--build-id=none \
                  -Wl,--no-warn-rwx-segments -Wl,--fatal-warnings -Wl,-T,linker/kernel.ld \
                  $(BOARD_LDFLAGS)
KERNEL_RULES   := Makefile kernel.mk boards/$(BOARD)/board.mk

ifneq ($(words $(sort $(KERNEL_OBJECTS))),$(words $(KERNEL_OBJECTS)))
$(error two kernel sources of one folder differ only in .c and .S)
endif

objects: $(KERNEL_OBJECTS)
kernel: $(B)/kernel.bin

$(B)/obj/%.o: %.c $(KERNEL_RULES)
	$(note) CC $<
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: %.S $(KERNEL_RULES)
	$(note) AS $<
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/kernel.elf: $(KERNEL_OBJECTS) linker/kernel.ld $(KERNEL_RULES)
	$(note) LINK $@
	$(Q)$(CROSS)gcc $(KERNEL_LDFLAGS) -Wl,-Map,$(B)/kernel.map -o $@ $(KERNEL_OBJECTS) -lgcc

$(B)/kernel.bin: $(B)/kernel.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

-include $(KERNEL_OBJECTS:.o=.d)
