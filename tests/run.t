#!/bin/sh
# What a user does with an image, on the board BOARD: the shell by hand, LAUNCH, ROMDIR, RAM, FLASHIMG; images that are
# damaged.  Prints TAP.  CHECK as for tests/run-target.
set -u
board=${BOARD:-versatilepb}
build=build/$board
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0 run_number=0
export ICOUNT=1 LAUNCH= RAM= FLASHIMG=
. tests/caches/checked.sh

# check CONDITION-STATUS NAME: the status of the command before; on failure the console follows.
check() {
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        tail -n 20 "$work/console" | sed 's/^/# /'
    fi
}

# run FLASH [arguments of QEMU]: standard input is the console's input; leaves $work/console and $status.
run() {
    run_number=$((run_number + 1))
    check_as "run-$run_number"
    timeout "$(timeout_of 60)" tools/scripts/qemu.sh "$build" "$@" >"$work/raw" 2>&1
    status=$?
    tr -d '\r' <"$work/raw" | grep -v '^summary: ' >"$work/console"
    if is_checked; then
        verdict=$(check_verdict)
        [ -z "$verdict" ]
        check $? "run $run_number: the cache checker found nothing"
        [ -z "$verdict" ] || printf '%s\n' "$verdict" | sed 's/^/# /'
    fi
}
said() {
    grep -qE "$1" "$work/console"
}

# The line end before the first command takes the place of what a UART loses that is not set up yet.
printf '\nhelp\ndir\ntype UnicodeData.txt.crc32\nmem\nps\nviews\nverify\nhello.exe one two\nmissing\nexit\n' >"$work/input"
run "$build/flash.img" <"$work/input"
[ $status = 0 ] && said '^situ: exit 0 \(0x00000000\), leaks none'
check $? 'the shell ends by exit, and nothing is leaked'
said 'UnicodeData\.txt' && said '1913704'
check $? 'dir lists the files with their sizes'
said "$(cat "$build/UnicodeData.txt.crc32")"
check $? 'type prints a file'
said 'Hello from' && said 'argument 2: two'
check $? 'a program by name, with arguments'
said 'shell\.exe'
check $? 'ps lists the shell'
said '^physical memory +[0-9]+ KB, free [0-9]+ KB, promised [0-9]+ KB, of [0-9]+ KB at most'
check $? 'mem tells what there is and what is promised'
said '[Mm]issing' && ! said 'kernel stopped'
check $? 'an unknown command is told'

# The shell is process 4, what it starts 8 and so on.
printf '\nstart child.exe sleep 4000000000\nstart child.exe spin\nhello.exe\nps -t\nkill 8\nkill 12\nkill 12\nkill x\nps\nexit 3\n' \
    >"$work/input"
run "$build/test/flash.img" <"$work/input"
[ $status = 3 ] && said '^situ: exit 3 \(0x00000003\), leaks none'
check $? 'the shell ends when what it has started has ended'
said '^process 8$' && said '^process 12$'
check $? 'start tells the id of the process'
[ "$(grep -c '^ *\(8\|12\) .*child\.exe$' "$work/console")" = 2 ]
check $? 'ps lists what was started, until kill ends it'
[ "$(grep -c '^ *thread .*waiting$' "$work/console")" = 1 ] && [ "$(grep -c '^ *thread .*running$' "$work/console")" = 1 ] &&
    [ "$(grep -c '^ *thread .*ready$' "$work/console")" = 1 ]
check $? 'ps -t lists the threads, one that runs, one that waits, one that is ready'
said '^shell: kill: there is no process 12$' && said '^usage: kill'
check $? 'kill of a process that is not there is told'

# A watchdog restarts the machine: the second start finds the console's input where the first one left it, but for the
# few hundred bytes that had been taken in already.
{
    printf '\nchild.exe reset\n'
    yes '' | head -n 600
    printf 'hello.exe again\nexit 7\n'
} >"$work/input"
run "$build/test/flash.img" -action reboot=reset <"$work/input"
[ $status = 7 ] && [ "$(grep -c '^Situ on .*RAM$' "$work/console")" = 2 ] && said 'argument 1: again' &&
    ! said '^child\.exe: not restarted'
check $? 'a watchdog restarts the machine, and all begins anew'

LAUNCH='die.exe null-write' run "$build/test/flash.img" </dev/null
[ "$(grep -c '^situ: process' "$work/console")" = 1 ] &&
    said '^situ: process 4 \(\\Windows\\die\.exe\) thread 8 ended: access violation 0xc0000005 writing 0x00000000 at pc 0x'
check $? 'an exception that nobody handles is told in one line'

LAUNCH='romview.exe \Windows\UnicodeData.txt' run "$build/flash.img" </dev/null
[ $status = 0 ]
check $? 'romview ends with 0: no page of RAM, no page fault, the right CRC'
LAUNCH='hello.exe a,b "c d"' run "$build/flash.img" </dev/null
said 'argument 1: a,b' && said 'argument 2: c d'
check $? 'commas and quotes in LAUNCH'
LAUNCH='missing.exe' run "$build/flash.img" </dev/null
[ $status = 125 ] && said '^situ: not started: missing\.exe'
check $? 'LAUNCH of a program that is not there: 125, and a line'
RAM=64 LAUNCH=hello.exe run "$build/flash.img" </dev/null
[ $status = 0 ] && said '64 MB RAM'
check $? 'RAM=64'

