#!/bin/bash
# in real time: waits
# freshcheck run --target: scenarios on a cluster that is somebody else's. The mock stands for it; what
# takes time is done side by side.
. tests/cli/lib.sh

servers=()
end_servers() {
    [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null
    rm -rf "$scratch"
}
trap end_servers EXIT

# start NAME OPTION...: serves on a port of its own; ${url[NAME]} is its address.
declare -A url server
start() {
    local name=$1 said
    shift
    mkfifo "$scratch/said"
    "$FRESHCHECK" serve --port 0 "$@" 2>"$scratch/said" &
    server[$name]=$!
    servers+=($!)
    read -r said <"$scratch/said"
    rm "$scratch/said"
    url[$name]=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said")
}
# run_on NAME OPTION...: runs in the background; its output is in NAME.out and NAME.err
run_on() {
    local name=$1
    shift
    timeout 50 "$FRESHCHECK" run --target "${url[$name]}" "$@" >"$scratch/$name.out" 2>"$scratch/$name.err" &
    run[$name]=$!
}
declare -A run code
wait_for_job() {
    until curl -s "${url[$1]}/jobs/overview" | grep -q '"running":[1-9]'; do :; done
}
jobs_of() { curl -s "${url[$1]}/jobs"; }

mkdir "$scratch/short"
cat >"$scratch/short/own_checkpoint.yaml" <<'YAML'
title: A program reads back the checkpoint that it triggered
why: it is there at timeout 0
flink: {rest.cache.checkpoint-statistics.timeout: 0 s}
jobmanager: {J: {}}
clients:
  script:
    at 50 ms: latest completed checkpoint of J
    at 100 ms: trigger a checkpoint of J
    at 200 ms: ["await the trigger of J, then read"]
    at 400 ms: GET /jobs/J/checkpoints/config
claims: [fresh]
ends: 600 ms
expect: {flink-1.17: {fresh: one cache for both}}
YAML
cat >"$scratch/short/started_and_ended.yaml" <<'YAML'
title: Jobs are started, restart, finish and are cancelled
why: all that can be done by calls and arguments
flink: {rest.cache.checkpoint-statistics.timeout: 0 s}
jobmanager:
  J: {checkpoints: {every: 30 ms, takes: 1 ms}, at 50 ms: runs, at 700 ms: restarts}
  K: {at 400 ms: finishes}
  L: {at 300 ms: is cancelled}
clients:
  reader: {polls: J, from: 500 ms, every: 20 ms}
  script:
    at 1300 ms: [job K, latest completed checkpoint of K, job L, latest completed checkpoint of L]
claims: [monotonic, numeric-latest, available]
ends: 1400 ms
YAML
cat >"$scratch/short/by_the_origin.yaml" <<'YAML'
title: A checkpoint completes when it is told to
why: nobody can tell it to a cluster
jobmanager: {J: {at 90 ms: completes 7}}
clients: {reader: {at 100 ms: latest completed checkpoint of J}}
claims: [fresh]
flink: {rest.cache.checkpoint-statistics.timeout: 0 s}
YAML

zero="-D rest.cache.checkpoint-statistics.timeout=0s"
start old --flink 1.17.2 $zero
start new --flink 1.20.3 $zero
start usual --flink 2.3.0
start borrowed --flink 1.20.3 $zero
start interrupted --flink 1.20.3 $zero
start dying --flink 1.20.3 $zero
job=$(curl -s -X POST "${url[borrowed]}/jars/pretend.jar/run" | grep -oP '[0-9a-f]{32}')
wait_for_job borrowed

long=scenarios/any-cluster/polled_at_0.yaml
echo "a jar" >"$scratch/job.jar"
run_on old --jar pretend.jar "$scratch/short"
run_on new --jar "$scratch/job.jar" --keep "$scratch/kept" "$scratch/short"
run_on usual --jar pretend.jar --format json "$scratch/short"
run_on borrowed "$scratch/short"
run_on interrupted --jar pretend.jar $long
run_on dying --jar pretend.jar $long scenarios/any-cluster/two_jobs.yaml

# Once a scenario has its job, one run is interrupted, and the other's cluster dies.
wait_for_job interrupted
kill -INT "${run[interrupted]}" # which timeout passes on
wait_for_job dying
kill -KILL "${server[dying]}"
for name in "${!run[@]}"; do
    wait "${run[$name]}"
    code[$name]=$?
done

expect_same "all is as expected of 1.20" 0 "${code[new]}"
expect_text "its version is told" "$(cat "$scratch/new.err")" 'is Flink 1\.20\.3; what is expected is that of flink-1\.20'
expect_text "the column is the address" "$(cat "$scratch/new.out")" "^ +${url[new]}\$"
for name in own_checkpoint started_and_ended; do
    expect_text "$name passes" "$(cat "$scratch/new.out")" "^$name +pass\$"
done
expect_text "what needs the origin is skipped, and it is told why" "$(cat "$scratch/new.out")" \
    '^skipped by_the_origin: needs control of the origin: J completes 7 at 90\.0 ms$'
expect_same "no job is left behind" "" "$(jobs_of new | grep RUNNING)"
expect_same "nor the jar" 1 "$(curl -s "${url[new]}/jars" | grep -o '\.jar","name"\|"id":"[^"]*jar"' | wc -l)"
expect_code 0 "the recording that is kept is judged alike" "$FRESHCHECK" check "$scratch/kept/own_checkpoint.jsonl"
expect_text "the ids of jobs go into any path" "$(cat "$scratch/kept/own_checkpoint.jsonl")" \
    '"path":"/jobs/[0-9a-f]{32}/checkpoints/config","status":200'

