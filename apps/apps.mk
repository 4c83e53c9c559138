# The programs in apps/: build/apps/*.exe, each made by situ-cc of one file of its name or of all files in a folder of
# its name.  The unstripped copies for gdb lie beside them as *.exe.debug.
APPS      := bigmemory hello pingpong romview shell
APP_FILES := $(APPS:%=build/apps/%.exe)
APP_FLAGS := -Wall -Wextra -Wshadow -Wconversion -Werror -g

apps: $(APP_FILES)

build/apps/%.exe: apps/%.c $(SDK_STAMP)
	@mkdir -p $(@D)
	$(call note,SITU-CC,$@)
	$(Q)$(SITU_CC) $(APP_FLAGS) -o $@ $<

build/apps/shell.exe: $(wildcard apps/shell/*.c apps/shell/*.h) $(SDK_STAMP)
	@mkdir -p $(@D)
	$(call note,SITU-CC,$@)
	$(Q)$(SITU_CC) $(APP_FLAGS) -o $@ $(filter %.c,$^)
