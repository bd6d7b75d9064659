#!/bin/bash
# A real cluster, and what is left of it: nothing, however its keeper ends.
#
# usage: tests/flink/test_cluster.sh [VERSION]      (default: 1.20.3)
# Prints TAP. Ends with 77 when Java or Flink's jars cannot be had.
cd "$(dirname "$0")/../.." || exit 1
. tests/flink/lib.sh
want java flink
version=${1:-1.20.3}
jars_of "$version"
# Folders of a cluster are made here, so that those of others are not counted.
export TMPDIR=$scratch/tmp
mkdir "$TMPDIR"

# keep COMMAND...: in the background, not deaf to Ctrl-C as plain background jobs are; sets $keeper.
keep() {
    rm -f "$scratch/said"
    python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execvp(sys.argv[1], sys.argv[1:])' "$@" >"$scratch/said" 2>"$scratch/complaints" &
    keeper=$!
}

# until_so COMMAND...: asks for two minutes.
until_so() {
    local end=$((SECONDS + 120))
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

said_something() { [ -s "$scratch/said" ] || ! kill -0 "$keeper" 2>/dev/null; }
java_runs() { pgrep -f -- "-Djava.io.tmpdir=$TMPDIR/" >/dev/null; }
no_java_runs() { ! java_runs; }

# left_nothing WHAT: neither a process nor a file.
left_nothing() {
    expect_same "$1: no process is left" "" "$(pgrep -f -- "-Djava.io.tmpdir=$TMPDIR/")"
    expect_same "$1: no file is left" "" "$(ls -A "$TMPDIR")"
}

start_cluster() {
    keep tests/flink/cluster.py "$version" "$@"
    until_so said_something
}

start_cluster taskmanager.numberOfTaskSlots=3
address=$(cat "$scratch/said")
expect_text "it answers as the version that was asked for, with the options that were given" \
    "$(curl -s "$address/jobmanager/config" "$address/overview")" \
    "taskmanager.numberOfTaskSlots\",\"value\":\"3\".*\"flink-version\":\"$version\""
for signal in INT TERM; do
    [ $signal = INT ] || start_cluster
    kill -s $signal "$keeper"
    wait "$keeper"
    left_nothing "SIG$signal"
done

start_cluster --job-manager-alone
expect_text "a JobManager alone has no slots" "$(curl -s "$(cat "$scratch/said")/overview")" \
    '"slots-total":0'
kill -KILL "$keeper"
wait "$keeper" 2>/dev/null
until_so no_java_runs
expect_same "a keeper that is killed takes its cluster along" "" \
    "$(pgrep -f -- "-Djava.io.tmpdir=$TMPDIR/")"
rm -rf "${TMPDIR:?}"/*

expect_code 69 "a cluster that refuses its options" \
    tests/flink/cluster.py "$version" web.refresh-interval=0
expect_text "the reason is Flink's own" "$err" 'should be larger than 0'
left_nothing "after a refusal"
expect_code 64 "an option without a value" tests/flink/cluster.py "$version" --fast

keep tests/flink/run_suite.py --no-docs "$version"
until_so java_runs
kill -INT "$keeper"
wait "$keeper"
expect_same "Ctrl-C ends the suite with 130" 130 $?
left_nothing "Ctrl-C in the suite"
finish
