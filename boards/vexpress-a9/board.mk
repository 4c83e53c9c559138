# What the build, the image tools and the emulator need to know of this board.
BOARD_ARCH   := v7
BOARD_CFLAGS := -mcpu=cortex-a9 -marm -mfloat-abi=soft -mno-unaligned-access -DSITU_ARMV7

# Where the ROM image lies: physical, in the static map; the size of one bank; how many banks the
# machine has, one -drive for each (the next begins where one ends); bytes of an erase block of the bank.
BOARD_FLASH_PA    := 0x40000000
BOARD_FLASH_VA    := 0x80000000
BOARD_FLASH_BYTES := 0x04000000
BOARD_FLASH_BANKS := 2
BOARD_FLASH_BLOCK := 0x40000

# Where the kernel runs: physical (the start of the RAM), and in the static map.
BOARD_KERNEL_PA := 0x60000000
BOARD_KERNEL_VA := 0x88000000
BOARD_RAM_PA    := 0x60000000

# The constants for board.c and for linker/kernel.ld.
BOARD_CFLAGS  += -DBOARD_FLASH_PA=$(BOARD_FLASH_PA) -DBOARD_FLASH_VA=$(BOARD_FLASH_VA) \
                 -DBOARD_FLASH_BYTES=$(BOARD_FLASH_BYTES) -DBOARD_RAM_PA=$(BOARD_RAM_PA) -DBOARD_RAM_VA=$(BOARD_KERNEL_VA)
BOARD_LDFLAGS := -Wl,--defsym=BOARD_FLASH_PA=$(BOARD_FLASH_PA) -Wl,--defsym=BOARD_KERNEL_PA=$(BOARD_KERNEL_PA) \
                 -Wl,--defsym=BOARD_KERNEL_VA=$(BOARD_KERNEL_VA)

# The emulator: machine; megabytes of RAM by default and at most.  The flash images go to "-drive if=pflash", bank 0
# (the ROM image) first.  Timer 1 counts instructions.  secure=off: in the secure state this emulator takes the user mode's
# alignment check from the other bank of SCTLR; the boot test starts it in the secure state, too.
BOARD_QEMU    := -M vexpress-a9,secure=off -global sp804.freq1=1000000000
BOARD_RAM     := 128
BOARD_RAM_MAX := 1024

# The processor that the cache checker takes this machine for (tools/cachecheck/cpus.c), since the emulator has no caches.
BOARD_CPU_MODEL := cortex-a9

# Kind of the instruction counter.
BOARD_COUNTER := sp804
