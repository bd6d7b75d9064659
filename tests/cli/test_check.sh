#!/bin/bash
# freshcheck check: recordings of real clusters.
. tests/cli/lib.sh

bundle=tests/recordings
expect_code 0 "every bundled recording is judged as expected" \
    "$FRESHCHECK" check --brief --expect $bundle/expected.txt $bundle
expect_code 0 "and under the claim 'fresh'" \
    "$FRESHCHECK" check --brief --claim fresh --expect $bundle/expected.txt $bundle
expect_code 1 "a refuted claim ends with 1" "$FRESHCHECK" check $bundle/1.18.0/error-kept.jsonl
expect_text "the property is named" "$out" 'breaks no-kept-error'
expect_text "the exchange is named" "$out" '\[seq 5\]'
line=$(grep -n '"seq": *5,' $bundle/1.18.0/error-kept.jsonl | cut -d: -f1)
expect_text "and the line of the file that it stands in" \
    "$("$FRESHCHECK" check --format json $bundle/1.18.0/error-kept.jsonl)" \
    "\"id\":\"no-kept-error\",\"line\":$line,"
expect_code 0 "a claim that held ends with 0" "$FRESHCHECK" check $bundle/1.20.3/dashboard-then-read.jsonl
expect_code 1 "the original defect is seen" "$FRESHCHECK" check --claim fresh $bundle/1.17.2/dashboard-then-read.jsonl
expect_text "by its property" "$out" 'breaks fresh'
# One cache of the configured timeout, asked as this cluster was, and the cluster itself.
"$FRESHCHECK" check --format json $bundle/1.20.3/poll-timeout-default.jsonl $bundle/1.17.2/dashboard-then-read.jsonl >"$scratch/ages.json"
if python3 - "$scratch/ages.json" <<'END'; then
import json, sys
for result in json.load(open(sys.argv[1]))["results"]:
    seen = result["staleness"]
    expected = seen["expected"]
    fine = 0.98 * expected["least_mean_ms"] < seen["mean_ms"] < 1.02 * expected["most_mean_ms"]
    if not fine or expected["timeout_ms"] != 3000:
        sys.exit(str(seen))
END
    ok "how stale real clusters were is what is expected of their timeout"
else
    not_ok "how stale real clusters were is what is expected of their timeout"
fi
expect_text "and the layer of the rare one is the origin" \
    "$("$FRESHCHECK" check $bundle/1.18.1/trigger-then-read.jsonl)" 'Layer: origin'

head -c 20000 $bundle/1.18.0/error-kept.jsonl >"$scratch/cut.jsonl"
expect_code 65 "a recording that is cut off is bad input" "$FRESHCHECK" check "$scratch/cut.jsonl"
expect_text "the damage has its line" "$err" 'cut\.jsonl:[0-9]+: '
expect_code 2 "--allow-damaged judges what is whole" "$FRESHCHECK" check --allow-damaged "$scratch/cut.jsonl"
expect_code 65 "something else is no recording" "$FRESHCHECK" check Makefile
expect_code 65 "a file that is not there is bad input" "$FRESHCHECK" check no/such.jsonl
"$FRESHCHECK" check --format json $bundle >"$scratch/out.json"
if python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(d["verdict"] != "fail" or not d["results"])' "$scratch/out.json"; then
    ok "the JSON is whole and says fail"
else
    not_ok "the JSON is whole and says fail"
fi
finish
