#!/bin/bash
# in real time: waits
# How far long work is: one line with a bar on a terminal, and nothing of it in the end.
. tests/cli/lib.sh

screen() { TERM=xterm python3 tests/cli/watch_terminal.py "$@"; }
erased=$'\r\033[K'
long=scenarios/migration_at_3s.yaml
short=scenarios/dashboard_hides_newer.yaml
recording=tests/recordings/1.20.3/poll-timeout-default.jsonl

expect_code 254 "Ctrl-C ends a run in real time" \
    screen 80 24 '\[[#.]+\] 0 of [0-9]+ s, [0-9]+ s left' \
    "$FRESHCHECK" run --live "$long" --implementation reference
expect_same "and takes its line away" "$erased" "${out: -4}"
expect_code 130 "Ctrl-C ends the making small of a failure" \
    screen 80 24 'of 3 failures made small' "$FRESHCHECK" explore --seed 3 --seeds 1 --jobs 1 \
    --implementation "./$BUILD/tests/shared_objects/aborts.so"
expect_text "and what was found is told" "$out" 'seed 3 breaks converges, layer endpoint'
expect_code 99 "what is over sooner than any line is shown" \
    screen 80 24 'cells, [0-9]+ a second' "$FRESHCHECK" run "$short"
expect_same "shows none" "" "$(grep -F "$erased" <<<"$out")"
expect_code 99 "--quiet is quiet on a terminal" \
    screen 80 24 ' s left' "$FRESHCHECK" run --live --quiet --format json "$short" --implementation reference
expect_same "and all that comes is data" "{" "${out:0:1}"
expect_code 0 "elsewhere" "$FRESHCHECK" run --live --quiet "$short" --implementation reference
expect_same "as well" "" "$err"

# A recording that comes through a pipe, slowly; how much it will be nobody knows.
slowly() { head -n 20 "$recording"; sleep 0.4; tail -n +21 "$recording"; }
export -f slowly
export recording
expect_code 99 "a recording is read" \
    screen 60 24 'never' bash -c "slowly | '$FRESHCHECK' check --brief -"
expect_text "by bytes" "$(tr '\r' '\n' <<<"$out")" '^[0-9]+ MB, [0-9]+ a second'
expect_text "and the line is gone before anything else is said" "$(tr '\r' '\n' <<<"$out")" \
    $'^\033\\[K- +age 3 s +'
expect_code 0 "elsewhere a line comes each five seconds only" bash -c "slowly | '$FRESHCHECK' check --brief -"
expect_same "so there is none" "" "$err"

expect_code 99 "TERM=dumb is a terminal" \
    env TERM=dumb python3 tests/cli/watch_terminal.py 60 24 'never' \
    bash -c "slowly | '$FRESHCHECK' check --brief -"
expect_same "whose cursor is not moved" "" "$(grep -F $'\033[K' <<<"$out")"
finish
