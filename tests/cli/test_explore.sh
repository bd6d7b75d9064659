#!/bin/bash
# freshcheck explore: the reference keeps its promises, a mutant is refuted by a small scenario of its own.
. tests/cli/lib.sh

expect_code 0 "the reference keeps every promise of 60 seeds" "$FRESHCHECK" explore --seeds 60
expect_text "it says how much was put to the test" "$out" '^60 seeds on reference: [0-9]+ reads, .* 0 runs with a broken claim\.$'
first=$out
"$FRESHCHECK" explore --seeds 60 >"$scratch/again" 2>&1
expect_same "the same seeds give the same bytes" "$(cat "$scratch/again")" "$first"

mkdir "$scratch/found"
expect_code 1 "a mutant is refuted" "$FRESHCHECK" explore --implementation stampede --seeds 3 --save "$scratch/found"
expect_text "by the property that it breaks" "$out" '^seed-[0-9]+-bounded-load on stampede breaks bounded-load$'
expect_text "made small" "$err" 'breaks bounded-load; [1-8] events are enough$'
expect_code 1 "the saved scenario fails again on its own" \
    "$FRESHCHECK" run "$scratch/found/stampede-bounded-load.yaml" --implementation stampede
expect_text "in the same way" "$out" 'on stampede breaks bounded-load$'
expect_code 0 "and holds for the reference" \
    "$FRESHCHECK" run "$scratch/found/stampede-bounded-load.yaml" --implementation reference --strict
expect_text "a line shows how to see it again" \
    "$("$FRESHCHECK" explore --implementation stampede --seeds 3 2>/dev/null)" \
    'explore --implementation stampede --seed [0-9]+ --seeds 1$'
expect_code 1 "JSON is written instead" "$FRESHCHECK" explore --implementation stampede --seeds 3 --format json
expect_same "with the verdict" "$(jq -r .verdict <<<"$out")" fail

expect_code 73 "a folder that is not there cannot be written to" \
    "$FRESHCHECK" explore --implementation stampede --seeds 3 --save "$scratch/nowhere"
expect_code 64 "an implementation that there is not" "$FRESHCHECK" explore --implementation referenze
expect_text "has a nearest name" "$err" 'reference'
expect_code 64 "a number that is none" "$FRESHCHECK" explore --seeds many
expect_code 64 "names of scenarios" "$FRESHCHECK" explore scenarios
finish
