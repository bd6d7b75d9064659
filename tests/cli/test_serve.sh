#!/bin/bash
# A mock cluster to test clients on: its clock, what happens to its jobs, faults, the journal, and a
# migration between two of them. Nothing here waits for time to pass.
. tests/cli/lib.sh

# start OPTION...: serves on ports of its own; $url and $other are the addresses, $server its id.
start() {
    rm -f "$scratch/said"
    mkfifo "$scratch/said"
    "$FRESHCHECK" serve --port 0 "$@" 2>"$scratch/said" &
    server=$!
    read -r said <"$scratch/said"
    url=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said" | sed -n 1p)
    other=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said" | sed -n 2p)
}
stop() {
    kill -TERM $server
    wait $server
    expect_same "$1 ends with 0" 0 $?
}
post() { curl -s -X POST "$@"; }
# of KEY...: a value of the JSON on stdin, the first behind these keys in this order
of() {
    local pattern
    pattern=$(printf '"%s":.*?' "$@")
    grep -oP "^.*?${pattern%.*\?}\"?\\K[^,\"}]+" | head -n 1
}
is_json() { python3 -c 'import json, sys; json.load(sys.stdin)' 2>/dev/null; }
statistics() { curl -s "$1/jobs/$2/checkpoints"; }

# --- a migration between two clusters ----------------------------------------------------------

migrate() { # prints every answer, and leaves what the steps found in variables
    start --clock manual --flink 1.20.3 --clusters 2
    post "$url/jars/pretend.jar/run" >"$scratch/1"
    job=$(of jobid <"$scratch/1")
    post "$url/freshcheck/clock/advance?by=25s" >"$scratch/2"
    statistics "$url" "$job" >"$scratch/3"
    post "$url/jobs/$job/stop" -d '{"targetDirectory":"file:///flink/moved"}' >"$scratch/4"
    trigger=$(of request-id <"$scratch/4")
    post "$url/freshcheck/clock/advance?by=5s" >"$scratch/5"
    curl -s "$url/jobs/$job/savepoints/$trigger" >"$scratch/6"
    path=$(of operation location <"$scratch/6")
    curl -s "$url/jobs/$job" >"$scratch/7"
    post "$other/jars/pretend.jar/run" -d "{\"savepointPath\":\"$path\"}" >"$scratch/8"
    moved=$(of jobid <"$scratch/8")
    post "$other/freshcheck/clock/advance?by=12s" >"$scratch/9"
    statistics "$other" "$moved" >"$scratch/10"
    curl -s "$other/freshcheck/journal" >"$scratch/11"
    stop "a server of two clusters"
}
migrate
expect_same "a manual clock moves by the call" 25000000 "$(of now_us <"$scratch/2")"
expect_same "the epoch of a manual clock is fixed" 1767225600000 "$(of time_0_epoch_ms <"$scratch/2")"
expect_same "checkpoints complete meanwhile" 2 "$(of counts completed <"$scratch/3")"
last=$(of latest completed id <"$scratch/3")
expect_text "the savepoint is where it was asked for" "$path" '^file:/flink/moved/savepoint-'
expect_same "the stopped job has finished" FINISHED "$(of state <"$scratch/7")"
expect_same "the clusters have one clock" 42000000 "$(of now_us <"$scratch/9")"
expect_same "the moved job was restored once" 1 "$(of counts restored <"$scratch/10")"
expect_same "from that very path" "$path" "$(of latest restored external_path <"$scratch/10")"
expect_same "its ids go on from the savepoint's" $((last + 3)) \
    "$(of latest completed id <"$scratch/10")"
expect_text "the journal has the restore" "$(cat "$scratch/11")" "\"kind\":\"RESTORED\".*\"external_path\":\"$path\""
cat "$scratch"/[1-9] "$scratch"/1[01] >"$scratch/first"
migrate
cat "$scratch"/[1-9] "$scratch"/1[01] >"$scratch/second"
expect_same "the same calls give the same bytes" "$(md5sum <"$scratch/first")" "$(md5sum <"$scratch/second")"

# --- a stale read, and the setting against it ---------------------------------------------------

start --clock manual --flink 1.18.1
job=$(post "$url/jars/pretend.jar/run" | of jobid)
post "$url/freshcheck/jobs/$job/complete" >"$scratch/event"
expect_same "an event tells when it happens" 0 "$(of at_us <"$scratch/event")"
expect_same "a read shows the checkpoint" 1 "$(statistics "$url" "$job" | of latest completed id)"
post "$url/freshcheck/jobs/$job/complete" >/dev/null
post "$url/freshcheck/clock/advance?by=2999ms" >/dev/null
expect_same "1.18 answers the old one for 3 s" 1 "$(statistics "$url" "$job" | of latest completed id)"
post "$url/freshcheck/clock/advance?by=1ms" >/dev/null
expect_same "and no longer" 2 "$(statistics "$url" "$job" | of latest completed id)"
expect_text "answers say the version" "$(curl -s "$url/config")" '"flink-version":"1.18.1"'
stop "a server of 1.18.1"

start --clock manual --flink 1.18.1 -D rest.cache.checkpoint-statistics.timeout=0s
job=$(post "$url/jars/pretend.jar/run" | of jobid)
for id in 1 2; do
    post "$url/freshcheck/jobs/$job/complete" >/dev/null
    expect_same "with a timeout of 0 checkpoint $id shows at once" $id \
        "$(statistics "$url" "$job" | of latest completed id)"
done
expect_text "the option is shown" "$(curl -s "$url/jobmanager/config")" \
    '"key":"rest.cache.checkpoint-statistics.timeout","value":"0s"'

