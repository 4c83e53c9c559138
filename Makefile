# Situ: everything is built, run and tested from here.  `make help` lists the commands.
#
# This file holds the commands; the rules behind them are in the fragments that it includes:
#   kernel.mk  kernel objects and kernel.elf          image.mk     ROM content, ROM image, flash image
#   run.mk     QEMU, OpenOCD, gdb                     tests/tests.mk, tests/bench/bench.mk, tests/caches/caches.mk
#   tools/tools.mk, sdk/sdk.mk, apps/apps.mk, boards/<b>/board.mk, tests/host/*.mk  are their parts' own
# All that is made lies under build/: build/<board>/ for one board, build/sdk, build/apps, build/host for all of them.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
SHELL := /bin/sh

# Boards that `make test` runs when none is named, and the one that all else takes then.
BOARDS      := versatilepb vexpress-a9
BOARD_NAMED := $(filter-out undefined default,$(origin BOARD))
BOARD       ?= versatilepb
TEST_BOARDS := $(if $(BOARD_NAMED),$(BOARD),$(BOARDS))
B           := build/$(BOARD)

# V=1 shows the commands.
ifeq ($(V),1)
Q      :=
note   = @: $(1) $(2)
else
Q      := @
note   = @printf '  %-8s%s\n' $(1) $(2)
endif

# A tool that is missing is installed before anything else is looked at.  help, deps and clean do without.
ifneq ($(filter-out help deps clean,$(or $(MAKECMDGOALS),all)),)
ifeq ($(MAKELEVEL),0)
ifneq ($(shell tools/scripts/deps --missing),)
$(info $(shell tools/scripts/deps >&2))
ifneq ($(.SHELLSTATUS),0)
$(error some tools are missing: see above)
endif
endif
endif

ifeq ($(wildcard boards/$(BOARD)/board.mk),)
$(error there is no board "$(BOARD)"; BOARD= may be one of: $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
endif

# Compilers and flags that the fragments share.
CROSS       := arm-none-eabi-
HOST_CC     := gcc
WARNINGS    := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror
HOST_CFLAGS := -std=gnu11 -O1 -g -I. $(WARNINGS) -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=all
FUZZ_CC     := clang-14
FUZZ_CFLAGS := -std=gnu11 -O1 -g -I. -Wall -Wextra -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
HOST_TESTS  :=
FUZZ_TESTS  :=

include boards/$(BOARD)/board.mk
include kernel.mk
-include tools/tools.mk
-include sdk/sdk.mk
-include apps/apps.mk
include image.mk
include run.mk
-include $(sort $(wildcard tests/host/*.mk tests/fuzz/*.mk))
-include tests/tests.mk
-include tests/failures/failures.mk
-include tests/bench/bench.mk
-include tests/caches/caches.mk
endif

.PHONY: all deps help clean sdk kernel objects image apps run test bench flash debug check-caches \
        check-caches-mutants check-latency

all: image

deps:
	@tools/scripts/deps

clean:
	rm -rf build

help:
	@cat tools/scripts/help.txt
