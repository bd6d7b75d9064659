#!/bin/bash
# in real time: compares
# Scenarios through nginx, with our mock behind it: what a configuration that keeps the claims passes
# and one that breaks them fails, and whose fault that is.
. tests/cli/lib.sh
. tests/proxy/proxy.sh

# through CODE CONFIGURATION...: runs the scenarios through it; $origin is where the mock lived.
through() {
    local code=$1
    shift
    origin=http://127.0.0.1:$(free_port)
    start_proxy "${origin##*:}" "$@"
    expect_code "$code" "through the configuration $* it ends with $code" \
        "$FRESHCHECK" run --target "$proxy" --origin "$origin" --format json tests/proxy/scenarios
    stop_proxy
    echo "$out" >"$scratch/$1.json"
    said=$err
}

"$FRESHCHECK" run --implementation reference --format json tests/proxy/scenarios >"$scratch/alone.json"

through 0 good
expect_same "a proxy that keeps the claims is as the reference alone" \
    "$(tests/proxy/cells.py "$scratch/alone.json")" "$(tests/proxy/cells.py "$scratch/good.json")"
expect_text "a mock is started where nothing listens" "$said" "nothing listened at $origin"
expect_text "how well the clocks were known is told" "$said" 'known to within [0-9]+ us'
expect_code 7 "and ended afterwards" curl -s -o "$scratch/nothing" "$origin/jobs"

through 1 bad
expect_text "a kept answer breaks fresh, and the proxy is named" "$(tests/proxy/cells.py "$scratch/bad.json")" \
    '^fresh_through_proxy fresh fail proxy$'
expect_text "a kept error breaks no-kept-error, and the proxy is named" \
    "$(tests/proxy/cells.py "$scratch/bad.json")" '^error_through_proxy no-kept-error fail proxy$'
expect_text "the witness says who answered" "$out" \
    'answered 1, by the proxy: the request never reached the origin'
expect_text "the target is the column" "$out" "\"implementation\":\"$proxy\""

through 1 deaf bad
expect_text "a proxy that drops the header is told" "$said" 'drops the header X-Freshcheck-Request'
expect_text "and its answers are blamed on nobody in particular" "$(tests/proxy/cells.py "$scratch/deaf.json")" \
    '^fresh_through_proxy fresh fail (statistics cache)$'

# What is no such target, or no such origin.
origin=http://127.0.0.1:$(free_port)
start_proxy "$(free_port)" good
expect_code 69 "a target that leads nowhere is refused" \
    "$FRESHCHECK" run --target "$proxy" --origin "$origin" tests/proxy/scenarios
expect_text "and what it said is told" "$err" 'the target does not answer: it answered 502$'
expect_same "before anything is run" "" "$out"
expect_code 69 "an origin that is no mock is refused" \
    "$FRESHCHECK" run --target "$proxy" --origin "$proxy" tests/proxy/scenarios
expect_text "and told so" "$err" 'what answers there is no freshcheck serve$'
stop_proxy
mkfifo "$scratch/said"
"$FRESHCHECK" serve --port 0 2>"$scratch/said" &
other=$!
read -r serving <"$scratch/said"
expect_code 69 "a target that leads somewhere else is refused" \
    "$FRESHCHECK" run --target "$(grep -o 'http://[0-9.:]*' <<<"$serving")" --origin "$origin" \
    tests/proxy/scenarios
expect_text "and told so" "$err" 'does not lead to the origin: it answered 404 about a job'
kill $other
wait $other
expect_code 69 "a target where nobody listens is refused" \
    "$FRESHCHECK" run --target "http://127.0.0.1:$(free_port)" --origin "$origin" tests/proxy/scenarios
expect_code 64 "an origin without a target is refused" "$FRESHCHECK" run --origin "$origin"

# run_in_background OPTION...: returns when the first scenario is under way; $run is its process.
run_in_background() {
    local line=
    "$FRESHCHECK" run "$@" >"$scratch/out" 2>"$scratch/said" &
    run=$!
    exec 3<"$scratch/said"
    until [[ $line == *'[1/1]'* ]]; do read -r line <&3 || break; done
}

# Ctrl-C, while the mock lives a scenario that takes seconds.
run_in_background --target "$origin" --origin "$origin" scenarios/migration_at_0.yaml
kill -INT $run
wait $run
expect_same "Ctrl-C ends it with 130" 130 $?
expect_code 7 "and the mock with it" curl -s -o "$scratch/nothing" "$origin/jobs"

# A proxy that dies while clients ask.
origin=http://127.0.0.1:$(free_port)
start_proxy "${origin##*:}" good
run_in_background --target "$proxy" --origin "$origin" scenarios/migration_at_0.yaml
stop_proxy
said=$(cat <&3)
wait $run
expect_same "a target that dies ends it with 69" 69 $?
expect_text "and is told" "$said$(cat "$scratch/out")" 'the target failed (every request|[0-9]+ of [0-9]+)'
finish