expect_same "a failure that is expected of 1.17 is no surprise" 0 "${code[old]}"
expect_text "it is shown" "$(cat "$scratch/old.out")" '^own_checkpoint +fresh$'

expect_same "a target that is set otherwise skips everything" 77 "${code[usual]}"
expect_text "the JSON has the reason" "$(cat "$scratch/usual.out")" \
    '"skipped":"needs rest.cache.checkpoint-statistics.timeout = 0 s; the target has 3 s \(default\)"'

expect_same "a job that runs there already does for what only reads and triggers" 0 "${code[borrowed]}"
expect_text "what needs jobs of its own is skipped" "$(cat "$scratch/borrowed.out")" \
    '^skipped started_and_ended: needs a job of its own, so --jar: J is started at 50\.0 ms$'
expect_text "nothing is done to it" "$(jobs_of borrowed)" "$job\",\"status\":\"RUNNING\""

expect_same "an interrupted run ends with 130" 130 "${code[interrupted]}"
expect_same "and leaves no job behind" "" "$(jobs_of interrupted | grep RUNNING)"

expect_same "a target that dies is never a pass" 69 "${code[dying]}"
expect_text "what was under way has no verdict" "$(cat "$scratch/dying.out")" '^polled_at_0 +!! no verdict$'
expect_text "what comes after it is skipped" "$(cat "$scratch/dying.out")" '^skipped two_jobs: the target is gone$'

# What can be told without asking.
expect_code 69 "nobody is there" "$FRESHCHECK" run --target "${url[dying]}" $long
expect_code 64 "an address that is none" "$FRESHCHECK" run --target localhost $long
expect_code 64 "--jar without --target" "$FRESHCHECK" run --jar pretend.jar $long
expect_code 64 "--target with --implementation" "$FRESHCHECK" run --target "${url[new]}" --implementation reference $long
expect_code 64 "a binding that is none" "$FRESHCHECK" run --target "${url[new]}" --job J $long
expect_code 2 "a job that is not there gives no verdict" "$FRESHCHECK" run --target "${url[borrowed]}" --job J=${job//[0-9]/0} $long
expect_text "and it is told" "$out" 'a job that --job names is not there'
expect_code 64 "--like of nobody" "$FRESHCHECK" run --target "${url[new]}" --like flink-9 $long
finish
