#!/bin/bash
# in real time: waits
# Recording a running cluster, which here is the mock: what is in the file, how a recording ends, and
# what is said when it cannot be had.
. tests/cli/lib.sh
. tests/cli/served.sh

file=$scratch/session.jsonl
record() { "$FRESHCHECK" record -o "$file" "$@" "$url"; }
lines() { wc -l <"$file"; }

# --- timeout 0 holds -----------------------------------------------------------------------------

start --flink 1.20.3 -D rest.cache.checkpoint-statistics.timeout=0s
expect_code 0 "a cluster is recorded for a second" \
    record --duration 1s --rate 40 --trigger 200ms --mix statistics=4,details=1,job=1,configuration=1
expect_text "it says what it does" "$err" "recording Flink 1.20.3 at $url, 1 job, up to 120.0 requests a second"
expect_text "and how exact its times are" "$err" "own HTTP client adds up to [0-9]+ us .* \(median [0-9]+ us: .* on loopback"
expect_text "and what to do next" "$err" "[0-9]+ exchanges are in $file; now: freshcheck check $file"
expect_text "the first line says which cluster" "$(head -n 1 "$file")" \
    '^\{"recording":"session","flink_version":"1.20.3","settings":\{.*"rest.cache.checkpoint-statistics.timeout":"0s"'
for path in checkpoints checkpoints/config 'checkpoints/details/[0-9]+' 'checkpoints/[0-9a-f]{32}' ''; do
    expect_text "/jobs/ID/$path was asked" "$(cat "$file")" "\"path\":\"/jobs/[0-9a-f]{32}/?$path\""
done
expect_text "a trigger's body is there" "$(cat "$file")" '"method":"POST".*"request":"\{\\"triggerId'
expect_text "headers are there" "$(cat "$file")" '"headers":\{[^}]*"content-type":"application/json'
expect_text "clients have names" "$(cat "$file")" '"client":"reader-3"'
expect_code 0 "timeout 0 holds on the reference of 1.20" "$FRESHCHECK" check --claim fresh "$file"
expect_code 0 "and by the recording's own claim" "$FRESHCHECK" check "$file"

before=$(md5sum <"$file")
expect_code 73 "a file that is there is not written over" record --duration 1s
expect_text "which is told" "$err" 'is there already; --force writes over it'
expect_same "it is as before" "$before" "$(md5sum <"$file")"
expect_code 0 "--force writes over it" record --duration 100ms --force --quiet
expect_same "--quiet says nothing" "" "$err"
[ "$before" != "$(md5sum <"$file")" ] && ok "it is another" || not_ok "it is another"

# --- how it ends ---------------------------------------------------------------------------------

rm -f "$file"
expect_code 0 "Ctrl-C ends a recording without a duration" \
    python3 tests/cli/record_until.py INT - "$file" 10 "$FRESHCHECK" record -o "$file" --rate 50 "$url"
expect_same "its last line is whole" "" "$(tail -c 1 "$file" | tr -d '\n')"
expect_text "and an exchange" "$(tail -n 1 "$file")" '^\{"seq":.*\}$'
rm -f "$file"
expect_code 130 "one with a duration was interrupted" \
    python3 tests/cli/record_until.py TERM - "$file" 10 "$FRESHCHECK" record -o "$file" --rate 50 --duration 1min "$url"
[ "$(lines)" -ge 10 ] && ok "what was recorded is kept" || not_ok "what was recorded is kept" "$(lines)"

rm -f "$file"
full() { (ulimit -f 64 && "$FRESHCHECK" record -o "$file" --rate 100 "$url"); }
expect_code 73 "a file that cannot grow ends it" full
expect_text "and says why" "$err" "cannot write $file: .*; what was written before is sound"
expect_same "no line is cut off" "" "$(tail -c 1 "$file" | tr -d '\n')"
expect_code 0 "what was written can be read" "$FRESHCHECK" check --brief "$file"

