#!/bin/bash
# freshcheck list --museum. What the cases do is in tests/test_museum.c.
. tests/cli/lib.sh

files=$(find scenarios/museum -name '*.yaml' | wc -l)
expect_code 0 "the museum is listed" "$FRESHCHECK" list --museum
table=$out
expect_same "with every file" "$files cases" "$(tail -n 1 <<<"$table")"
expect_same "no line is wider than a terminal" "" "$(awk 'length > 100' <<<"$table")"
expect_same "no line ends in a blank" "" "$(grep ' $' <<<"$table")"
expect_text "a case has its number and its name" "$table" '^R-02  failure_kept_for_a_minute$'
expect_text "and who shows it" "$table" '  flink-1\.18\.0\.\.flink-2\.3,$'
expect_text "versions that all show it are one" "$table" 'right-job: flink-\*,'
expect_same "a file is listed alone" "1 case" \
    "$("$FRESHCHECK" list --museum scenarios/museum/failure_kept_for_a_minute.yaml | tail -n 1)"
expect_same "what is no case is left out" "0 cases" \
    "$("$FRESHCHECK" list --museum scenarios/ended_job.yaml | tail -n 1)"

expect_code 0 "the museum as JSON" "$FRESHCHECK" list --museum --format json
expect_same "each case says all there is to know" "$files" "$(python3 -c '
import json, sys
cases = json.load(sys.stdin)
for case in cases:
    shown = case["shown_by"]
    assert all(case[key] for key in ("name", "file", "number", "hall", "evidence", "source", "title", "why"))
    assert shown and all(s["properties"] and s["properties"][0]["why"] for s in shown)
    assert case["live"] == (case["not_live_because"] is None)
halls = [case["hall"] for case in cases]
assert len(set(halls)) == sum(a != b for a, b in zip([None] + halls, halls)), "halls are mixed"
print(len(cases))' <<<"$out")"
# A blank and a # begin a comment in YAML: "apache/x#1, #2" without quotes would lose its end.
expect_same "no source is cut short" "" "$(grep -nE '^source: [^">].* #' scenarios/museum/*.yaml)"

# Of a mutant that a file names it is expected that it breaks, of another nothing is.
clock=scenarios/museum/clock_set_back_freezes_the_answer.yaml
expect_code 0 "a mutant that a file names breaks as expected" "$FRESHCHECK" run --implementation wall-clock $clock
expect_text "for the reason that is told" "$out" 'Expected: expiry goes by the wall clock'
expect_code 1 "with --strict it is refuted" "$FRESHCHECK" run --strict --implementation wall-clock $clock
expect_code 1 "one that the file does not name is refuted" "$FRESHCHECK" run --implementation never-refresh $clock

expect_code 65 "a file that is none is refused" "$FRESHCHECK" list --museum README.md
expect_code 64 "a format that is none is refused" "$FRESHCHECK" list --museum --format xml
finish
