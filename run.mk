# Running the image: QEMU, gdb, OpenOCD.  tools/scripts/qemu.sh knows the command line of QEMU, once for all uses.

# LAUNCH and the other variables reach the scripts by the environment, so that no shell reads them in between.
export LAUNCH ROMDIR RAM FLASHIMG ICOUNT CHECK CHECK_REPORT CHECK_PLUGIN

# CHECK=1: under the cache checker.
run: image $(if $(filter-out 0,$(CHECK)),build/host/cachecheck.so)
	@tools/scripts/qemu.sh $(B) $(B)/flash.img

debug: image
	@tools/scripts/debug.sh $(BOARD) $(B)

# The image goes to the flash's start address, where the board's reset or boot monitor finds it.
OPENOCD_PROGRAM := init; reset halt; flash write_image erase $(B)/situ.nb0 $(BOARD_FLASH_PA) bin; \
                   verify_image $(B)/situ.nb0 $(BOARD_FLASH_PA) bin; reset run; shutdown
flash: image
ifeq ($(BOARD_NAMED),)
	@echo "flash: name the board that is connected: make flash BOARD=$(BOARD)" >&2; exit 1
else ifeq ($(OPENOCD_ADAPTER),)
	@echo "flash: name the adapter: OPENOCD_ADAPTER=interface/<adapter>.cfg (OpenOCD's own files)" >&2; exit 1
else
	OPENOCD_ADAPTER='$(OPENOCD_ADAPTER)' openocd -f boards/$(BOARD)/openocd.cfg -c '$(OPENOCD_PROGRAM)'
endif
