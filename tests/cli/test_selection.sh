#!/bin/bash
# freshcheck run: --only, --skip, --expect and --fail-on.
. tests/cli/lib.sh

run=("$FRESHCHECK" run --brief)
defect=scenarios/dashboard_hides_newer.yaml
cells() { # lines "IMPLEMENTATION SCENARIO PROPERTY..." of a report in JSON
    python3 -c '
import json, sys
for r in json.load(sys.stdin)["results"]:
    print(r["implementation"], r["subject"], *[p["id"] for p in r["properties"]])'
}

# Which cells there are.
expect_code 0 "a bare pattern is of scenarios" "${run[@]}" --only 'dashboard*' --only ended_job
expect_same "those and no others are there" "3 scenarios on 5 implementations" "$(grep -o '^[0-9]* scenario.*s:' <<<"$out" | tr -d :)"
expect_code 0 "where none has the name it is of implementations" "${run[@]}" --only 'flink-1.*' --only ended_job
expect_text "all there are are chosen from" "$out" '^ +flink-1\.17  flink-1\.18\.0  flink-1\.18  flink-1\.19  flink-1\.20$'
expect_code 0 "those that are broken, too" "${run[@]}" --only 'implementation:client-l*' $defect
expect_text "by their names" "$out" '^ +client-lenient-script  client-lyft$'
expect_code 0 "of columns that were named it is chosen among those" "${run[@]}" --implementation reference --implementation flink-1.17 --only 'flink-*' $defect
expect_text "one of the two is left" "$out" '^ +flink-1\.17$'
expect_code 0 "--skip takes away from the usual ones" "${run[@]}" --skip 'flink-1.18*' $defect
expect_text "and from nothing else" "$out" '^ +reference  flink-1\.17  flink-1\.20  flink-2\.3$'
expect_code 64 "a name that is none is refused" "${run[@]}" --only scenario:dashboard_hides_newr
expect_text "with the nearest" "$err" "means no scenario here; did you mean 'dashboard_hides_newer'\?$"
expect_code 64 "so is what leaves no scenario" "${run[@]}" --only ended_job --skip ended_job
expect_text "with the reason" "$err" 'leave no scenario that claims what is wanted$'
expect_code 64 "and what leaves no implementation" "${run[@]}" --skip 'implementation:*' $defect
expect_code 64 "and a property that the scenario does not claim" "${run[@]}" --only property:bounded-memory $defect

# Properties.
expect_code 0 "only what is chosen is judged" "$FRESHCHECK" run --format json --implementation flink-1.17 --only property:dashboard-cached $defect
expect_same "and reported" "flink-1.17 dashboard_hides_newer dashboard-cached" "$(cells <<<"$out")"
expect_text "what else broke counts for nothing" "$out" '^\{"verdict":"pass"'
expect_code 0 "without it what is left passes" "$FRESHCHECK" run --format json --strict --implementation flink-1.17 --skip property:fresh $defect
expect_code 1 "and with it it fails" "$FRESHCHECK" run --strict --implementation flink-1.17 --only fresh $defect
expect_code 0 "scenarios that claim nothing of it are left out" "$FRESHCHECK" run --format json --implementation reference --only property:right-job
expect_same "all others have it alone" "" "$(cells <<<"$out" | grep -v ' right-job$')"

# Parts.
part=("$FRESHCHECK" run --only 'dashboard*' --only 'flink-1.1*' --skip property:fresh --fail-on any)
"${part[@]}" --shard 1/2 >"$scratch/1.json"
"${part[@]}" --shard 2/2 >"$scratch/2.json"
expect_code "$("${part[@]}" >"$scratch/whole"; echo $?)" "parts are of the same choice" "$FRESHCHECK" merge "$scratch/1.json" "$scratch/2.json"
expect_same "and make the same whole" "$(sed 's/^  Again: .*run/run/' "$scratch/whole")" "$(sed 's/^  Again: .*run/run/' <<<"$out")"
"$FRESHCHECK" run --only 'dashboard*' --only 'flink-1.1*' --skip fresh --fail-on any --shard 2/2 >"$scratch/other.json"
expect_code 65 "those of another are refused" "$FRESHCHECK" merge "$scratch/1.json" "$scratch/other.json"

