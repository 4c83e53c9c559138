# Host programs.
TOOL_CFLAGS := -std=gnu11 -O2 -g -I. $(WARNINGS)

ROMFS_SOURCES := fs/romformat.c fs/crc32.c fs/lz4.c fs/romname.c fs/cp1252.c fs/romfs.c fs/romfs_mount.c fs/romfs_read.c
MKROM_SOURCES := $(sort $(wildcard tools/mkrom/*.c)) $(ROMFS_SOURCES)
ROM_HEADERS   := $(wildcard tools/mkrom/*.h fs/*.h) include/types.h include/status.h include/abi.h

build/host/mkrom: $(MKROM_SOURCES) $(ROM_HEADERS) tools/tools.mk
	$(note) HOSTCC $@
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TOOL_CFLAGS) -D_GNU_SOURCE -o $@ $(MKROM_SOURCES) -llz4
