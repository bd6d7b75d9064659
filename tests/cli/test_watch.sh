#!/bin/bash
# in real time: waits
# Watching a running cluster, which here is the mock: what is shown while it goes on and at the end,
# and what the exit code says.
. tests/cli/lib.sh
. tests/cli/served.sh

watch() { "$FRESHCHECK" watch "$@" "$url"; }
file=$scratch/session.jsonl

# --- timeout 0 holds -----------------------------------------------------------------------------

start --flink 1.20.3 -D rest.cache.checkpoint-statistics.timeout=0s
expect_code 0 "what is fresh passes" watch --rate 30 --trigger 200ms --duration 1100ms -o "$file"
expect_text "by the claim of its settings" "$out" "^$file  fresh       pass; worst lag seen [0-9]+ ms over [0-9]+ reads"
expect_text "with how stale it was" "$out" "^$file  [0-9]+ of [0-9]+ answers lacked a checkpoint; on average"
expect_text "elsewhere than on a terminal it shows lines" "$err" \
    '^0:00:01  [0-9]+ requests; J 00000000 at [0-9]+, worst [0-9]+ ms stale'
expect_same "and moves no cursor" "" "$(grep -c $'\033' <<<"$err" | tr -d 0)"
shown=$out
expect_code 0 "the recording is kept" "$FRESHCHECK" check "$file"
expect_same "and says the same" "$shown" "$out"
expect_code 73 "it is not written over" watch --duration 100ms -o "$file"
expect_code 0 "--quiet is quiet" watch --quiet --format json --rate 50 --duration 600ms
expect_same "on stderr" "" "$err"
expect_text "and JSON is one object" \
    "$(python3 -c 'import json, sys; r, = json.loads(sys.argv[1])["results"]; print(r["subject"], r["claim"], r["verdict"])' "$out")" \
    "^$url fresh pass\$"

# --- a terminal ----------------------------------------------------------------------------------

screen() { TERM=xterm LC_ALL=C.UTF-8 python3 tests/cli/watch_terminal.py "$@"; }
expect_code 0 "Ctrl-C is the normal end" \
    screen 80 24 'fresh +.{0,12}pass' "$FRESHCHECK" watch --rate 30 --trigger 200ms "$url"
expect_text "the screen is drawn in place" "$out" $'\033\[[0-9]+A\033\[K'
expect_text "with colours" "$out" $'\033\[32mpass'
# How high they are is not for this test to say: an answer may be behind by the moment in which a
# checkpoint is finalised.
expect_text "and bars" "$out" 'stale .*(▁|▂|▃|▄|▅|▆|▇|█)'
expect_same "by no other sequences" "" "$(sed -E $'s/\033\\[([0-9;]*m|K|J|[0-9]+A)//g' <<<"$out" | grep -c $'\033' | tr -d 0)"
expect_code 0 "NO_COLOR and a narrow one do" \
    screen 40 12 'claim fresh: pass' env NO_COLOR=1 "$FRESHCHECK" watch --rate 30 --trigger 200ms "$url"
expect_same "without colours" "" "$(grep -c $'\033\\[[0-9;]*m' <<<"$out" | tr -d 0)"
stop

# --- 1.17 is refuted -----------------------------------------------------------------------------

start --flink 1.17.2 -D web.refresh-interval=300ms
expect_code 1 "a claim is refuted while it runs" \
    screen 100 30 'fresh +.{0,12}fail' "$FRESHCHECK" watch --claim fresh --rate 30 --trigger 200ms "$url"
expect_text "the witness is told at the end" "$out" "$url breaks fresh"
expect_text "with what one cache would have given" "$out" 'one cache of 300.0 ms asked at the same'
expect_code 0 "and by its own claim it passes" watch --rate 30 --duration 700ms --brief
expect_text "which is an age" "$out" "^$url  age 300 ms  pass"
stop

# --- a target that goes away ---------------------------------------------------------------------

start --flink 1.20.3 -D rest.cache.checkpoint-statistics.timeout=0s
rm -f "$file"
expect_code 69 "a target that dies is never a pass" \
    python3 tests/cli/record_until.py KILL $server "$file" 50 \
    "$FRESHCHECK" watch -o "$file" --rate 50 --duration 1s "$url"
wait $server 2>/dev/null
expect_text "nor a refuted claim, where nothing else broke" "$out" 'fail  available \('
expect_text "which is told" "$err" "^freshcheck: $url does not answer any more: "
expect_text "and was shown" "$err" '; no answer for [0-9]+ s'
expect_code 69 "nobody there is told" watch --duration 1s
"$FRESHCHECK" serve --port 0 2>"$scratch/said2" &
server=$!
until url=$(grep -o 'http://127.0.0.1:[0-9]*' "$scratch/said2"); do sleep 0.01; done
url=$url/somewhere expect_code 69 "what is no Flink is told" watch
expect_text "with what came instead" "$err" 'no REST API of Flink answers there: GET /config gives 404 '
stop

# --- the command line ----------------------------------------------------------------------------

expect_code 64 "a claim is one" "$FRESHCHECK" watch --claim stale http://127.0.0.1:1
expect_code 64 "a format is one" "$FRESHCHECK" watch --format yaml http://127.0.0.1:1
expect_code 64 "an address is needed" "$FRESHCHECK" watch
finish