LAUNCH='bigmemory.exe' run "$build/flash.img" </dev/null
[ $status = 0 ] && said 'the sum is 50044.50' && said 'of 256 MB: refused' && said 'written and read'
check $? 'bigmemory: what is not there is refused, what is there works'

# 512 MB of memory in one object: where the board can have 1 GB, and where it has not.
if [ "$board" = vexpress-a9 ]; then
    RAM=1024 LAUNCH='shared.exe 512' run "$build/test/flash.img" </dev/null
    [ $status = 0 ] && ! said '^not ok'
    check $? 'RAM=1024: a mapping object of 512 MB'
    RAM=512 LAUNCH='shared.exe refuse 512' run "$build/test/flash.img" </dev/null
    [ $status = 0 ] && ! said '^not ok'
    check $? 'RAM=512: 512 MB are refused at the call'
    RAM=1024 LAUNCH='bigmemory.exe 512' run "$build/flash.img" </dev/null
    [ $status = 0 ] && said '^800 MB in one call: committed' && said 'of 512 MB: made'
    check $? 'RAM=1024: bigmemory with all it asks for'
fi

# An image with two more files, as ROMDIR makes it; its flash is kept in a file.
mkdir "$work/more" && echo 'more and more' >"$work/more/more.txt" && cp build/apps/hello.exe "$work/more/My Hello.exe"
flash_va=$(sed -n 's/^BOARD_FLASH_VA *:= *//p' "boards/$board/board.mk")
build/host/mkrom -o "$work/more.nb0" --kernel "$build/kernel.bin" --base "$flash_va" "$build/rom" "$work/more" \
    >"$work/console" 2>&1 && tools/scripts/pad-image "$work/more.nb0" "$work/more.img" 0x04000000
check $? 'mkrom adds a directory to the image'
printf '\ntype more.txt\n"My Hello.exe" x\nexit\n' >"$work/input"
FLASHIMG=$work/kept.img run "$work/more.img" <"$work/input"
said '^more and more' && said 'argument 1: x'
check $? 'its files are in \Windows'
cmp -s "$work/more.img" "$work/kept.img"
check $? 'FLASHIMG is made from the image'
printf '\nexit\n' >"$work/input"
FLASHIMG=$work/kept.img run "$build/flash.img" <"$work/input"
cmp -s "$work/more.img" "$work/kept.img"
check $? 'and kept by the next run'
rm -f "$work"/kept.img*

# The first program of README.md, as it stands there.
mkdir "$work/my" && printf 'my file' >"$work/my/first.txt"
sed -n "/cat > first.c/,/^    TEXT/p" README.md | sed '1d;$d;s/^    //' >"$work/first.c"
build/sdk/bin/situ-cc -Wall -Werror -o "$work/my/first.exe" "$work/first.c" >"$work/console" 2>&1 &&
    build/host/mkrom -o "$work/my.nb0" --kernel "$build/kernel.bin" --base "$flash_va" "$build/rom" "$work/my" \
        >"$work/console" 2>&1 && tools/scripts/pad-image "$work/my.nb0" "$work/my.img" 0x04000000
check $? 'the first program of README.md compiles'
LAUNCH=first.exe run "$work/my.img" </dev/null
said '^my file at 0x42[0-9a-f]*, in the flash itself|^my file at 42[0-9a-f]*, in the flash itself'
check $? 'and runs'

# damaged OFFSET: one byte of the image at an offset behind the ROM header changed; the kernel must refuse to mount.
header=$(od -An -tu4 -j 72 -N 4 "$work/more.nb0" | tr -d ' ')
for place in 64 72 $header $((header + 16)) $((header + 48)) $((header + 84)) $((header + 100)) $((header + 115)); do
    cp "$work/more.img" "$work/bad.img"
    byte=$(od -An -tu1 -j "$place" -N 1 "$work/bad.img")
    printf "\\$(printf %03o $((byte ^ 16)))" | dd of="$work/bad.img" bs=1 seek="$place" conv=notrunc status=none
    run "$work/bad.img" </dev/null
    [ $status = 125 ] && ! said 'kernel stopped' && ! said '^situ: exit'
    check $? "a damaged byte at $place of the image is refused: $(tail -n 1 "$work/console")"
done
head -c $(($(wc -c <"$work/more.nb0") / 2)) "$work/more.nb0" >"$work/half.nb0"
tools/scripts/pad-image "$work/half.nb0" "$work/half.img" 0x04000000
LAUNCH='hello.exe' run "$work/half.img" </dev/null
! said 'kernel stopped'
check $? "half an image does not stop the kernel: $(tail -n 1 "$work/console")"
echo "1..$number"
