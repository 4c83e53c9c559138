#!/bin/bash
# The image starts whatever ran before, and finds all RAM.  BOARD names the board (default: versatilepb); the flash
# image is build/$BOARD/flash.img, or FLASH.  Only the line that start-up prints is looked at, and once the shell's, whose
# first system call is then the second SVC of all.  From the environment, too: BUILD and CHECK as for tests/run-target, and CASES, an extended regular expression: only what matches it, of
# lines like "boot-1 from reset", is run.
set -u
board=${BOARD:-versatilepb}
build=${BUILD:-build/$board}
flash=${FLASH:-$build/flash.img}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0 case_number=0 last='^Situ on '
. tests/caches/checked.sh

value() { # one constant of board.mk
    sed -n "s/^$1 *:= *//p" "boards/$board/board.mk"
}

# boot FLASH MEGABYTES [QEMU arguments]: runs until a line that matches $last was printed, and prints all up to there
boot() {
    local image=$1 ram=$2
    shift 2
    mkfifo "$work/out" "$work/in"
    ICOUNT='' LAUNCH='' FLASHIMG='' RAM=$ram timeout "$(timeout_of 20)" tools/scripts/qemu.sh "$build" "$image" "$@" \
        <"$work/in" >"$work/out" 2>/dev/null &
    local qemu=$!
    exec 3>"$work/in"
    sed -u "/$last/q" <"$work/out"
    exec 3>&-
    kill $qemu 2>/dev/null
    wait $qemu 2>/dev/null
    rm "$work/out" "$work/in"
}

result() { # STATUS NAME TEXT
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        sed 's/^/# /' <<<"$3"
    fi
}

# check NAME MEGABYTES-EXPECTED FLASH MEGABYTES [QEMU arguments]
check() {
    local name=$1 expected=$2 output
    shift 2
    case_number=$((case_number + 1))
    [[ "boot-$case_number $name" =~ ${CASES:-} ]] || return 0
    check_as "boot-$case_number"
    output=$(boot "$@" | tr -d '\r')
    grep -q "^Situ on $board, $expected MB RAM" <<<"$output" && grep -q "$last" <<<"$output"
    result $? "$name" "$output"
    if is_checked; then
        output=$(check_verdict "$work"/*.elf)
        result $? "$name: the cache checker found nothing" "$output"
    fi
}

# preloaded: makes $work/flash.img, the flash with the preloader in its free half
preloaded() {
    local offset=$((0x01f00000)) pa=$(($(value BOARD_FLASH_PA)))
    local flags
    case $(value BOARD_ARCH) in
    v5) flags='-march=armv5te -DSITU_ARMV5' ;;
    v7) flags='-march=armv7-a -DSITU_ARMV7' ;;
    esac
    # shellcheck disable=SC2086 # flags is a list
    arm-none-eabi-gcc $flags -marm -nostdlib -DIMAGE_PA="$(value BOARD_FLASH_PA)" \
        -DRAM_PA="$(value BOARD_RAM_PA)" -Wl,-Ttext="$(printf 0x%x $((pa + offset)))" -Wl,--build-id=none \
        -g -o "$work/preloader.elf" tests/target/boot/preloader.S || return
    arm-none-eabi-objcopy -O binary "$work/preloader.elf" "$work/preloader.bin"
    cp --sparse=always "$flash" "$work/flash.img" && chmod u+w "$work/flash.img"
    dd if="$work/preloader.bin" of="$work/flash.img" bs=4096 seek=$((offset / 4096)) conv=notrunc status=none
    local branch
    branch=$(printf '%08x' $((0xea000000 | ((offset - 8) / 4))))
    printf "\\x${branch:6:2}\\x${branch:4:2}\\x${branch:2:2}\\x${branch:0:2}" |
        dd of="$work/flash.img" conv=notrunc status=none
}

shopt -s nullglob
check "from reset" 128 "$flash" 128
last='help lists the commands' check "without a semihosting host" 128 "$flash" 128 -semihosting-config enable=off
case $board in
versatilepb) sizes='16 17 64 100 255 256' ;;
vexpress-a9) sizes='16 17 64 512 895 896' ;;
esac
for size in $sizes; do
    check "$size MB of RAM" "$size" "$flash" "$size"
done
preloaded && check "after a boot loader that left MMU and caches on" 128 "$work/flash.img" 128
if [ "$board" = vexpress-a9 ]; then
    check "more RAM than the address table holds" 896 "$flash" 1024
    check "in the secure state" 128 "$flash" 128 -M vexpress-a9,secure=on
    check "with four processors" 128 "$flash" 128 -smp 4
fi
echo "1..$number"
