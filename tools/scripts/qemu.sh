#!/bin/sh
# qemu.sh BUILD FLASH [extra QEMU arguments]: boots a flash image in QEMU, console on standard input and output.
#
# BUILD is build/<board>, whose qemu.conf (made from board.mk) names the machine; FLASH is the padded image, which is
# not written to: what the guest programs is forgotten at the end unless FLASHIMG keeps it.
# From the environment: LAUNCH, RAM, FLASHIMG, ICOUNT, CHECK as `make help` tells them.  The exit status is QEMU's.
#
# ICOUNT=1 counts instructions, makes time of them, and begins on a day of its own, so that a run is the same each time.
#
# CHECK=1 runs the guest under the cache checker (docs/caches.md), which implies ICOUNT=1.  CHECK_REPORT is the file of its
# report (BUILD/check.report), CHECK_PLUGIN more arguments for it, in a list with commas.  Its findings are printed on
# standard error behind the run, and the exit status is 127 if there are any, or if the report is not complete.
set -eu
build=$1 flash=$2
shift 2
. "$build/qemu.conf" # machine, ram and flash of the board, cpu_model
# The sound chip of these boards makes QEMU talk about missing audio libraries unless it is told of this one.
quiet='-audiodev none,id=silent -global pl041.audiodev=silent'

fail() {
    echo "$*" >&2
    exit 1
}

# Whether a variable that is a switch is on.
is_set() {
    [ "${1:-0}" != 0 ]
}

# A name as an option of QEMU takes it: a comma ends it unless it is doubled.
doubled() {
    printf '%s' "$1" | sed 's/,/,,/g'
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
        set -- "$@" -drive "if=pflash,format=raw,file=$(doubled "$file")"
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
[ -z "${LAUNCH-}" ] || semihosting=$semihosting,arg=$(doubled "$LAUNCH")
if is_set "${ICOUNT-}" || is_set "${CHECK-}"; then
    set -- "$@" -icount shift=0,sleep=off -rtc base=2030-06-15T12:00:00,clock=vm
fi
if [ -t 0 ]; then # Ctrl-A X ends QEMU, Ctrl-C goes to the guest
    set -- "$@" -serial mon:stdio
else
    set -- "$@" -monitor none -serial stdio
fi

# shellcheck disable=SC2086 # machine and quiet are lists of arguments
set -- $machine -m "$ram" -nographic $quiet -nic none -no-reboot -semihosting-config "$semihosting" "$@"
is_set "${CHECK-}" || exec qemu-system-arm "$@"

# The checker sees RAM and all banks of flash, which follow each other.
checker=$PWD/build/host/cachecheck.so
report=${CHECK_REPORT:-$build/check.report}
[ -e "$checker" ] || fail "qemu.sh: CHECK=$CHECK: $checker is not there, make build/host/cachecheck.so"
plugin=$(doubled "$checker"),cpu=$cpu_model,report=$(doubled "$report"),ram=$ram_pa:$((ram << 20))
bank=0
while [ $bank -lt "$flash_banks" ]; do
    plugin=$plugin,flash=$((flash_pa + bank * flash_bytes)):$((flash_bytes)):$flash_block
    bank=$((bank + 1))
done
preempt=$(arm-none-eabi-nm "$build/kernel.elf" | sed -n 's/^\([0-9a-f]*\) . preempt$/0x\1/p')
plugin=$plugin${preempt:+,preempt=$preempt}${CHECK_PLUGIN:+,$CHECK_PLUGIN}

# QEMU runs beside this shell, which passes signals on, and must be told of its input.
rm -f "$report"
exec 3<&0
qemu-system-arm "$@" -singlestep -plugin "$plugin" <&3 &
qemu=$!
trap 'kill -TERM $qemu 2>/dev/null' TERM INT HUP
status=0
wait $qemu || status=$?
while kill -0 $qemu 2>/dev/null; do # a signal ended the wait
    status=0
    wait $qemu || status=$?
done

if ! tail -n 1 "$report" 2>/dev/null | grep -q '^summary: '; then
    echo "qemu.sh: $report is not complete" >&2
    exit 127
fi
grep -v '^site ' "$report" | tools/scripts/name-addresses "$build/kernel.elf" >&2
! grep -qE '^(finding|unknown operation) ' "$report" || exit 127
exit "$status"
