# Host programs.  HOST_CC, HOST_CFLAGS come from the main Makefile; the defaults serve a make of this file alone.
HOST_CC ?= gcc
TOOL_CFLAGS ?= -std=gnu11 -O2 -g -I. -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror

ROMFS_SOURCES := fs/crc32.c fs/lz4.c fs/romname.c fs/cp1252.c fs/romfs.c fs/romfs_mount.c fs/romfs_read.c
MKROM_SOURCES := $(wildcard tools/mkrom/*.c) $(ROMFS_SOURCES)
MKROM := build/host/mkrom

$(MKROM): $(MKROM_SOURCES) $(wildcard tools/mkrom/*.h fs/*.h) include/types.h include/status.h tools/tools.mk
	@mkdir -p $(@D)
	$(HOST_CC) $(TOOL_CFLAGS) -D_GNU_SOURCE -o $@ $(MKROM_SOURCES) -llz4
