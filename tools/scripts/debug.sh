#!/bin/sh
# debug.sh BOARD BUILD [gdb arguments]: starts QEMU stopped at reset, and gdb attached to it with Situ's commands.
#
# They talk over a socket of their own, so nothing else on the machine is in the way.  The console goes to
# BUILD/debug.log (follow it with tail -f).  QEMU ends with gdb.
set -eu
board=$1 build=$2
shift 2
work=$(mktemp -d)
: >"$build/debug.log"
tools/scripts/qemu.sh "$build" "$build/flash.img" -S -gdb "unix:$work/gdb,server=on,wait=off" \
    </dev/null >"$build/debug.log" 2>&1 &
qemu=$!
trap 'kill $qemu 2>/dev/null; rm -rf "$work"' EXIT
tries=0
while [ ! -S "$work/gdb" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 50 ] || ! kill -0 $qemu 2>/dev/null; then
        cat "$build/debug.log" >&2
        exit 1
    fi
    sleep 0.1
done
echo "$board: the console goes to $build/debug.log; commands: threads, processes, sections, views, handles"
gdb-multiarch -q "$build/kernel.elf" -ex 'set architecture arm' -ex "target remote $work/gdb" \
    -x tools/gdb/situ.py "$@"
