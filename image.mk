# ROM content, ROM image and flash image.
#
#   build/<b>/rom/        the files that every image of the board holds, staged under their names in \Windows
#   build/<b>/situ.nb0    the image: kernel, those files and what ROMDIR adds
#   build/<b>/flash.img   the image padded with 0xff to the size of the flash chip: what QEMU and OpenOCD take
#   build/<b>/test/, build/<b>/bench/   the same two for the images with the test and the benchmark programs

UNICODE_DIR := /usr/share/unicode
MKROM       := build/host/mkrom


ROM_FILES := $(APP_FILES) $(UNICODE_DIR)/UnicodeData.txt $(UNICODE_DIR)/NamesList.txt $(B)/UnicodeData.txt.crc32 LICENSE
# Name in the ROM of what is called something else outside.
ROM_LICENCES := LICENSE=Situ-licence.txt \
                /usr/share/doc/unicode-data/copyright=Unicode-licence.txt \
                /usr/share/doc/libnewlib-dev/copyright=newlib-licence.txt

MKROM_FLAGS := --base $(BOARD_FLASH_VA) --flash-size $(BOARD_FLASH_BYTES) --compress NamesList.txt

image: $(B)/situ.nb0 $(B)/flash.img $(B)/qemu.conf

$(B)/UnicodeData.txt.crc32: $(UNICODE_DIR)/UnicodeData.txt tools/scripts/crc32
	@mkdir -p $(@D)
	$(Q)tools/scripts/crc32 $< >$@

# ROMDIR may change from one call to the next, and so may its files: their list is what the image depends on.
$(B)/romdir.list: FORCE
	@mkdir -p $(@D)
	@tools/scripts/list-romdir "$$ROMDIR" $@

$(B)/rom.stamp: $(ROM_FILES) image.mk
	@rm -rf $(B)/rom && mkdir -p $(B)/rom
	@cp $(filter-out LICENSE,$(ROM_FILES)) $(B)/rom/
	@for pair in $(ROM_LICENCES); do cp "$${pair%%=*}" "$(B)/rom/$${pair#*=}" || exit 1; done
	@touch $@

# ROMDIR is quoted by the shell: its name may hold blanks.
$(B)/situ.nb0: $(B)/kernel.bin $(B)/rom.stamp $(B)/romdir.list $(MKROM)
	$(note) ROM $@
	$(Q)$(MKROM) -o $@ --kernel $(B)/kernel.bin $(MKROM_FLAGS) $(B)/rom $${ROMDIR:+"$$ROMDIR"}

# $(1): test or bench; $(2): the files that its image holds besides those of the plain one; $(3): more for mkrom
define extra_image
$(B)/$(1)/situ.nb0: $(B)/kernel.bin $(B)/rom.stamp $(MKROM)
	$$(note) ROM $$@
	@mkdir -p $$(@D)
	$$(Q)$(MKROM) -o $$@ --kernel $(B)/kernel.bin $(MKROM_FLAGS) $(3) $(B)/rom $(2) >$$@.log || { cat $$@.log; exit 1; }
endef

$(B)/flash.img $(B)/test/flash.img $(B)/bench/flash.img: %flash.img: %situ.nb0 tools/scripts/pad-image
	$(Q)tools/scripts/pad-image $< $@ $(BOARD_FLASH_BYTES)

# What tools/scripts/qemu.sh needs to know of the board.
$(B)/qemu.conf: boards/$(BOARD)/board.mk image.mk
	@mkdir -p $(@D)
	@printf '%s\n' "machine='$(BOARD_QEMU)'" "ram='$(BOARD_RAM)'" "flash_bytes='$(BOARD_FLASH_BYTES)'" \
	    "flash_banks='$(BOARD_FLASH_BANKS)'" \
	    "flash_pa='$(BOARD_FLASH_PA)'" "flash_block='$(BOARD_FLASH_BLOCK)'" "ram_pa='$(BOARD_RAM_PA)'" \
	    "cpu_model='$(BOARD_CPU_MODEL)'" >$@

FORCE:
.PHONY: FORCE
