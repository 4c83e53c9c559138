# Host programs.
TOOL_CFLAGS := -std=gnu11 -O2 -g -I. $(WARNINGS)

ROMFS_SOURCES := fs/romformat.c fs/crc32.c fs/lz4.c fs/romname.c fs/cp1252.c fs/romfs.c fs/romfs_mount.c fs/romfs_read.c
MKROM_SOURCES := $(sort $(wildcard tools/mkrom/*.c)) $(ROMFS_SOURCES)
ROM_HEADERS   := $(wildcard tools/mkrom/*.h fs/*.h) include/types.h include/status.h include/abi.h

build/host/mkrom: $(MKROM_SOURCES) $(ROM_HEADERS) tools/tools.mk
	$(note) HOSTCC $@
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TOOL_CFLAGS) -D_GNU_SOURCE -o $@ $(MKROM_SOURCES) -llz4

# The cache checker, a plugin of QEMU.  Of its files only these need QEMU; the tests are linked with the others.
CACHECHECK_SOURCES := $(sort $(wildcard tools/cachecheck/*.c))
CACHECHECK_HEADERS := $(wildcard tools/cachecheck/*.h)
CACHECHECK_PURE    := $(filter-out $(addprefix tools/cachecheck/,plugin.c guest.c report.c),$(CACHECHECK_SOURCES))

build/host/cachecheck.so: $(CACHECHECK_SOURCES) $(CACHECHECK_HEADERS) tools/tools.mk
	$(note) HOSTCC $@
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TOOL_CFLAGS) -flto -fPIC -shared -fvisibility=hidden -o $@ $(CACHECHECK_SOURCES)
