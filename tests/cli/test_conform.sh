#!/bin/bash
# freshcheck conform on whole transcripts of real clusters.
# flavours: gcc, asan (two compilers would write the same bytes)
. tests/cli/lib.sh

versions="1.17.2 1.18.0 1.18.1 1.20.3 2.3.0"
mkdir "$scratch/transcripts"
for version in $versions; do
    zcat "tests/transcripts/whole/$version.jsonl.gz" >"$scratch/transcripts/$version.jsonl"
done
of() { echo "$scratch/transcripts/$1.jsonl"; }

expect_code 0 "five real clusters: every exchange agrees or differs deliberately, no reason is stale" \
    "$FRESHCHECK" conform --list "$scratch/transcripts"
for version in $versions; do
    exchanges=$(grep -c '"seq"' "$(of $version)")
    expect_text "$version: all $exchanges exchanges are asked, and none differs" "$out" \
        "^  $exchanges exchanges: [0-9]+ agree, [0-9]+ differ deliberately, 0 differ$"
done

# With every compiler the oldest and the newest.
[ "${BUILD##*/}" = gcc ] && wired=$versions || wired="1.17.2 2.3.0"
expect_code 0 "the same over HTTP" "$FRESHCHECK" conform --http $(for version in $wired; do of $version; done)
expect_same "and nothing differs on the wire" "$(grep -c ' 0 differ$' <<<"$out")" "$(wc -w <<<"$wired")"

# A mock of another version is told apart by what its version changed.
differs() { # RECORDED MOCK WHAT PATTERN
    expect_code 1 "a mock of $2 is no $1" "$FRESHCHECK" conform --flink "$2" "$(of "$1")"
    expect_text "$3" "$out" "$4"
}
differs 1.17.2 1.18.1 "1.18 has web-rescale" '/features/web-rescale: the key is not in the recording'
differs 1.18.0 1.18.1 "1.18.0 forgets the statistics of ended jobs" '@status: the status is another'
differs 1.20.3 1.18.1 "1.18 has no job type" '/job-type: the key is missing'
differs 1.20.3 2.3.0 "2.3 has pending operators" '/pending-operators: the key is not in the recording'
differs 2.3.0 1.20.3 "1.20 has no pending operators" '/pending-operators: the key is missing'

# Other input.
sed '20s/.*/{"seq": 20, "sent_ms/' "$(of 1.20.3)" >"$scratch/spoiled.jsonl"
expect_code 65 "a spoiled line" "$FRESHCHECK" conform "$scratch/spoiled.jsonl"
expect_text "is named" "$err" 'spoiled.jsonl:20: '
sed -n '1,40p' "$(of 1.20.3)" | sed 's/"web-cancel\\":true/"web-cancel\\":\\"true\\"/' >"$scratch/other.jsonl"
expect_code 1 "a recorded answer of another shape" \
    "$FRESHCHECK" conform --format json "$scratch/other.jsonl"
expect_text "is a difference with its pointer" "$out" \
    '"pointer":"/features/web-cancel","what":"the JSON type is another","recorded":"\\"true\\"","answered":"true"'
echo '* GET /v1/config /features/web-cancel told otherwise here' >"$scratch/allowed"
echo '* GET / ** no page' >>"$scratch/allowed"
expect_code 0 "which may be meant" \
    "$FRESHCHECK" conform --differences "$scratch/allowed" "$scratch/other.jsonl"
echo '* GET /v1/config /nothing stale' >>"$scratch/allowed"
expect_code 1 "a reason that no answer needs" \
    "$FRESHCHECK" conform --list --differences "$scratch/allowed" "$scratch/other.jsonl"
expect_text "is told" "$out" '^never used: line 3: '
echo 'nonsense' >"$scratch/allowed"
expect_code 65 "a list of differences that cannot be read" \
    "$FRESHCHECK" conform --differences "$scratch/allowed" "$scratch/other.jsonl"
expect_code 65 "a missing file" "$FRESHCHECK" conform "$scratch/missing.jsonl"
expect_code 64 "no transcript" "$FRESHCHECK" conform
expect_code 64 "two things to ask" "$FRESHCHECK" conform --flink 2.3 --target http://x "$(of 2.3.0)"
expect_code 64 "a target that is no URL" "$FRESHCHECK" conform --target x "$(of 2.3.0)"
expect_code 69 "a target that is not there" \
    "$FRESHCHECK" conform --target http://127.0.0.1:1 "$(of 2.3.0)"

# A server of its own, in real time: the errors and the empty cluster take a second.
mkfifo "$scratch/said"
"$FRESHCHECK" serve --flink 1.20.3 --port 0 -D rest.cache.checkpoint-statistics.timeout=0s \
    2>"$scratch/said" &
server=$!
read -r said <"$scratch/said"
url=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said")
sed -n '1,49p' "$(of 1.20.3)" >"$scratch/begin.jsonl"
expect_code 0 "a server is asked at its URL" "$FRESHCHECK" conform --target "$url" "$scratch/begin.jsonl"
kill $server
wait $server
finish
