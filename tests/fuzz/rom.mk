# Fuzz targets of the ROM parts.
ROM_FUZZ_SOURCES := fs/path.c fs/namespace.c fs/find.c $(ROMFS_SOURCES)

build/host/romfs_fuzz: tests/fuzz/romfs_fuzz.c $(ROM_FUZZ_SOURCES) $(ROM_HEADERS) tests/fuzz/rom.mk | build/host/mkrom
	$(note) FUZZCC $@
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -D_GNU_SOURCE -o $@ $< $(ROM_FUZZ_SOURCES)

build/host/lz4_fuzz: tests/fuzz/lz4_fuzz.c fs/lz4.c fs/lz4.h tests/fuzz/rom.mk
	$(note) FUZZCC $@
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $< fs/lz4.c -llz4

FUZZ_TESTS += build/host/romfs_fuzz build/host/lz4_fuzz
