#!/bin/bash
# freshcheck explore: the reference keeps its promises, a mutant is refuted by a small scenario of its own.
. tests/cli/lib.sh

expect_code 0 "the reference keeps every promise of 30 seeds" "$FRESHCHECK" explore --seeds 30
expect_text "it says how much was put to the test" "$out" '^30 seeds on reference: [0-9]+ reads, .* 0 runs with a broken claim\.$'
first=$out
"$FRESHCHECK" explore --quiet --seeds 30 >"$scratch/again" 2>&1
expect_same "the same seeds give the same bytes" "$(cat "$scratch/again")" "$first"

for jobs in 1 3; do
    "$FRESHCHECK" explore --quiet --seeds 30 --jobs $jobs >"$scratch/again" 2>&1
    expect_same "and so do $jobs processes" "$(cat "$scratch/again")" "$first"
done

expect_code 1 "a mutant is refuted" "$FRESHCHECK" explore --implementation stampede --seeds 3 --save "$scratch/found"
expect_text "by the property that it breaks" "$out" '^seed-[0-9]+-bounded-load on stampede breaks bounded-load$'
expect_text "made small" "$err" 'breaks bounded-load, layer [a-z ]+; [1-8] events are enough$'
saved=$scratch/found/stampede-bounded-load-statistics-cache.yaml
expect_code 1 "the saved scenario fails again on its own" "$FRESHCHECK" run "$saved" --implementation stampede
expect_text "in the same way" "$out" 'on stampede breaks bounded-load$'
expect_text "and says where it comes from" "$(cat "$saved")" \
    '^source: "freshcheck explore --implementation stampede --seed [0-9]+ --seeds 1"$'
expect_code 0 "and holds for the reference" "$FRESHCHECK" run "$saved" --implementation reference --strict

expect_code 1 "what was kept is tried first" "$FRESHCHECK" explore --implementation stampede --seeds 3 --save "$scratch/found"
expect_text "and told" "$err" '^freshcheck: 1 kept failures tried: 1 still fail$'
expect_text "with its file" "$out" '^stampede-bounded-load-statistics-cache on stampede breaks bounded-load$'
expect_same "the same failure is not kept twice" "$(ls "$scratch/found")" "${saved##*/}"
expect_code 0 "on another implementation it may hold" "$FRESHCHECK" explore --seeds 3 --save "$scratch/found"
expect_text "which is told too" "$err" '^freshcheck: 1 kept failures tried: 0 still fail$'
expect_code 0 "--quiet says nothing of it" "$FRESHCHECK" explore --seeds 3 --save "$scratch/found" --quiet
expect_same "on stderr" "$err" ""
sed -i 's/polls:/pols:/; s/^claims:/clams:/' "$saved"
expect_code 65 "a damaged one is refused" "$FRESHCHECK" explore --seeds 3 --save "$scratch/found"
expect_text "with its place" "$err" 'statistics-cache\.yaml:[0-9]+:[0-9]+'
expect_text "a line shows how to see it again" \
    "$("$FRESHCHECK" explore --implementation stampede --seeds 3 2>/dev/null)" \
    'explore --implementation stampede --seed [0-9]+ --seeds 1$'
expect_code 1 "JSON is written instead" "$FRESHCHECK" explore --implementation stampede --seeds 3 --format json
expect_same "with the verdict" "$(jq -r .verdict <<<"$out")" fail
expect_same "and what the seeds came to" \
    "$(jq -r '.exploration | [.seeds, .failures[0].property, (.failures[0].choices | length > 0)] | @tsv' <<<"$out")" \
    "3	bounded-load	true"

expect_code 0 "as many as fit into a time" "$FRESHCHECK" explore --for 300ms --jobs 1 --quiet
expect_text "are counted" "$out" '^[1-9][0-9]* seeds on reference'

"$FRESHCHECK" explore --seeds 4000000000 --jobs 2 >"$scratch/out" 2>"$scratch/err" &
pid=$!
until [ "$(pgrep -P $pid | wc -l)" -eq 2 ]; do :; done
kill -INT $pid
wait $pid
expect_same "Ctrl-C ends it with 130" $? 130
expect_text "and what was seen is told" "$(cat "$scratch/out")" '^[0-9]+ seeds on reference'
"$FRESHCHECK" explore --seeds 4000000000 --jobs 2 >"$scratch/out" 2>"$scratch/err" &
pid=$!
until [ "$(pgrep -P $pid | wc -l)" -eq 2 ]; do :; done
kill -KILL "$(pgrep -P $pid | head -1)"
wait $pid
expect_same "a process that dies is no pass" $? 70
expect_text "and its seed is told" "$(cat "$scratch/err")" '^freshcheck: seed [0-9]+: .* signal 9 \(Killed\)$'

expect_code 73 "a folder that cannot be made is told before the first seed" \
    "$FRESHCHECK" explore --implementation stampede --seeds 3 --save "$scratch/nowhere/found"
expect_same "with what is wrong" "$err" \
    "freshcheck: cannot keep failures in $scratch/nowhere/found: No such file or directory"
expect_code 73 "and so is a file in its place" \
    "$FRESHCHECK" explore --implementation stampede --seeds 3 --save "$saved"
expect_code 64 "an implementation that there is not" "$FRESHCHECK" explore --implementation referenze
expect_text "has a nearest name" "$err" 'reference'
expect_code 64 "a number that is none" "$FRESHCHECK" explore --seeds many
cat >"$scratch/terminal.py" <<'END'
import os, pty, sys
pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 4096))
END
TERM=xterm python3 "$scratch/terminal.py" "$FRESHCHECK" explore --for 600ms >"$scratch/screen" </dev/null
expect_text "on a terminal progress is one line, written anew" "$(tr '\r' '\n' <"$scratch/screen")" \
    '^[0-9]+ seeds, [0-9]+ a second, 0 s left; 0 broken of [0-9]+ properties tested'
expect_text "that is gone in the end" "$(tr '\r' '\n' <"$scratch/screen")" "^$(printf '\033')\[K"

expect_code 64 "nobody to do it" "$FRESHCHECK" explore --jobs 0
expect_code 64 "a time without a unit" "$FRESHCHECK" explore --for 30
expect_code 64 "names of scenarios" "$FRESHCHECK" explore scenarios
finish
