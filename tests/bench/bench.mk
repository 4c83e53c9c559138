# `make bench`: the programs of tests/bench in an image of their own, run under exact counting.

BENCH_SOURCES  := $(sort $(wildcard tests/bench/*.c))
BENCH_PROGRAMS := $(BENCH_SOURCES:tests/bench/%.c=build/bench/%.exe)
BENCH_DATA     := build/bench/data/16m.bin

build/bench/%.exe: tests/bench/%.c tests/bench/bench.h $(TARGET_HEADERS) $(SDK_STAMP) tests/bench/bench.mk
	$(call note,SITU-CC,$@)
	@mkdir -p $(@D)
	$(Q)$(SITU_CC) $(TARGET_CFLAGS) -o $@ $<

$(BENCH_DATA):
	@mkdir -p $(@D)
	$(Q)seq -f %07.0f 0 2097151 | head -c 16777216 >$@

$(B)/bench/situ.nb0: $(BENCH_PROGRAMS) $(BENCH_DATA)
$(eval $(call extra_image,bench,$(BENCH_PROGRAMS) $(BENCH_DATA),--system bench_irq.exe))

bench-image: image $(B)/bench/flash.img

# Only the lines themselves go to the standard output.
bench:
	@$(MAKE) --no-print-directory bench-image >&2
	@LAUNCH= ROMDIR= RAM= FLASHIMG= CHECK= tests/bench/run $(BOARD)
