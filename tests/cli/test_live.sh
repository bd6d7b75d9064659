#!/bin/bash
# in real time: compares
# Over real HTTP the verdicts are those of virtual time; and the server is a good citizen.
. tests/cli/lib.sh

verdicts() { # JSON on stdin: a line for each cell and property that was run
    python3 -c '
import json, sys
for r in json.load(sys.stdin)["results"]:
    if "skipped" not in r:
        for p in r["properties"]:
            print(r["subject"], r["implementation"], p["id"], p["verdict"])'
}
"$FRESHCHECK" run --live --format json >"$scratch/live.json" 2>"$scratch/err"
expect_same "a live run is as the scenarios expect" 0 $?
verdicts <"$scratch/live.json" >"$scratch/live"
"$FRESHCHECK" run --format json | verdicts >"$scratch/virtual"
if [ -s "$scratch/live" ]; then ok "the live run has verdicts"; else not_ok "the live run has verdicts"; fi
expect_same "every live verdict is that of virtual time" "" \
    "$(grep -vxFf "$scratch/virtual" "$scratch/live" || true)"
# docs/properties.md says which properties are decided where.
decided() { # JSON on stdin, one or more reports
    python3 -c '
import json, sys
text, decoder, ids = sys.stdin.read().strip(), json.JSONDecoder(), set()
while text:
    report, end = decoder.raw_decode(text)
    text = text[end:].strip()
    for r in report["results"]:
        if "skipped" not in r:
            ids |= {p["id"] for p in r["properties"] if p["verdict"] != "unknown"}
print("\n".join(sorted(ids)))'
}
told() { # COLUMN
    awk -F ' *[|] *' -v column="$1" '/^[|] id [|] virtual/ {inside = 1} inside && $column == "yes" {
        gsub(/`/, "", $2); print $2} inside && NF == 0 {exit}' docs/properties.md | sort
}
expect_same "virtual time decides what the table says" "$(told 3)" \
    "$("$FRESHCHECK" run --format json | decided)"
expect_same "live runs decide what the table says" "$(told 4)" "$(decided <"$scratch/live.json")"
expect_same "recordings decide what the table says" "$(told 5)" "$({
    "$FRESHCHECK" check --format json tests/recordings
    "$FRESHCHECK" check --claim fresh --format json tests/recordings
} | decided)"
count=$(cut -d' ' -f1 "$scratch/live" | sort -u | wc -l)
if [ "$count" -ge 14 ]; then ok "at least 14 scenarios run live"; else not_ok "at least 14 scenarios run live" "$count"; fi

# serve: a port of its own, ended by its own id.
mkfifo "$scratch/said"
"$FRESHCHECK" serve scenarios/random_life.yaml --port 0 2>"$scratch/said" &
server=$!
exec 3<"$scratch/said"
read -r said <&3
url=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said")
port=${url##*:}
body=$(curl -s "$url/v1/jobs")
expect_text "serve answers /v1/jobs" "$body" '^\{"jobs":\[\{"id":"[0-9a-f]{32}","status":"[A-Z]+"'
job=$(grep -o '[0-9a-f]\{32\}' <<<"$body" | head -n 1)
expect_text "serve answers statistics" "$(curl -s "$url/jobs/$job/checkpoints")" '^\{"counts":\{"restored":'
expect_text "two requests use one connection" \
    "$(curl -sv "$url/jobs" "$url/overview" -o /dev/null -o /dev/null 2>&1)" 'Re-using existing connection'
expect_code 69 "a port in use is told" "$FRESHCHECK" serve scenarios/random_life.yaml --port "$port"
expect_text "in one sentence" "$err" "$port"
kill -TERM $server
wait $server
expect_same "SIGTERM ends it with 0" 0 $?
finish
