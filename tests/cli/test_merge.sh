#!/bin/bash
# freshcheck merge: the parts of a run or an exploration, joined, are the whole, byte for byte.
# flavours: gcc, asan (two compilers would write the same bytes)
. tests/cli/lib.sh

same_bytes() { # WHAT FILE FILE
    if cmp -s "$2" "$3"; then ok "$1"; else not_ok "$1" "$(cmp "$2" "$3" 2>&1)"; fi
}

# A run of 26 scenarios on two implementations: every number of parts has to give the same.
all=(scenarios/*.yaml)
all=("${all[@]:0:26}")
run=("$FRESHCHECK" run --implementation flink-1.18.0 --implementation reference --seed 7)
expect_code 0 "the whole is as expected" "${run[@]}" --junit "$scratch/whole.xml" "${all[@]}"
cp "$scratch/out" "$scratch/whole.txt"
"${run[@]}" --format json "${all[@]}" >"$scratch/whole.json"
for parts in 1 2 5; do
    for part in $(seq $parts); do
        "${run[@]}" --shard $part/$parts "${all[@]}" >"$scratch/$parts-$part.json" || not_ok "part $part of $parts"
    done
    backwards=$(ls -r "$scratch/$parts"-*.json)
    # shellcheck disable=SC2086
    expect_code 0 "$parts parts are joined in any order" \
        "$FRESHCHECK" merge --junit "$scratch/joined.xml" $backwards
    same_bytes "their text is that of the whole" "$scratch/out" "$scratch/whole.txt"
    same_bytes "and their JUnit report" "$scratch/joined.xml" "$scratch/whole.xml"
    # shellcheck disable=SC2086
    "$FRESHCHECK" merge --format json $backwards >"$scratch/joined.json"
    same_bytes "and their JSON" "$scratch/joined.json" "$scratch/whole.json"
done
"${run[@]}" --shard 2/5 "${all[@]}" >"$scratch/again.json"
same_bytes "a part done again gives the same bytes" "$scratch/again.json" "$scratch/5-2.json"
expect_same "no part gets more than one cell more than another" "10 10 10 11 11" \
    "$(for part in 1 2 3 4 5; do jq '.results | length' "$scratch/5-$part.json"; done | sort | xargs)"
expect_same "and none a column for itself" 2 \
    "$(jq -r '.results[].implementation' "$scratch/2-1.json" | sort -u | wc -l)"

# The exit code is that of the whole, and empty parts are fine.
defect=scenarios/dashboard_hides_newer.yaml
strict=("$FRESHCHECK" run --strict --implementation reference --implementation flink-1.17 $defect)
codes=
for part in 1 2 3; do
    "${strict[@]}" --shard $part/3 >"$scratch/strict-$part.json"
    codes+=" $?"
done
expect_same "a part ends as what it got; nothing to do is fine" " 0 1 0" "$codes"
expect_code 1 "the whole ends as it would have" "$FRESHCHECK" merge --brief "$scratch"/strict-*.json
expect_same "in the same words" "$("${strict[@]}" --brief)" "$out"

# An exploration.
explore=("$FRESHCHECK" explore --quiet --implementation stampede --seed 3 --seeds 11)
for part in 1 2 3; do
    "${explore[@]}" --shard $part/3 --jobs 1 >"$scratch/seeds-$part.json"
done
for format in text json; do
    "${explore[@]}" --format $format >"$scratch/whole"
    expect_code 1 "seeds are joined as $format" "$FRESHCHECK" merge --quiet --format $format "$scratch"/seeds-{3,1,2}.json
    same_bytes "into the whole" "$scratch/out" "$scratch/whole"
done
mkdir "$scratch/found"
expect_code 1 "what they found is kept" "$FRESHCHECK" merge --save "$scratch/found" "$scratch"/seeds-*.json
expect_code 1 "and breaks again" "$FRESHCHECK" run "$scratch"/found/stampede-bounded-load-*.yaml --implementation stampede

# Of a shared object: no file of parts says which code is loaded, and it has to be the same everywhere.
object=$scratch/cache.so
cp "$BUILD/examples/fresh_cache.so" "$object"
object_parts() {
    for part in 1 2; do
        "$FRESHCHECK" explore --quiet --implementation "$object" --seeds 3 --shard $part/2 >"$scratch/object-$part.json"
    done
}
object_parts
expect_code 64 "a shared object is not loaded because a part says so" "$FRESHCHECK" merge "$scratch"/object-*.json
expect_text "it is told what to say" "$err" "the parts are of $object; say --implementation $object\$"
merge_object=("$FRESHCHECK" merge --implementation "$object")
expect_code 0 "it is loaded when the command line says so" "${merge_object[@]}" "$scratch"/object-*.json
expect_same "and gives the whole" "$("$FRESHCHECK" explore --quiet --implementation "$object" --seeds 3)" "$out"
cp "$scratch/object-1.json" "$scratch/before.json"
printf 'x' >>"$object" # what follows the last section is loaded by nobody
object_parts
expect_code 65 "parts of two builds are refused" "${merge_object[@]}" "$scratch/before.json" "$scratch/object-2.json"
expect_text "with the reason" "$err" ': the fingerprint of the files that went into it is '
printf 'x' >>"$object"
expect_code 65 "and so is a build that is not that of the parts" "${merge_object[@]}" "$scratch"/object-*.json
expect_text "with its reason" "$err" 'the parts were made with another .* than is here$'

# What is no whole is refused, and it says why.
refused() { # WHAT PATTERN FILE...
    local what=$1 pattern=$2
    shift 2
    expect_code 65 "$what is refused" "$FRESHCHECK" merge "$@"
    expect_text "with its reason" "$err" "$pattern"
    expect_same "and nothing is printed" "" "$out"
}
other() { # NAME OPTION...: part 2 of 2 of another run
    local name=$1
    shift
    "$FRESHCHECK" run --shard 2/2 "$@" >"$scratch/other-$name.json"
}
one=$scratch/2-1.json two=$scratch/2-2.json
refused "a missing part" 'part 2 of 2 is missing$' "$one"
refused "more missing parts" 'parts 1, 3 and 4 of 5 are missing$' "$scratch/5-2.json" "$scratch/5-5.json"
refused "a part given twice" '2-1\.json and .*2-1\.json are both part 1 of 2$' "$one" "$two" "$one"
refused "another layout" '5-2\.json is no part of the same whole as .*2-1\.json: the number of parts is 2 there, and 5 here$' "$one" "$scratch/5-2.json"
other seed --implementation flink-1.18.0 --implementation reference --seed 8 "${all[@]}"
refused "another seed" ': the seed is 7 there, and 8 here$' "$one" "$scratch/other-seed.json"
other on --implementation reference --implementation flink-1.18.0 --seed 7 "${all[@]}"
refused "another order of implementations" ': the list of implementations is ' "$one" "$scratch/other-on.json"
other strict --strict --implementation flink-1.18.0 --implementation reference --seed 7 "${all[@]}"
refused "another option" ': --fail-on is "unexpected" there, and "any" here$' "$one" "$scratch/other-strict.json"
other set -D web.timeout=9s --implementation flink-1.18.0 --implementation reference --seed 7 "${all[@]}"
refused "another setting" ': the list of -D is \[\] there, and \["web.timeout=9s"\] here$' "$one" "$scratch/other-set.json"
mkdir "$scratch/copy"
cp "${all[@]}" "$scratch/copy"
echo '# changed' >>"$scratch/copy/$(basename "${all[0]}")"
other file --implementation flink-1.18.0 --implementation reference --seed 7 "$scratch/copy"
refused "another scenario" ': the fingerprint of the files that went into it is ' "$one" "$scratch/other-file.json"
refused "a part of an exploration" ': the command is "run" there, and "explore" here$' "$one" "$scratch/seeds-2.json"
sed 's/"version":"[^"]*"/"version":"0.0.9"/' "$one" >"$scratch/old.json"
refused "another version" 'old\.json was written by freshcheck 0\.0\.9, and this is ' "$scratch/old.json" "$two"
refused "a whole report" 'whole\.json: it is a whole report, and no part of one$' "$scratch/whole.json"
jq -c 'del(.results[3])' "$one" >"$scratch/short.json"
refused "a part that lacks a result" 'short\.json holds 25 results, and should hold 26$' "$scratch/short.json" "$two"
jq -c '.results[3].implementation = "flink-1.17"' "$one" >"$scratch/swapped.json"
refused "a result of something else" 'swapped\.json: a result of flink-1.17 should be of ' "$scratch/swapped.json" "$two"
jq -c '.exploration.seeds = 3' "$scratch/seeds-2.json" >"$scratch/cut.json"
refused "an exploration that was cut short" 'cut\.json was cut short: it holds 3 of 4 seeds$' "$scratch"/seeds-{1,3}.json "$scratch/cut.json"
head -c 1000 "$one" >"$scratch/torn.json"
refused "half a file" 'torn\.json: line 1, column 1000: ' "$scratch/torn.json" "$two"
jq -c '.results[0].verdict = "fine"' "$one" >"$scratch/odd.json"
refused "what is no report" "odd\.json: results\[0\]\.verdict: 'fine' is neither" "$scratch/odd.json" "$two"
refused "a file that is not there" 'none\.json' "$scratch/none.json"
expect_code 64 "no files at all" "$FRESHCHECK" merge
expect_code 64 "--save of a run" "$FRESHCHECK" merge --save "$scratch/found" "$one" "$two"
reports() { # FOLDER: each report, there
    mkdir -p "$1"
    local format
    for format in junit tap sarif github github-summary json; do echo --report $format="$1/$format"; done
}
expect_code 1 "reports of an exploration" "${explore[@]}" $(reports "$scratch/whole-reports")
expect_code 1 "and of its parts" "$FRESHCHECK" merge --quiet $(reports "$scratch/part-reports") "$scratch"/seeds-*.json
expect_same "are the same" "" "$(diff -r "$scratch/whole-reports" "$scratch/part-reports")"
"$FRESHCHECK" run --strict $defect $(reports "$scratch/whole-run") >/dev/null
for part in 1 2; do
    "$FRESHCHECK" run --strict $defect --shard $part/2 >"$scratch/told-$part.json"
done
expect_code 1 "reports of the parts of a run" \
    "$FRESHCHECK" merge $(reports "$scratch/part-run") "$scratch"/told-?.json
expect_same "are those of the whole" "" "$(diff -r "$scratch/whole-run" "$scratch/part-run")"

for shard in 3/2 0/4 x 1/ /2 1/0 -1/2 1/2x 1.5/2 1/1000001 ''; do
    expect_code 64 "--shard '$shard' is none" "$FRESHCHECK" run --shard "$shard" $defect
done
expect_text "and is told what one is" "$err" "takes I/N such as 2/8, I from 1 to N and N up to 1000000, not ''$"
expect_code 0 "the largest number of parts" "$FRESHCHECK" run --shard 1000000/1000000 $defect
expect_code 64 "a part is no text" "$FRESHCHECK" run --shard 1/2 --format text $defect
expect_code 64 "nor in real time" "$FRESHCHECK" run --shard 1/2 --live $defect
expect_code 64 "seeds by time have no parts" "$FRESHCHECK" explore --shard 1/2 --for 1s
expect_code 64 "nor have kept failures" "$FRESHCHECK" explore --shard 1/2 --save "$scratch/found"
expect_code 64 "nor is a part of seeds text" "$FRESHCHECK" explore --shard 1/2 --format text
finish
