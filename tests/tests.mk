# `make test`: host tests, static checks, short fuzzing, then the target tests on every board, all under prove.
#
#   build/tests/*.exe            test programs, one source each of tests/target, for all boards
#   build/tests/data/            test files and bad executables for the ROM
#   build/<b>/test/situ.nb0      the plain image's files, the test programs and those
# tests/run-test tells what the names in the list of tests mean.

TARGET_SOURCES  := $(sort $(wildcard tests/target/*.c tests/target/*.cc))
TARGET_PROGRAMS := $(patsubst tests/target/%,build/tests/%.exe,$(basename $(TARGET_SOURCES)))
TARGET_HEADERS  := $(wildcard tests/target/*.h) tests/failures/inject.h
TARGET_CFLAGS   := -Wall -Wextra -Wno-unused-function -Werror -g -I tests/target -I tests/bench -I tests/failures
TEST_DATA       := build/tests/data.stamp

STATIC_TESTS := $(patsubst tests/static/%,static/%,$(sort $(wildcard tests/static/*)))
HOST_NAMES    = $(HOST_TESTS:build/host/%=host/%)
MODEL_NAMES  := $(patsubst tests/models/%.pml,host/model_%,$(sort $(wildcard tests/models/*.pml)))
FUZZ_NAMES    = $(FUZZ_TESTS:build/host/%=fuzz/%)
# The lines of tests/target/list that are for the board's architecture.
TARGET_NAMES := $(shell awk '!/^\#/ && !/^long-/ && NF >= 4 && ($$3 == "all" || $$3 == "$(BOARD_ARCH)") { print "$(BOARD)/" $$1 }' \
                    tests/target/list)

test-programs: $(TARGET_PROGRAMS)

# The same test at other levels of optimisation.
build/tests/exceptions_o0.exe: TARGET_CFLAGS += -O0 -Wno-return-type
build/tests/exceptions_o3.exe: TARGET_CFLAGS += -O3
build/tests/exceptions_os.exe: TARGET_CFLAGS += -Os
build/tests/strict.exe: TARGET_CFLAGS += -std=c99 -pedantic
build/tests/exceptions_o0.exe build/tests/exceptions_o3.exe build/tests/exceptions_os.exe: tests/target/exceptions.c

build/tests/%.exe: tests/target/%.c $(TARGET_HEADERS) $(SDK_STAMP) tests/tests.mk
	$(call note,SITU-CC,$@)
	@mkdir -p $(@D)
	$(Q)$(SITU_CC) $(TARGET_CFLAGS) -o $@ $<

build/tests/%.exe: tests/target/%.cc $(TARGET_HEADERS) $(SDK_STAMP) tests/tests.mk
	$(call note,SITU-CC,$@)
	@mkdir -p $(@D)
	$(Q)$(SITU_CC) $(TARGET_CFLAGS) -o $@ $<

$(TEST_DATA): build/tests/child.exe tests/target/make-data tests/target/make-bad-exe
	@rm -rf build/tests/data && mkdir -p build/tests/data
	$(Q)tests/target/make-data build/tests/data
	$(Q)tests/target/make-bad-exe $< build/tests/data
	$(Q)cp $< build/tests/data/packed.exe
	@touch $@

$(B)/test/situ.nb0: $(TARGET_PROGRAMS) $(TEST_DATA)
TEST_IMAGE_FILES := $(TARGET_PROGRAMS) build/tests/data
TEST_IMAGE_FLAGS := --compress "packed.*" --system driver.exe
$(eval $(call extra_image,test,$(TEST_IMAGE_FILES),$(TEST_IMAGE_FLAGS)))

test-image: image $(B)/test/flash.img
host-tests: $(HOST_TESTS) $(FUZZ_TESTS)

$(B)/test/names: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(TARGET_NAMES) >$@

# What concerns one board is made by a make of its own, one after the other: they share the SDK and the programs.
# prove runs the quick things first; two tests at a time.
PROVE_JOBS ?= 2
test: host-tests build/host/cachecheck.so
	@for board in $(TEST_BOARDS); do \
	    $(MAKE) --no-print-directory BOARD=$$board test-image fail-image bench-image build/$$board/test/names || exit 1; \
	done
	@LAUNCH= ROMDIR= RAM= FLASHIMG= ICOUNT= CHECK= CHECK_REPORT= CHECK_PLUGIN= MAKEFLAGS= TEST_BOARDS="$(TEST_BOARDS)" \
	    prove --jobs $(PROVE_JOBS) --exec tests/run-test \
	    $(STATIC_TESTS) $(HOST_NAMES) $(MODEL_NAMES) $(FUZZ_NAMES) \
	    $$(for board in $(TEST_BOARDS); do \
        echo $$board/boot $$board/run $$board/debug $$board/caches $$board/bench $$board/failures; cat build/$$board/test/names; done)

# 32 threads at all kinds of objects, about a hundred million instructions a seed.
check-stress:
	@for board in $(TEST_BOARDS); do \
	    $(MAKE) --no-print-directory BOARD=$$board test-image || exit 1; \
	done
	@LAUNCH= ROMDIR= RAM= FLASHIMG= ICOUNT= CHECK= MAKEFLAGS= prove --jobs $(PROVE_JOBS) --exec tests/run-test \
	    $$(for board in $(TEST_BOARDS); do awk -v board=$$board '/^long-/ { print board "/" $$1 }' tests/target/list; done)

.PHONY: check-stress test-programs test-image bench-image host-tests
