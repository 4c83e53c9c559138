# The cache checker over the tests (docs/testing.md): check-caches, check-caches-mutants, check-latency; and kernels
# with one maintenance call taken out, which the second of them runs.
#
#   build/<b>/check/       what the checker said of each test, and what maintenance was of no use
#   build/<b>/latency/     the longest stretches with interrupts or preemption off in each test
#   build/<b>/mutant-<n>/  kernel and test image without call n of tools/scripts/maintenance-sites

CHECKER   := build/host/cachecheck.so
CHECK_ENV := LAUNCH= ROMDIR= RAM= FLASHIMG= ICOUNT= CHECK= CHECK_REPORT= CHECK_PLUGIN= MAKEFLAGS=

check-images: $(CHECKER)
	@for board in $(TEST_BOARDS); do \
	    $(MAKE) --no-print-directory BOARD=$$board test-image build/$$board/test/names || exit 1; \
	done

check-caches: check-images
	@status=0; for board in $(TEST_BOARDS); do $(CHECK_ENV) tests/caches/check $$board || status=1; done; exit $$status

# What the tests reach is known from the run that must find nothing.
check-caches-mutants: check-caches
	@$(CHECK_ENV) tests/caches/mutants $(TEST_BOARDS)

check-latency: check-images
	@status=0; for board in $(TEST_BOARDS); do $(CHECK_ENV) tests/caches/latency $$board || status=1; done; exit $$status

ifneq ($(MUTANT),)
M := $(B)/mutant-$(MUTANT)

ifneq ($(filter-out all mutant mutant-image,$(MAKECMDGOALS)),)
$(error MUTANT=n goes with no other command: it builds $(B)/mutant-n)
endif

all: mutant

# The changed file may be a header: what includes it is known when the kernel itself has been built.
mutant: test-image
	@$(MAKE) --no-print-directory mutant-image
endif

ifneq ($(filter mutant-image,$(MAKECMDGOALS)),)
MUTANT_FILE := $(shell tools/scripts/maintenance-sites --file $(BOARD) $(MUTANT))
ifeq ($(MUTANT_FILE),)
$(error MUTANT=$(MUTANT): a number of tools/scripts/maintenance-sites $(BOARD) is wanted)
endif
MUTANT_CHANGED := $(patsubst %.d,%.o,$(shell grep -lwF $(MUTANT_FILE) $(KERNEL_OBJECTS:.o=.d)))
MUTANT_OBJECTS := $(foreach object,$(KERNEL_OBJECTS),\
                      $(if $(filter $(object),$(MUTANT_CHANGED)),$(object:$(B)/%=$(M)/%),$(object)))

$(KERNEL_HOT:%=$(M)/obj/%.o): KERNEL_OPT := -O2 -flto

$(M)/source/$(MUTANT_FILE): $(MUTANT_FILE)
	@mkdir -p $(@D)
	$(Q)tools/scripts/maintenance-sites $(BOARD) $(MUTANT) >$@

$(filter $(M)/%,$(MUTANT_OBJECTS)): $(M)/obj/%.o: $(M)/source/$(MUTANT_FILE)
	$(note) CC $@
	@mkdir -p $(@D)
	$(Q)for source in $(M)/source/$*.c $(M)/source/$*.S $*.c $*.S; do \
	    [ ! -e $$source ] || exec $(CROSS)gcc -I$(M)/source $(KERNEL_CFLAGS) -c -o $@ $$source; \
	done; exit 1

$(M)/kernel.elf: $(MUTANT_OBJECTS)
	$(note) LINK $@
	$(Q)$(CROSS)gcc $(KERNEL_LDFLAGS) -o $@ $(MUTANT_OBJECTS) -lgcc

$(M)/kernel.bin: $(M)/kernel.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

$(M)/test/situ.nb0: $(M)/kernel.bin $(B)/test/situ.nb0
	$(note) ROM $@
	@mkdir -p $(@D)
	$(Q)$(MKROM) -o $@ --kernel $< $(MKROM_FLAGS) $(TEST_IMAGE_FLAGS) $(B)/rom $(TEST_IMAGE_FILES) >$@.log

$(M)/test/flash.img: $(M)/test/situ.nb0
	$(Q)tools/scripts/pad-image $< $@ $(BOARD_FLASH_BYTES)

$(M)/qemu.conf: $(B)/qemu.conf
	@mkdir -p $(@D)
	@cp $< $@

mutant-image: $(M)/test/flash.img $(M)/qemu.conf
endif

.PHONY: check-images mutant mutant-image
