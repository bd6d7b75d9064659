#!/bin/bash
# Shared objects as implementations: their verdicts in text, JSON and JUnit, what is no
# implementation, and the examples.
# in real time: waits (for those that hang or sleep)
. "$(dirname "$0")/lib.sh"
objects=./$BUILD/tests/shared_objects
examples=./$BUILD/examples
two="scenarios/dashboard_hides_newer.yaml scenarios/timeout_boundary.yaml"

expect_code 1 "a crash is a verdict" "$FRESHCHECK" run $two --implementation $objects/crashes.so
expect_text "it has its name, its signal and the call" "$out" \
    'crashed: the implementation ended by SIGSEGV in request\(\).*at GET /jobs/'
expect_same "the run goes on with the next scenario" \
    "$(grep -c '!! well-behaved' <<<"$out")" 2

expect_code 1 "JSON has it too" \
    "$FRESHCHECK" run $two --implementation $objects/leaks.so --format json
expect_same "as the layer of well-behaved" "$(python3 -c '
import json, sys
for result in json.load(sys.stdin)["results"]:
    for p in result["properties"]:
        if p["id"] == "well-behaved":
            print(p["verdict"], p["layer"])' <<<"$out")" "fail leaked
fail leaked"

expect_code 1 "and JUnit" "$FRESHCHECK" run $two --implementation $objects/answers_twice.so \
    --junit "$scratch/junit.xml"
expect_text "with the name" "$(cat "$scratch/junit.xml")" 'answered-twice: the implementation'

for bad in wrong_version:wrong-version missing_symbol:missing-symbol exits_on_load:exited \
    crashes_on_load:crashed; do
    expect_code 65 "${bad%:*} cannot be loaded" \
        "$FRESHCHECK" run $two --implementation "$objects/${bad%:*}.so"
    expect_text "and has its name" "$err" "is no implementation: ${bad#*:}: "
done
expect_code 65 "nor a file that is no shared object" \
    "$FRESHCHECK" explore --implementation ./README.md
expect_text "and that is said" "$err" 'not-loadable: '

expect_code 1 "explore makes misconduct small" "$FRESHCHECK" explore --seeds 2 --jobs 1 \
    --implementation $objects/aborts.so
expect_text "to so few events" "$err" 'breaks well-behaved, layer crashed; 2 events are enough$'
expect_text "and shows it" "$out" 'breaks well-behaved'

# Its standard error stays open: what it says at its end is read as well.
mkfifo "$scratch/said"
exec 3<>"$scratch/said"
"$FRESHCHECK" serve --port 0 scenarios/dashboard_hides_newer.yaml \
    --implementation $objects/crashes.so 2>&3 &
server=$!
read -r -t 20 said <&3
url=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said")
job=$(curl -s "$url/jobs" | grep -oE '[0-9a-f]{32}' | head -n 1)
curl -s -o "$scratch/answer" "$url/jobs/$job/checkpoints"
wait $server
expect_same "what is served ends with 1 when it crashes" $? 1
read -r -t 20 said <&3
expect_text "and says why" "$said" 'crashed: the implementation ended by SIGSEGV'

expect_code 0 "the correct example passes what the reference passes" \
    "$FRESHCHECK" run scenarios --implementation $examples/fresh_cache.so
expect_code 0 "and what is made up" \
    "$FRESHCHECK" explore --seeds 30 --implementation $examples/fresh_cache.so
first=$out
expect_code 0 "twice" \
    "$FRESHCHECK" explore --seeds 30 --implementation $examples/fresh_cache.so
expect_same "with the same bytes" "$first" "$out"

expect_code 1 "the one that is almost right joins a fetch that is too old" "$FRESHCHECK" run \
    scenarios/joined_fetch.yaml --implementation $examples/almost_fresh_cache.so
expect_text "which is not fresh" "$out" '!! fresh'
expect_code 1 "and keeps an answer for too long" "$FRESHCHECK" run \
    scenarios/timeout_boundary.yaml --implementation $examples/almost_fresh_cache.so
expect_text "beyond its age" "$out" '!! bounded-age'
expect_code 1 "the one in Tokyo Cabinet keeps failures" "$FRESHCHECK" run \
    scenarios/failed_fetch_kept.yaml --implementation $examples/tokyo_cache.so
expect_text "which are repeated" "$out" '!! no-kept-error'

expect_code 0 "the header is C++ too" clang++ -x c++ -std=c++20 -Wall -Wextra -Werror -shared -fPIC \
    -Iinclude -o "$scratch/plain.so" tests/shared_objects/plain.c
expect_code 0 "and so are implementations" "$FRESHCHECK" run \
    scenarios/dashboard_hides_newer.yaml --implementation "$scratch/plain.so"

finish