# What ends with 1.
one=("${run[@]}" --implementation flink-1.17 $defect)
for wanted in '0 unexpected' '1 any' '0 none' '1 fresh' '0 right-job' '1 right-job,fresh' '0 unknown'; do
    expect_code ${wanted% *} "--fail-on ${wanted#* } ends with ${wanted% *}" "${one[@]}" --fail-on "${wanted#* }"
done
expect_code 64 "what is none is refused" "${one[@]}" --fail-on frech
expect_text "with the nearest that there is" "$err" "did you mean 'fresh'\?$"
expect_code 64 "--strict says it already" "${one[@]}" --strict --fail-on none

# Failures that are known.
known() { printf '%s\n' "$@" >"$scratch/known"; }
known '# of our fork' '' 'shared-cache dashboard_* fresh: guava#1881, to be mended'
expect_code 1 "on a mutant a broken claim ends with 1" "${run[@]}" --implementation shared-cache $defect
expect_code 0 "one that is known does not" "${run[@]}" --implementation shared-cache --expect "$scratch/known" $defect
"$FRESHCHECK" run --implementation shared-cache --expect "$scratch/known" $defect >"$scratch/out"
expect_text "its reason is told" "$(cat "$scratch/out")" '^  Expected: guava#1881, to be mended$'
expect_text "and to see it again the file" "$(cat "$scratch/out")" "Again: .* --expect $scratch/known$"
known 'reference dashboard_hides_newer fresh: long ago'
expect_code 1 "one that does not fail any more is told" "$FRESHCHECK" run --implementation reference --expect "$scratch/known" $defect
expect_text "with its line" "$out" "Not as expected: $scratch/known:1: fresh of reference on dashboard_hides_newer did not fail, but is pass$"
known 'reference dashboard_hides_newer right-job: not claimed' 'reference nonesuch fresh: of another run'
expect_code 0 "what means nothing here is no failure" "$FRESHCHECK" run --brief --implementation reference --expect "$scratch/known" $defect
expect_text "but is told" "$err" "$scratch/known:1: this line means nothing that is run here$"
expect_text "each line of it" "$err" "$scratch/known:2: this line means nothing that is run here$"
known 'a b frech: x' 'a b' 'a b fresh:  ' 'a b fresh: x' 'a b fresh: y'
expect_code 65 "what is wrong with it" "$FRESHCHECK" run --expect "$scratch/known"
expect_text "is told with its place" "$err" "$scratch/known:1:5: there is no property 'frech'; did you mean 'fresh'\?$"
expect_text "a line that is too short" "$err" "$scratch/known:2:4: a line is IMPLEMENTATION SCENARIO PROPERTY: reason$"
expect_text "a reason that is missing" "$err" "$scratch/known:3:[0-9]+: why is this expected\? A reason must follow$"
expect_text "and what was said before" "$err" "$scratch/known:5: line 4 means the same$"
expect_code 65 "a file that is not there" "$FRESHCHECK" run --expect "$scratch/nonesuch"