rm -f "$file"
expect_code 0 "a cluster that goes away is recorded as such" \
    python3 tests/cli/record_until.py KILL $server "$file" 50 \
    "$FRESHCHECK" record -o "$file" --rate 50 --duration 1500ms "$url"
wait $server 2>/dev/null
expect_text "with requests that nobody answered" "$(tail -n 1 "$file")" '"status":0,"headers":\{\},"body":""\}$'
expect_text "which is told" "$err" '^freshcheck: [0-9]+ exchanges are in'

# --- 1.17 is refuted -----------------------------------------------------------------------------

start --flink 1.17.2
rm -f "$file"
expect_code 0 "1.17 is recorded" record --duration 1500ms --rate 20 --mix statistics=1 --trigger 500ms
stop
expect_code 1 "and is not fresh" "$FRESHCHECK" check --claim fresh "$file"
expect_text "which the witness says" "$out" 'latest_ack_timestamp|trigger|earlier answer'

# --- nothing to record ---------------------------------------------------------------------------

rm -f "$file"
expect_code 69 "nobody there is told" record --duration 1s
expect_text "in one sentence" "$err" "^freshcheck: $url: the target cannot be reached$"
"$FRESHCHECK" serve --port 0 2>"$scratch/said2" &
server=$!
until url=$(grep -o 'http://127.0.0.1:[0-9]*' "$scratch/said2"); do sleep 0.01; done
expect_code 69 "no job is told" record --duration 1s
expect_text "with what to do" "$err" 'no job runs there; start one, or name one with --job'
expect_code 0 "a job that is not there yet can be recorded" \
    record --duration 100ms --job 00000000000000000000000000000001
expect_text "its answers are errors" "$(tail -n 1 "$file")" '"status":404'
rm -f "$file"
url=$url/somewhere expect_code 69 "what is no Flink is told" record
url=${url%/somewhere}
expect_text "with what came instead" "$err" 'no REST API of Flink answers there: GET /config gives 404 '
stop
coproc python3 tests/cli/tiny_server.py
read -r url <&"${COPROC[0]}"
expect_code 69 "a cluster that answers nothing about its job is told" record --duration 200ms --rate 50 --mix statistics=1
expect_text "with the reason" "$err" 'answered nothing: the connection broke before an answer was complete'
[ -e "$file" ] && not_ok "and leaves no file" || ok "and leaves no file"
eval "exec ${COPROC[1]}>&-"

# --- the command line ----------------------------------------------------------------------------

wrong() { # PATTERN OPTION...: refused before anybody is asked
    local pattern=$1
    shift
    expect_code 64 "'$*' is refused" "$FRESHCHECK" record -o "$file" "$@" http://127.0.0.1:1
    expect_text "which says why" "$err" "$pattern"
}
wrong 'a whole number up to 64' --clients 65
wrong 'at least 1' --clients 0
wrong 'requests a second, 0.001 to 100' --rate 101
wrong 'requests a second, 0.001 to 100' --rate 0
wrong 'a duration such as 10s' --duration 60
wrong 'a duration such as 10s' --trigger 0s
wrong "did you mean 'statistics'" --mix statistic=8
wrong 'takes shares up to 1000' --mix statistics=1001
wrong 'takes shares up to 1000' --mix statistics
wrong 'leaves nothing to ask' --mix statistics=0
expect_code 64 "an address is needed" "$FRESHCHECK" record -o "$file"
expect_code 64 "a file is needed" "$FRESHCHECK" record http://127.0.0.1:1
expect_code 64 "https is told" "$FRESHCHECK" record -o "$file" https://127.0.0.1:1
expect_text "as such" "$err" 'https is not spoken here'

# --- kill -9: see kill_record.py -------------------------------------------------------------------

# A few in each flavour; `make kill-record` does 200.
kills=15
expect_code 0 "no exchange that had ended is lost by kill -9" \
    python3 tests/cli/kill_record.py "$FRESHCHECK" "$scratch" $kills
expect_text "at any of $kills instants" "$out" "^$kills kills, [0-9]+ exchanges"
finish
