# The SDK: build/sdk, which programs are built with and which may be copied anywhere.
#
#   bin/situ-cc    the compiler command          include/   windows.h and the others, situ/abi.h, situ/layout.h
#   lib/           crt0.o, libcoredll.a, libsitucxx.a, situ.ld, and newlib's libraries made ready:
#                  libc.a and libstdc++.a are the packaged ones with some functions renamed: those on wide characters
#                  (newlib_wide.syms), which have 4 bytes there and 2 here, so that a program either finds our function
#                  or does not link; and in libc.a those of stdio (newlib_stdio.syms) that libcoredll.a has
#                  with a lock around them.  What libcoredll.a has itself is taken out of libc.a (make-libc).
#
# Others depend on $(SDK_STAMP), which stands for all of it.

SDK         := build/sdk
SDK_STAMP   := $(SDK)/.stamp
SITU_CC     := $(SDK)/bin/situ-cc
SDK_CC      := $(CROSS)gcc
SDK_CXX     := $(CROSS)g++
SDK_MACHINE := -march=armv5te -marm -mfloat-abi=soft -fshort-wchar
SDK_FLAGS   := $(SDK_MACHINE) -O2 -g -ffunction-sections -fdata-sections -fno-strict-aliasing -fno-builtin-printf \
               -DUNDER_CE=0x600 -D_WIN32_WCE=0x600 -DUNICODE -D_UNICODE -I. -isystem $(SDK)/include -MMD -MP
SDK_CFLAGS  := $(SDK_FLAGS) -std=gnu11 $(WARNINGS)
SDK_CXXFLAGS := $(SDK_FLAGS) -std=gnu++17 -fno-exceptions -fno-rtti -Wall -Wextra -Wshadow -Wconversion -Werror

SDK_HEADERS := $(patsubst sdk/include/%,$(SDK)/include/%,$(wildcard sdk/include/*.h)) \
               $(SDK)/include/situ/abi.h $(SDK)/include/situ/layout.h
SDK_OBJECTS := $(patsubst sdk/lib/%.c,$(SDK)/obj/%.o,$(filter-out sdk/lib/start.c,$(wildcard sdk/lib/*.c))) \
               $(patsubst sdk/lib/%.S,$(SDK)/obj/%.o,$(wildcard sdk/lib/*.S))
SDK_CXX_OBJECTS := $(patsubst sdk/lib/%.cc,$(SDK)/obj/%.o,$(wildcard sdk/lib/*.cc))
SDK_FILES   := $(SDK_HEADERS) $(SDK)/bin/situ-cc $(addprefix $(SDK)/lib/,crt0.o situ.ld libcoredll.a libsitucxx.a libc.a \
               libm.a libstdc++.a)
NEWLIB_FILE  = $(shell $(SDK_CC) $(SDK_MACHINE) -print-file-name=$(1))

sdk: $(SDK_STAMP)

$(SDK_STAMP): $(SDK_FILES)
	@touch $@

$(SDK)/include/%.h: sdk/include/%.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(SDK)/include/situ/%.h: include/%.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(SDK)/bin/situ-cc: sdk/bin/situ-cc
	@mkdir -p $(@D)
	$(Q)cp $< $@ && chmod 755 $@

$(SDK)/lib/situ.ld: sdk/situ.ld
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(SDK)/obj/%.o: sdk/lib/%.c | $(SDK_HEADERS)
	@mkdir -p $(@D)
	$(call note,CC,$<)
	$(Q)$(SDK_CC) $(SDK_CFLAGS) -c -o $@ $<

$(SDK)/obj/%.o: sdk/lib/%.S | $(SDK_HEADERS)
	@mkdir -p $(@D)
	$(call note,AS,$<)
	$(Q)$(SDK_CC) $(SDK_FLAGS) -c -o $@ $<

$(SDK)/obj/%.o: sdk/lib/%.cc | $(SDK_HEADERS)
	@mkdir -p $(@D)
	$(call note,CXX,$<)
	$(Q)$(SDK_CXX) $(SDK_CXXFLAGS) -c -o $@ $<

$(SDK)/lib/crt0.o: $(SDK)/obj/start.o
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(SDK)/lib/libcoredll.a: $(SDK_OBJECTS)
	@mkdir -p $(@D)
	$(call note,AR,$@)
	$(Q)rm -f $@ && $(CROSS)ar rcsD $@ $^

$(SDK)/lib/libsitucxx.a: $(SDK_CXX_OBJECTS)
	@mkdir -p $(@D)
	$(call note,AR,$@)
	$(Q)rm -f $@ && $(CROSS)ar rcsD $@ $^

NEWLIB_RENAMES := sdk/lib/newlib_wide.syms sdk/lib/newlib_stdio.syms
$(SDK)/lib/libc.a: $(SDK)/lib/libcoredll.a $(NEWLIB_RENAMES) sdk/make-libc
	@mkdir -p $(@D)
	$(call note,MAKE-LIBC,$@)
	$(Q)CROSS=$(CROSS) sdk/make-libc $(call NEWLIB_FILE,libc.a) $< $@ $(NEWLIB_RENAMES)

$(SDK)/lib/libstdc++.a: sdk/lib/newlib_wide.syms
	@mkdir -p $(@D)
	$(call note,OBJCOPY,$@)
	$(Q)$(CROSS)objcopy -D --strip-debug --redefine-syms=$< $(call NEWLIB_FILE,libstdc++.a) $@

$(SDK)/lib/libm.a:
	@mkdir -p $(@D)
	$(Q)$(CROSS)objcopy -D --strip-debug $(call NEWLIB_FILE,libm.a) $@

-include $(wildcard $(SDK)/obj/*.d)
