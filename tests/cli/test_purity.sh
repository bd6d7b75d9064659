#!/bin/bash
# The proof of purity holds, and fails when a pure room reads a clock or keeps writable data.
. tests/cli/lib.sh

case $BUILD in
*asan* | *coverage*) echo "ok - purity is proven on the plain builds"; finish ;;
esac
expect_code 0 "all pure rooms are pure" scripts/check-purity "$BUILD"
# Whether the script finds what is impure does not depend on the compiler.
[ "${BUILD##*/}" = gcc ] || finish

mkdir "$scratch/build"
cp "$BUILD"/lib{base,gateway,rest_endpoint,mock_jobmanager,harness_judge,harness_advice,harness_flink_config}.a "$scratch/build"
spoil() { # WHAT CODE PATTERN
    printf '%s\n' "$2" >"$scratch/spoilt.c"
    cc -c -o "$scratch/spoilt.o" "$scratch/spoilt.c"
    cp "$BUILD/libharness_judge.a" "$scratch/build/"
    ar rcs "$scratch/build/libharness_judge.a" "$scratch/spoilt.o"
    expect_code 1 "$1 is found" scripts/check-purity "$scratch/build"
    expect_text "$1 is named" "$out" "$3"
}
spoil "a clock call" '#include <time.h>
long spoilt(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec; }' \
    'harness_judge reaches clock_gettime'
spoil "writable data" 'int spoilt_counter = 1; int spoilt(void) { return ++spoilt_counter; }' \
    'harness_judge keeps writable data: spoilt_counter'
spoil "a call into a room it may not look at" 'void *endpoint_new(void *); void *spoilt(void) { return endpoint_new(0); }' \
    'harness_judge reaches endpoint_new'
finish
