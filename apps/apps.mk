# The programs in apps/, each from one source of its name (shell from a folder of its own): build/apps/*.exe.
APPS      := hello
APP_FILES := $(APPS:%=build/apps/%.exe)

apps: $(APP_FILES)

build/apps/%.exe: apps/%.c $(SDK_STAMP)
	@mkdir -p $(@D)
	$(note) SITU-CC $@
	$(Q)$(SITU_CC) -Wall -Wextra -Wshadow -Wconversion -Werror -g -o $@ $<