# Recordings.
recordings=tests/recordings
stale=$recordings/1.18.1/trigger-then-read.jsonl
check=("$FRESHCHECK" check --brief)
expect_code 1 "of recordings those that are meant are judged" "${check[@]}" --only '*1.18.1/*' $recordings
expect_same "and no others" "$stale" "$(cut -d ' ' -f 1 <<<"$out")"
expect_code 0 "--skip leaves others out" "${check[@]}" --only '*1.18.1/*' --only '*/restart.jsonl' --skip '*trigger*' $recordings
expect_same "but not all" "$recordings/1.20.3/restart.jsonl" "$(cut -d ' ' -f 1 <<<"$out")"
expect_code 64 "none left is refused" "${check[@]}" --skip 'recording:*' $recordings
expect_code 64 "so is a pattern that means none" "${check[@]}" --only recording:1.18.1 $recordings
expect_text "which is said" "$err" "^freshcheck: --only 'recording:1.18.1' means no recording here$"
expect_code 64 "there are no scenarios here" "${check[@]}" --only 'scenario:*' $recordings
expect_text "which is said, too" "$err" 'before the colon stands recording, implementation or property$'
expect_code 1 "a property that is chosen and broken counts" "$FRESHCHECK" check --format json --only fresh $stale
expect_same "and is told alone" "None $stale fresh" "$(cells <<<"${out//\"subject\"/\"implementation\":null,\"subject\"}")"
expect_code 0 "one that is left out does not" "${check[@]}" --skip fresh --skip numeric-latest --only monotonic $stale
expect_code 64 "--expect lists whole verdicts" "${check[@]}" --expect $recordings/expected.txt --only fresh $stale
expect_text "and says so" "$err" 'choose no properties with it$'
for wanted in '1 unexpected' '1 any' '0 none' '1 fresh' '0 right-job' '0 unknown'; do
    expect_code ${wanted% *} "of a stale recording --fail-on ${wanted#* } ends with ${wanted% *}" "${check[@]}" $stale --fail-on "${wanted#* }"
done
undecided=(--only bounded-age $recordings/2.3.0/graph-timeout-0.jsonl) # where statistics were never read
for wanted in '2 unexpected' '2 any' '0 none' '0 fresh' '1 unknown'; do
    expect_code ${wanted% *} "of an undecided one --fail-on ${wanted#* } with ${wanted% *}" "${check[@]}" "${undecided[@]}" --fail-on "${wanted#* }"
done
expect_code 64 "what is none is refused here as well" "${check[@]}" $stale --fail-on sometimes

# Explorations.
explore=("$FRESHCHECK" explore --quiet --jobs 1 --implementation flink-1.17 --seeds 5)
expect_code 1 "properties are explored alone" "${explore[@]}" --format json --only bounded-load --only property:fresh
expect_same "and reported" "bounded-load fresh" \
    "$(cells <<<"$out" | cut -d ' ' -f 3- | tr ' ' '\n' | sort -u | paste -s -d ' ')"
expect_code 1 "as text" "${explore[@]}" --only bounded-load
expect_same "the table has no others" "bounded-load" "$(sed -n '/^property  /,/^$/p' <<<"$out" | sed -n '2{s/ .*//p;};3,${/./p;}')"
mkdir "$scratch/kept"
kept=("$FRESHCHECK" explore --quiet --jobs 1 --implementation stampede --seeds 5 --save "$scratch/kept")
expect_code 1 "failures are kept" "${kept[@]}"
expect_code 1 "and fail again" "${kept[@]}" --only bounded-load
expect_code 0 "but count only if they are chosen" "${kept[@]}" --only right-job
expect_code 0 "without those that break all is well" "${explore[@]}" --only numeric-latest
expect_code 64 "a property that is none is refused" "${explore[@]}" --only frsh
expect_text "with the nearest one" "$err" "means no property here; did you mean 'fresh'\?$"
expect_code 64 "some must be left" "${explore[@]}" --skip '*'
"${explore[@]}" --only fresh --shard 1/2 >"$scratch/1.json"
"${explore[@]}" --only fresh --shard 2/2 >"$scratch/2.json"
"${explore[@]}" --only bounded-load --shard 2/2 >"$scratch/other.json"
whole=$("${explore[@]}" --only fresh)
expect_code 1 "parts of an exploration are joined" "$FRESHCHECK" merge --quiet "$scratch/1.json" "$scratch/2.json"
expect_same "into the whole" "$whole" "$out"
expect_code 65 "those of another choice are refused" "$FRESHCHECK" merge --quiet "$scratch/1.json" "$scratch/other.json"
finish
