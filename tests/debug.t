#!/bin/sh
# The debugger's commands, on the board BOARD: gdb stops the kernel when a program has mapped a file, and each command
# must show what there is.  Prints TAP.
set -u
board=${BOARD:-versatilepb}
build=build/$board
out=$(mktemp)
trap 'rm -f "$out"' EXIT
number=0

check() { # PATTERN NAME
    number=$((number + 1))
    if grep -qE "$1" "$out"; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        tail -n 30 "$out" | sed 's/^/# /'
    fi
}

# The program ends by unmapping its view: that is where all is there to be seen.
LAUNCH='romview.exe \Windows\UnicodeData.txt' RAM='' FLASHIMG='' ICOUNT=1 \
    timeout 120 tools/scripts/debug.sh "$board" "$build" -batch -ex threads -ex 'break view_unmap' -ex continue \
    -ex threads -ex processes -ex sections -ex views -ex handles -ex 'views 12345' -ex 'kill' </dev/null >"$out" 2>&1
check 'the kernel is not in its place yet' 'before start-up the commands say so'
check 'Breakpoint 1, (0x[0-9a-f]+ in )?view_unmap' 'gdb reaches the kernel and stops it'
check '\* thread +[0-9]+ +running +priority 251' 'threads shows the one that runs'
check ' 1 +[0-9]+ .*romview\.exe' 'processes shows the program'
check '^section 0x[0-9a-f]+.*in_place +1913704 bytes.*0x42000000' 'sections shows the file in place'
check '^  0x42[0-9a-f]+\.\.0x42[0-9a-f]+  offset 0x0  1913704 bytes  protection 1  faults 0' 'views shows the view'
check '^  0x[0-9a-f]+  mapping' 'handles shows the mapping'

number=$((number + 1))
if grep -qE "Python Exception|Error" "$out"; then
    echo "not ok $number - no command fails"
    tail -n 30 "$out" | sed "s|^|# |"
else
    echo "ok $number - no command fails"
fi
echo "1..$number"
