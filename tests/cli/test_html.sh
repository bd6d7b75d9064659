#!/bin/bash
# The HTML report as tidy sees it, of runs and recordings; how large it gets, and the same bytes again.
# How it looks and what it does is seen in a browser: make test-browser.
. "$(dirname "$0")/lib.sh"

expect_valid() { # WHAT FILE
    local said="there is none: $(cat "$scratch/err")"
    if [ -s "$2" ] && said=$(tidy -quiet -errors "$2" 2>&1); then ok "$1"; else not_ok "$1" "$said"; fi
}

html() { # COMMAND...: its report is $scratch/report.html
    rm -f "$scratch/report.html"
    "$FRESHCHECK" "$1" --brief --report html="$scratch/report.html" "${@:2}" >/dev/null 2>"$scratch/err"
}

html run scenarios
expect_valid "a run's report is HTML" "$scratch/report.html"
expect_same "it is allowed to load nothing" 1 "$(grep -c "default-src 'none'" "$scratch/report.html")"
cp "$scratch/report.html" "$scratch/once.html"
html run scenarios
expect_same "and the same bytes when it is run again" "$(sha256sum <"$scratch/once.html")" \
    "$(sha256sum <"$scratch/report.html")"

"$FRESHCHECK" check --report html="$scratch/check.html" tests/recordings >/dev/null 2>&1
expect_valid "that of recordings is HTML" "$scratch/check.html"

expect_same "the witness of one that fails is drawn, with what went over the wire" "1 1 1" \
    "$("$FRESHCHECK" check --claim fresh --report html="$scratch/check.html" \
        tests/recordings/1.17.2/dashboard-then-read.jsonl >/dev/null 2>&1
    for text in '<figure class="timeline">' 'content-length: 79' 'checkpoint 1 completed, as answers tell'; do
        grep -c "$text" "$scratch/check.html"
    done | xargs)"
"$FRESHCHECK" explore --quiet --seeds 3 --implementation flink-1.17 --report html="$scratch/explore.html" >/dev/null 2>&1
expect_valid "that of an exploration is HTML" "$scratch/explore.html"
expect_same "with a picture of each failure" "$(grep -o '<section class="failure' "$scratch/explore.html" | wc -l)" \
    "$(grep -o '<figure class="timeline">' "$scratch/explore.html" | wc -l)"
sed 's/"seq": \([0-9]*\),/"seq": \1, "client": "<b>\\u0007<\/script>",/; s/application\/json/<i>\\u001b[31m/g' \
    tests/recordings/1.17.2/dashboard-then-read.jsonl >"$scratch/evil.jsonl"
"$FRESHCHECK" check --claim fresh --report html="$scratch/check.html" "$scratch/evil.jsonl" >/dev/null 2>"$scratch/err"
expect_valid "that of a recording full of markup is HTML" "$scratch/check.html"
expect_same "with one script, and the markup as text" "1 0 2" "$(grep -c '</script>' "$scratch/check.html") \
$(grep -c -e '<b>?' -e '<i>' -e $'[\x07\x1b]' "$scratch/check.html") $(grep -c 'content-type: &lt;i&gt;?\[31m' "$scratch/check.html")"

cat >"$scratch/evil.yaml" <<'YAML'
title: "</script><b>&amp;"
why: no title is markup
flink: {web.refresh-interval: 3 s, rest.cache.checkpoint-statistics.timeout: 0 s}
jobmanager: {J: {at 90 ms: completes 10, at 200 ms: completes 11}}
clients:
  browser: {at 100 ms: job J}
  mover: {at 300 ms: latest completed checkpoint of J}
claims: [fresh]
expect: {flink-1.17: {fresh: "<svg onload=alert(1)></p>"}}
YAML
html run "$scratch/evil.yaml" --implementation flink-1.17
expect_valid "that of a scenario full of markup is HTML" "$scratch/report.html"
expect_same "with one script, and nothing that scenarios brought" "1 0" \
    "$(grep -c '</script>' "$scratch/report.html") $(grep -c -e '<b>&' -e '<svg onload' "$scratch/report.html")"

# 1,000 scenarios, 50 of which break a claim.
python3 - "$scratch" <<'PYTHON'
import os, shutil, sys
os.mkdir(sys.argv[1] + "/many")
for i in range(1000):
    name = "dashboard_hides_newer" if i % 20 == 0 else "answered_once"
    shutil.copy("scenarios/%s.yaml" % name, "%s/many/scenario_%04d.yaml" % (sys.argv[1], i))
PYTHON
html run "$scratch/many" --implementation flink-1.17
size=$(stat -c %s "$scratch/report.html")
expect_same "of 1,000 scenarios 50 are drawn" 50 "$(grep -o '<figure class="timeline">' "$scratch/report.html" | wc -l)"
if [ "$size" -lt 2000000 ]; then ok "in less than 2 MB"; else not_ok "in less than 2 MB" "$size"; fi
expect_same "and nothing is left out" "" "$(grep -o 'class="notice"' "$scratch/report.html")"
finish
