# What the build, the image tools and the emulator need to know of this board.
BOARD_ARCH   := v5
BOARD_CFLAGS := -march=armv5te -mtune=arm926ej-s -marm -mfloat-abi=soft -DSITU_ARMV5

# Where the ROM image lies: physical, in the static map; the size of one bank; how many banks the
# machine has, one -drive for each (the next begins where one ends); bytes of an erase block of the bank.
BOARD_FLASH_PA    := 0x34000000
BOARD_FLASH_VA    := 0x80000000
BOARD_FLASH_BYTES := 0x04000000
BOARD_FLASH_BANKS := 1
BOARD_FLASH_BLOCK := 0x40000

# Where the kernel runs: physical (the start of the RAM), and in the static map.
BOARD_KERNEL_PA := 0x00000000
BOARD_KERNEL_VA := 0x90000000
BOARD_RAM_PA    := 0x00000000

# The constants for board.c and for linker/kernel.ld.
BOARD_CFLAGS  += -DBOARD_FLASH_PA=$(BOARD_FLASH_PA) -DBOARD_FLASH_VA=$(BOARD_FLASH_VA) \
                 -DBOARD_FLASH_BYTES=$(BOARD_FLASH_BYTES) -DBOARD_RAM_PA=$(BOARD_RAM_PA) -DBOARD_RAM_VA=$(BOARD_KERNEL_VA)
BOARD_LDFLAGS := -Wl,--defsym=BOARD_FLASH_PA=$(BOARD_FLASH_PA) -Wl,--defsym=BOARD_KERNEL_PA=$(BOARD_KERNEL_PA) \
                 -Wl,--defsym=BOARD_KERNEL_VA=$(BOARD_KERNEL_VA)

# The emulator: machine; megabytes of RAM by default and at most.  The flash image goes to "-drive if=pflash"; the
# machine does not start from flash by itself, so the program counter is set.  Timer 1 counts instructions.
BOARD_QEMU    := -M versatilepb -global sp804.freq1=1000000000 -device loader,addr=0x34000000,cpu-num=0
BOARD_RAM     := 128
BOARD_RAM_MAX := 256

# The processor that the cache checker takes this machine for (tools/cachecheck/cpus.c), since the emulator has no caches.
BOARD_CPU_MODEL := arm926

# Kind of the instruction counter.
BOARD_COUNTER := sp804
