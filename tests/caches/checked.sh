# Read by the tests that run QEMU: with CHECK=1 their runs are under the cache checker (tools/scripts/qemu.sh), which
# must find nothing.  The tests set $build.
#
# What the checker writes is $build/check/NAME.report, and with COVERAGE=1 NAME.coverage.*, the addresses of all
# instructions of the kernel that were executed, also at an alias of the flash at 0.  CHECK_FOLDER is another folder
# for it.
plugin_arguments=${CHECK_PLUGIN-}
check_folder=${CHECK_FOLDER:-$build/check}

is_checked() {
    [ "${CHECK:-0}" != 0 ]
}

# The start and end of the kernel's sections of code.
code_ranges() {
    arm-none-eabi-readelf -SW "$build/kernel.elf" | sed 's/\[ *//' | awk '$8 == "AX" { print $4, $6 }' |
        while read -r start bytes; do
            printf "0x%s:0x%x\n" "$start" $((0x$start + 0x$bytes))
        done
}

# check_as NAME: what the next run of QEMU is called.
check_as() {
    checked_name=$1
    is_checked || return 0
    mkdir -p "$check_folder"
    rm -f "$check_folder/$1".report "$check_folder/$1".coverage.*
    export CHECK_REPORT="$check_folder/$1.report" CHECK_PLUGIN="$plugin_arguments"
    if [ "${COVERAGE:-0}" != 0 ]; then
        for range in 0:0x10000 $(code_ranges); do
            CHECK_PLUGIN=${CHECK_PLUGIN:+$CHECK_PLUGIN,}coverage=$check_folder/$1.coverage.${range%:*}:$range
        done
    fi
}

# check_verdict ELF...: prints what is wrong with the report of that run, nothing if it found nothing.  The ELF files
# are those of the code that ran besides the kernel.
check_verdict() {
    ! is_checked || tests/caches/verdict "$check_folder/$checked_name.report" "$build/kernel.elf" "$@"
}

# timeout_of SECONDS: how long a run may take; the checker makes it several times slower.
timeout_of() {
    if is_checked; then
        echo $(($1 * 10))
    else
        echo "$1"
    fi
}
