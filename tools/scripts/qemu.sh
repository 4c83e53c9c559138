#!/bin/sh
# qemu.sh BUILD FLASH [extra QEMU arguments]: boots a flash image in QEMU, console on standard input and output.
#
# BUILD is build/<board>, whose qemu.conf (made from board.mk) names the machine; FLASH is the padded image, which is
# not written to: what the guest programs is forgotten at the end unless FLASHIMG keeps it.
# From the environment: LAUNCH, RAM, FLASHIMG, ICOUNT as `make help` tells them.  The exit status is QEMU's.
set -eu
build=$1 flash=$2
shift 2
. "$build/qemu.conf" # machine, ram, flash_bytes, flash_banks
# The sound chip of these boards makes QEMU talk about missing audio libraries unless it is told of this one.
quiet='-audiodev none,id=silent -global pl041.audiodev=silent'

fail() {
    echo "$*" >&2
    exit 1
}

ram=${RAM:-$ram}
case $ram in
*[!0-9]* | '' | 0*) fail "RAM=$ram: a number of megabytes is wanted" ;;
esac

# One -drive for each bank of the board, in its order; the image lies in the first.
if [ -n "${FLASHIMG-}" ]; then
    if [ ! -e "$FLASHIMG" ]; then
        cp "$flash" "$FLASHIMG"
    elif ! cmp -s "$flash" "$FLASHIMG"; then
        echo "qemu.sh: $FLASHIMG is booted as it was kept, not the image that was just built" >&2
    fi
    bank=0
    while [ $bank -lt "$flash_banks" ]; do
        file=$FLASHIMG
        [ $bank = 0 ] || file=$FLASHIMG.$bank
        [ -e "$file" ] || tools/scripts/pad-image /dev/null "$file" "$flash_bytes"
        if [ "$(wc -c <"$file")" != $((flash_bytes)) ]; then # QEMU refuses another size
            tools/scripts/pad-image "$file" "$file" "$flash_bytes"
        fi
        set -- "$@" -drive "if=pflash,format=raw,file=$(echo "$file" | sed 's/,/,,/g')"
        bank=$((bank + 1))
    done
else
    set -- "$@" -drive "if=pflash,format=raw,snapshot=on,file=$flash"
    bank=1
    while [ $bank -lt "$flash_banks" ]; do
        [ -e "$build/erased.img" ] || tools/scripts/pad-image /dev/null "$build/erased.img" "$flash_bytes"
        set -- "$@" -drive "if=pflash,format=raw,snapshot=on,file=$build/erased.img"
        bank=$((bank + 1))
    done
fi

semihosting=enable=on,target=native
if [ -n "${LAUNCH-}" ]; then # a comma ends an option's value unless it is doubled
    semihosting=$semihosting,arg=$(printf '%s' "$LAUNCH" | sed 's/,/,,/g')
fi
[ "${ICOUNT-}" = '' ] || [ "$ICOUNT" = 0 ] || set -- "$@" -icount shift=0,sleep=off
if [ -t 0 ]; then # Ctrl-A X ends QEMU, Ctrl-C goes to the guest
    set -- "$@" -serial mon:stdio
else
    set -- "$@" -monitor none -serial stdio
fi

# shellcheck disable=SC2086 # machine and quiet are lists of arguments
exec qemu-system-arm $machine -m "$ram" -nographic $quiet -nic none -no-reboot -semihosting-config "$semihosting" "$@"
