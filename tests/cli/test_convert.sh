#!/bin/bash
# freshcheck convert, and HTTP archives in freshcheck check.
# flavours: gcc, asan (two compilers would write the same bytes)
. tests/cli/lib.sh

bundle=tests/recordings
judged() { "$FRESHCHECK" check --format json "$@" 2>/dev/null | sed 's/"subject":"[^"]*"//; s/"again":"[^"]*"//; s/,"line":[0-9]*//g; s/,"file":"[^"]*"//'; }

differ=
for recording in $bundle/*/*.jsonl; do
    "$FRESHCHECK" convert "$recording" "$scratch/a.har" &&
        "$FRESHCHECK" convert "$scratch/a.har" "$scratch/b.jsonl" || differ="$differ $recording"
    for claim in "" "--claim=fresh"; do
        wanted=$(judged $claim "$recording")
        [ "$wanted" = "$(judged $claim "$scratch/a.har")" ] || differ="$differ $recording(har)"
        [ "$wanted" = "$(judged $claim "$scratch/b.jsonl")" ] || differ="$differ $recording(back)"
    done
done
expect_same "every bundled recording is judged alike as an archive and back again" "$differ" ""

cat >"$scratch/browser.har" <<'END'
{"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": [
 {"startedDateTime": "2024-05-01T10:00:00.000Z", "time": 5, "request": {"method": "GET", "url": "http://h:8081/main.js"},
  "response": {"status": 200, "headers": [], "content": {"text": "run()"}}},
 {"startedDateTime": "2024-05-01T10:00:01.000Z", "time": 5, "request": {"method": "GET",
  "url": "http://h:8081/jobs/0123456789abcdef0123456789abcdef"}, "response": {"status": 500, "headers": [],
  "content": {"text": "{\"errors\":[\"java.util.concurrent.CancellationException\"]}"}}}]}}
END
expect_code 65 "an archive does not say which Flink it is of" "$FRESHCHECK" check "$scratch/browser.har"
expect_text "and that is what is asked for" "$err" '--flink 1\.20\.3.*--claim fresh'
expect_code 1 "with the version it is judged" "$FRESHCHECK" check --flink 1.20.3 "$scratch/browser.har"
expect_text "what is no call of Flink's is counted" "$err" '1 of 2 entries are calls'
expect_text "the property is named" "$out" 'breaks undisturbed'
expect_text "the way to see it again has the version" "$out" 'check --flink 1\.20\.3 '
expect_code 1 "a claim is enough" "$FRESHCHECK" check --claim fresh --brief "$scratch/browser.har"
expect_code 64 "a setting has a value" "$FRESHCHECK" check -D web "$scratch/browser.har"
expect_code 0 "settings are taken along" "$FRESHCHECK" convert --flink 1.18.0 \
    -D web.refresh-interval=7s "$scratch/browser.har" "$scratch/c.jsonl"
expect_text "into the first line" "$(head -n 1 "$scratch/c.jsonl")" \
    '"flink_version":"1.18.0","settings":\{"web.refresh-interval":"7s"\}'
expect_text "and make the claim" "$("$FRESHCHECK" check --brief "$scratch/c.jsonl")" 'age 7 s'

# A scenario of each recording, run as a scenario: 0 says that every verdict is the recording's.
differ=
for recording in $bundle/*/*.jsonl; do
    for claim in "" "--claim=fresh"; do
        code=0
        "$FRESHCHECK" convert $claim "$recording" "$scratch/s.yaml" 2>"$scratch/said" || code=$?
        case $recording in
        */trigger-then-read.jsonl) # a race inside the JobManager, which answers tell nothing of
            [ $code -eq 2 ] && grep -q 'not brought about again: fresh is pass' "$scratch/said" ||
                differ="$differ $recording" ;;
        *)
            implementation=$(sed -n 's/.*on \(flink-[^ ]*\) the scenario has.*/\1/p' "$scratch/said")
            [ $code -eq 0 ] && "$FRESHCHECK" run --brief --implementation "$implementation" \
                "$scratch/s.yaml" >"$scratch/out" 2>&1 || differ="$differ $recording($claim)" ;;
        esac
    done
done
expect_same "every other bundled recording becomes a scenario with its verdicts" "$differ" ""

sed '1s/1.20.3/0.9/' $bundle/1.20.3/restart.jsonl >"$scratch/old.jsonl"
expect_code 65 "without an implementation there is no scenario" \
    "$FRESHCHECK" convert "$scratch/old.jsonl" "$scratch/old.yaml"
[ ! -e "$scratch/old.yaml" ] && ok "and no file" || not_ok "and no file"

expect_code 65 "something else is no archive" "$FRESHCHECK" convert README.md "$scratch/d.har"
[ ! -e "$scratch/d.har" ] && ok "and leaves no file" || not_ok "and leaves no file"
expect_code 64 "two files are needed" "$FRESHCHECK" convert "$scratch/a.har"
expect_code 64 "the names say what is what" "$FRESHCHECK" convert "$scratch/a.har" "$scratch/e.txt"
expect_code 65 "a file that is not there is bad input" "$FRESHCHECK" convert no.jsonl "$scratch/e.har"
expect_code 73 "a place that is not there cannot be written" \
    "$FRESHCHECK" convert $bundle/1.20.3/restart.jsonl "$scratch/no/e.har"
finish
