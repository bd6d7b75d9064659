#!/bin/bash
# freshcheck run: the matrix, its verdicts, its reports and its mistakes.
. tests/cli/lib.sh

all=(scenarios/*.yaml)
expect_code 0 "every cell is as its scenario expects" "$FRESHCHECK" run
expect_text "the matrix has the usual columns" "$out" \
    'reference +flink-1\.17 +flink-1\.18\.0 +flink-1\.20 +flink-2\.3$'
expect_text "the sum says so" "$out" 'all as expected\.$'
expect_code 0 "so on every version" "$FRESHCHECK" run --all --format json "${all[@]}"
cp "$scratch/out" "$scratch/all.json"

defect=scenarios/dashboard_hides_newer.yaml
expect_code 0 "an expected failure is no surprise" "$FRESHCHECK" run --implementation flink-1.17 $defect
expect_text "the witness tells what happened" "$out" 'browser +GET /jobs/J'
expect_text "the layer is named" "$out" 'Layer: graph cache'
expect_text "the command to repeat it is there" "$out" "Again: $FRESHCHECK run $defect --implementation flink-1.17"
expect_code 1 "--strict refuses it all the same" "$FRESHCHECK" run --implementation flink-1.17 --strict $defect
expect_code 0 "--strict lets the reference pass" "$FRESHCHECK" run --implementation reference --strict $defect
expect_code 1 "a mutant that breaks a claim is refuted" \
    "$FRESHCHECK" run --implementation shared-cache $defect

expect_code 1 "an option of the caller's goes before the scenario's" \
    "$FRESHCHECK" run --strict --implementation flink-1.20 -D rest.cache.checkpoint-statistics.timeout=3s $defect
expect_text "the command to repeat it has the option" "$out" "-D 'rest.cache.checkpoint-statistics.timeout=3s'"
expect_code 65 "an option with a value that is none is refused" "$FRESHCHECK" run -D web.refresh-interval=0 $defect
expect_text "with its reason" "$err" 'web.refresh-interval=0: the refresh interval must be larger than 0 ms'
expect_code 64 "-D takes KEY=VALUE" "$FRESHCHECK" run -D web.timeout $defect
expect_code 0 "a folder's scenarios are as they expect" "$FRESHCHECK" run --brief scenarios/any-cluster
expect_code 0 "every finding's scenario is as it expects" "$FRESHCHECK" run --all --brief scenarios/findings

# What the matrix must say of real versions, by JSON and not by eye: one line for each property.
python3 -c '
import json, sys
for r in json.load(sys.stdin)["results"]:
    for p in r["properties"]:
        print(r["implementation"], r["subject"], p["id"], p["verdict"])' \
    <"$scratch/all.json" >"$scratch/cells"
says() { # IMPLEMENTATION SCENARIO PROPERTY VERDICT
    expect_same "$1 on $2: $3 is $4" "$*" "$(grep "^$1 $2 $3 " "$scratch/cells")"
}
says flink-1.17 dashboard_hides_newer fresh fail
for version in flink-1.18.0 flink-1.20 flink-2.3 reference; do
    says $version dashboard_hides_newer fresh pass
done
for version in flink-1.18.0 flink-1.20 flink-2.3; do
    says $version failed_fetch_kept no-kept-error fail
    says $version details_of_another_job right-job fail
    says $version readers_cancel_each_other undisturbed fail
done
says flink-1.18.0 ended_job available fail
says flink-1.20 ended_job available pass
says reference failed_fetch_kept no-kept-error pass
says reference details_of_another_job right-job pass
says reference readers_cancel_each_other undisturbed pass
says reference ended_job available pass

# Whatever breaks is shown by a timeline: two to six events in order, and a sentence.
expect_same "every failure has a witness of two to six events in order" "" "$(python3 -c '
import json, sys
for r in json.load(sys.stdin)["results"]:
    for p in r["properties"]:
        times = [e["at_ms"] for e in p.get("witness", [])]
        if p["verdict"] == "fail" and not (2 <= len(times) <= 6 and times == sorted(times) and p["cause"]):
            print(r["subject"], r["implementation"], p["id"])' <"$scratch/all.json")"

# Same seed, same bytes.
"$FRESHCHECK" run --seed 7 --format json "${all[@]}" >"$scratch/a"
"$FRESHCHECK" run --seed 7 --format json "${all[@]}" >"$scratch/b"
expect_same "two runs with one seed give the same bytes" "$(sha256sum <"$scratch/a")" "$(sha256sum <"$scratch/b")"
drawn="$FRESHCHECK run --implementation reference --format json scenarios/random_life.yaml"
if [ "$($drawn --seed 7)" = "$($drawn --seed 8)" ]; then not_ok "another seed gives another run"; else ok "another seed gives another run"; fi

# Reports.
expect_code 0 "--junit writes a report" "$FRESHCHECK" run --brief --junit "$scratch/junit.xml" $defect scenarios/ended_job.yaml
if python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$scratch/junit.xml"; then
    ok "the JUnit report is XML"
else
    not_ok "the JUnit report is XML"
fi
expect_code 0 "several reports are written at once" "$FRESHCHECK" run --brief --report junit="$scratch/again.xml" \
    --report json="$scratch/run.json" $defect scenarios/ended_job.yaml
expect_same "the JUnit report is that of --junit" "$(cat "$scratch/again.xml")" "$(cat "$scratch/junit.xml")"
expect_same "the JSON report is that of --format json" "$(cat "$scratch/run.json")" \
    "$("$FRESHCHECK" run --format json $defect scenarios/ended_job.yaml)"
expect_code 64 "a format that there is not" "$FRESHCHECK" run --report jnuit=a.xml $defect
expect_code 73 "a report that cannot be written is told" "$FRESHCHECK" run --brief --junit "$scratch/none/junit.xml" $defect
expect_code 1 "and never hides a verdict" "$FRESHCHECK" run --brief --strict --implementation flink-1.17 \
    --junit "$scratch/none/junit.xml" $defect
expect_same "no partial report is left behind" "" "$(ls "$scratch" | grep part || true)"

# A scenario with faults: all complaints at once, nothing run.
cat >"$scratch/bad.yaml" <<'YAML'
title: A scenario with three faults
why: to see what is said about them
jobmanager:
  J: {at 90 ms: compeltes 10}
clients:
  reader: {at 300: latest completed checkpoint of K}
claims: [fersh]
YAML
expect_code 65 "a malformed scenario is bad input" "$FRESHCHECK" run "$scratch/bad.yaml" $defect
expect_text "the first fault has its place" "$err" 'bad\.yaml:4:[0-9]+: '
expect_text "the last fault has its place" "$err" 'bad\.yaml:7:[0-9]+: '
expect_text "a caret points at it" "$err" '^ +\^'
expect_text "the nearest name is told" "$err" 'fresh'
expect_same "nothing was run" "" "$out"
finish