# --- faults -------------------------------------------------------------------------------------

post "$url/freshcheck/faults/fail?fetch=checkpoint-statistics&outcome=timed-out&for=1s" >/dev/null
expect_same "a failing fetch fails" 500 \
    "$(curl -s -o /dev/null -w '%{http_code}' "$url/jobs/$job/checkpoints")"
post "$url/freshcheck/clock/advance?by=1s" >/dev/null
expect_same "until its time is over" 200 \
    "$(curl -s -o /dev/null -w '%{http_code}' "$url/jobs/$job/checkpoints")"
post "$url/freshcheck/faults/wrong-json?path=/jobs&count=1" >/dev/null
curl -s "$url/jobs" | is_json
expect_same "wrong JSON is no JSON" 1 $?
curl -s "$url/jobs" | is_json
expect_same "once, when it was asked for once" 0 $?
post "$url/freshcheck/faults/half" >/dev/null
curl -s "$url/config" >/dev/null
expect_same "half an answer is cut off" 18 $?
expect_text "controls are spared" "$(curl -s "$url/freshcheck/faults")" '"fault":"half"'
curl -s -X DELETE "$url/freshcheck/faults" >/dev/null
curl -s "$url/config" >/dev/null
expect_same "all faults end with one call" 0 $?
expect_text "a slip is told" "$(post "$url/freshcheck/faults/hafl")" "did you mean 'faults/half'"
expect_text "the index lists the calls" "$(curl -s "$url/freshcheck")" 'POST   /freshcheck/leader/lose\?for='
post "$url/freshcheck/leader/lose?for=10s" >/dev/null
expect_same "without a leader calls fail" 503 \
    "$(curl -s -o /dev/null -w '%{http_code}' "$url/jobs/$job/checkpoints")"
post "$url/freshcheck/clock/advance?by=10s" >/dev/null
expect_same "then the job is back, from its latest checkpoint" 2 \
    "$(statistics "$url" "$job" | of latest restored id)"
stop "a server with faults"

# --- a scenario, and a real clock ---------------------------------------------------------------

start scenarios/dashboard_hides_newer.yaml
post "$url/freshcheck/clock/advance?by=1s" >/dev/null
expect_same "a real clock can be set forward" 11 "$(statistics "$url" 000000000000000000000000000a0000 | of latest completed id)"
post "$url/freshcheck/clock/freeze" >/dev/null
now=$(curl -s "$url/freshcheck/clock" | of now_us)
expect_same "it can stand" "$now" "$(curl -s "$url/freshcheck/clock" | of now_us)"
expect_text "jobs of a scenario have names" "$(post "$url/freshcheck/jobs/J/complete")" '"does":"complete"'
post "$url/freshcheck/clock/resume" >/dev/null
expect_same "and go on" false "$(curl -s "$url/freshcheck/clock" | of frozen)"
stop "a server of a scenario"

# --- another scenario in its place --------------------------------------------------------------

start --clock manual
loaded=$(curl -s --data-binary @scenarios/dashboard_hides_newer.yaml \
    "$url/freshcheck/scenario?salt=c0ffee&implementation=flink-1.20&name=other.yaml")
expect_text "a scenario can be loaded while it serves" "$loaded" \
    '"now_us":0,"scenario":"other",.*"implementation":"flink-1.20".*"salt":"c0ffee","loads":1'
post "$url/freshcheck/clock/advance?by=1s" >/dev/null
expect_same "its jobs live, under ids of their own" 11 \
    "$(statistics "$url" 0000000000c0ffee00000000000a0000 | of latest completed id)"
wrong=$(echo 'title: x' | curl -s --data-binary @- "$url/freshcheck/scenario?name=w.yaml")
expect_text "a wrong one is refused with its faults" "$wrong" '"errors":\["w.yaml:1:1: a scenario needs'
expect_same "and changes nothing" 1 "$(curl -s "$url/freshcheck/scenario" | of loads)"
curl -s -H 'X-Freshcheck-Request: 41' "$url/jobs" >/dev/null
expect_text "requests that say a number are written down" "$(curl -s "$url/freshcheck/requests")" \
    '"request":41,"arrived_us":1000000,"left_us":1000000,"status":200'
stop "a server of two scenarios"

# --- mistakes on the command line ---------------------------------------------------------------

expect_code 64 "an unknown version is refused" "$FRESHCHECK" serve --flink 1.16.0
expect_text "with those that there are" "$err" '1\.17, 1\.18\.0.*2\.3'
expect_code 64 "a misspelt option of Flink is refused" "$FRESHCHECK" serve -D web.timout=1s
expect_text "with the nearest" "$err" 'did you mean web\.timeout\?'
expect_code 64 "a wrong value is refused" "$FRESHCHECK" serve -D web.timeout=soon
expect_code 64 "a -D without a key is refused" "$FRESHCHECK" serve -D =1
expect_code 64 "an unknown clock is refused" "$FRESHCHECK" serve --clock sand
expect_code 64 "no clusters are refused" "$FRESHCHECK" serve --clusters 0
expect_code 64 "ports past the last are refused" "$FRESHCHECK" serve --port 65535 --clusters 2
expect_code 64 "two ways to say what to serve are refused" "$FRESHCHECK" serve --flink 1.20 --implementation reference
expect_code 64 "two scenarios are refused" "$FRESHCHECK" serve a.yaml b.yaml
expect_code 65 "a dashboard that is not there is bad input" "$FRESHCHECK" serve --ui no/such/folder
finish
