# Host tests of the ROM parts: image format, romfs, paths and searches, mkrom.  They run build/host/mkrom, from the root.
ROM_TEST_SUPPORT := tests/host/rom_support.c tests/host/rom_foreign.c fs/path.c fs/namespace.c fs/find.c $(ROMFS_SOURCES)
ROM_TESTS        := rom_codec_test romfs_test romfs_foreign_test rom_path_test mkrom_test mkrom_check_test

mkrom_check_test_EXTRA := tools/mkrom/check.c

$(addprefix build/host/,$(ROM_TESTS)): build/host/%: tests/host/%.c $(ROM_TEST_SUPPORT) $(wildcard tests/host/rom_*.h) \
                                                  $(MKROM_SOURCES) $(ROM_HEADERS) tests/host/rom.mk | build/host/mkrom
	$(note) HOSTCC $@
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -D_GNU_SOURCE -o $@ $< $(ROM_TEST_SUPPORT) $($*_EXTRA) -lcmocka -llz4

HOST_TESTS += $(addprefix build/host/,$(ROM_TESTS))
