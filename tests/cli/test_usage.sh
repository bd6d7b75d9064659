#!/bin/bash
# Command lines: help, versions, mistakes and what is said about them.
. tests/cli/lib.sh

expect_code 0 "--version ends with 0" "$FRESHCHECK" --version
expect_text "--version names the program" "$out" '^freshcheck [0-9]+\.[0-9]+\.[0-9]+$'
expect_code 0 "--help ends with 0" "$FRESHCHECK" --help
for command in run check conform serve list explain; do
    expect_text "--help names $command" "$out" "^  $command "
done
for command in run check conform serve list explain; do
    expect_code 0 "$command --version ends with 0" "$FRESHCHECK" $command --version
    expect_text "$command --version names the program" "$out" '^freshcheck [0-9.]+$'
    expect_code 0 "$command --help ends with 0" "$FRESHCHECK" $command --help
    expect_text "$command --help says how it is used" "$out" "^usage: freshcheck $command"
done

expect_code 64 "no command is a usage error" "$FRESHCHECK"
expect_code 64 "an unknown command is a usage error" "$FRESHCHECK" rnu
expect_text "the nearest command is named" "$err" "did you mean 'run'"
expect_code 64 "an unknown option is a usage error" "$FRESHCHECK" run --implementatoin reference
expect_text "the nearest option is named" "$err" 'did you mean --implementation'
expect_code 64 "an option without its value is a usage error" "$FRESHCHECK" run --seed
expect_code 64 "a seed that is no number is a usage error" "$FRESHCHECK" run --seed x1
expect_code 64 "an unknown format is a usage error" "$FRESHCHECK" run --format yaml
expect_code 64 "an unknown implementation is a usage error" "$FRESHCHECK" run --implementation flink-1.71
expect_text "the nearest implementation is named" "$err" "did you mean 'flink-1.17'"
expect_code 64 "check without files is a usage error" "$FRESHCHECK" check
expect_code 64 "a claim that is none is a usage error" "$FRESHCHECK" check --claim stale x.jsonl
expect_code 64 "an unknown property is a usage error" "$FRESHCHECK" explain frehs
expect_text "the nearest property is named" "$err" "did you mean 'fresh'"
expect_code 65 "a file that is not there is bad input" "$FRESHCHECK" run no/such.yaml
expect_text "it is named" "$err" 'no/such.yaml: No such file'

expect_code 0 "list ends with 0" "$FRESHCHECK" list
expect_text "list shows scenarios" "$out" '^dashboard_hides_newer '
expect_text "list shows implementations" "$out" '^flink-1.18.0 '
expect_text "list shows properties" "$out" '^no-kept-error '
expect_code 0 "list scenarios as JSON" \
    "$FRESHCHECK" list scenarios --format json scenarios/dashboard_hides_newer.yaml
expect_same "it is whole JSON, with options as the scenario writes them, and claims" \
    "dashboard_hides_newer 3 s [fresh dashboard-cached]" "$(python3 -c 'import json, sys
scenario, = json.load(sys.stdin)
print(scenario["name"], {o["key"]: o["value"] for o in scenario["flink"]}["web.refresh-interval"],
      "[%s]" % " ".join(scenario["claims"]))' <<<"$out")"
expect_code 64 "nothing else is listed as JSON" "$FRESHCHECK" list properties --format json
properties=$("$FRESHCHECK" list properties | cut -d' ' -f1)
# shellcheck disable=SC2086
expect_code 0 "every listed property can be explained" "$FRESHCHECK" explain $properties
finish
