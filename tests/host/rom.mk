# Host tests of the ROM parts: image format, romfs, paths and searches, mkrom.
ROM_TEST_SUPPORT := tests/host/rom_support.c tests/host/rom_foreign.c fs/path.c fs/namespace.c fs/find.c $(ROMFS_SOURCES)
ROM_TESTS        := rom_codec_test romfs_test romfs_foreign_test rom_path_test
ROM_TEST_FLAGS   := -D_GNU_SOURCE

$(addprefix build/host/,$(ROM_TESTS)): build/host/%: tests/host/%.c $(ROM_TEST_SUPPORT) $(wildcard tests/host/rom_*.h) \
                                                  $(ROM_HEADERS) build/host/mkrom tests/host/rom.mk
	$(call note,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(ROM_TEST_FLAGS) -o $@ $< $(ROM_TEST_SUPPORT) $($*_EXTRA) -lcmocka -llz4

HOST_TESTS += $(addprefix build/host/,$(ROM_TESTS))
