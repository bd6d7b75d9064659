#!/bin/bash
# flavours: gcc, asan (others' programs read the same bytes)
# Every format of --report, read by programs that others wrote: docs/reports.md.
. tests/cli/lib.sh

formats="junit tap sarif github github-summary json"
# reports FOLDER: the options that write each format there.
reports() {
    mkdir -p "$1"
    for format in $formats; do echo --report $format="$1/$format"; done
}
valid() { # WHAT COMMAND...: it ends with 0
    local what=$1
    shift
    expect_code 0 "$what" "$@"
}

# All bundled cells: once with what is expected, once as failures.
expect_code 0 "all cells are reported" "$FRESHCHECK" run --brief $(reports "$scratch/all")
expect_code 1 "all cells are reported strictly" "$FRESHCHECK" run --brief --strict $(reports "$scratch/strict")
cells=$(jq '.results | length' "$scratch/all/json")
broken=$(jq '[.results[] | select(.verdict == "fail")] | length' "$scratch/all/json")
skipped=$(jq '[.results[] | select(.verdict == "unknown")] | length' "$scratch/all/json")

for kind in all strict; do
    report=$scratch/$kind
    valid "$kind: JUnit is that of Jenkins' xUnit plugin" \
        xmllint --noout --schema tests/schemas/junit-10-2014.xsd "$report/junit"
    sed -E '/<testcase/s/ (file|line)="[^"]*"//g' "$report/junit" >"$report/plain.xml"
    valid "$kind: and of today's, but for the places of cases" \
        xmllint --noout --schema tests/schemas/junit-10.xsd "$report/plain.xml"
    valid "$kind: TAP is read by Perl" perl tests/cli/tap_parser.pl "$report/tap"
    [ $kind = all ] && todo=$broken failed=0 || todo=0 failed=$broken
    expect_same "$kind: and means the same" "$cells points, $todo todo, $skipped skipped, $failed failed" "$out"
done
same_said=() # HOW REPORT JSON-REPORT, see report_checks.py
for of in all:tap:tap all:sarif:sarif strict:strict-tap:tap strict:sarif:sarif strict:github:github strict:markdown:github-summary; do
    IFS=: read -r kind how format <<<"$of"
    same_said+=($how "$scratch/$kind/$format" "$scratch/$kind/json")
done
expect_same "what is expected is no annotation" "" "$(cat "$scratch/all/github")"
expect_same "SARIF accepts what is expected, with its reason" "accepted true" "$(jq -r \
    '[.runs[0].results[].suppressions[0]] | "\(map(.status) | unique | .[]) \(all(.justification != null))"' "$scratch/all/sarif")"
expect_same "and nothing else" "0" "$(jq '[.runs[0].results[].suppressions[]] | length' "$scratch/strict/sarif")"

# A schema that takes anything would be none.
sed 's/"violations":/"violatoins":/' "$scratch/all/json" >"$scratch/other.json"
expect_code 1 "a member by another name is found" \
    python3 tests/cli/report_schema.py --closed docs/schema/report.schema.json "$scratch/other.json"
sed 's/"version":"2.1.0"/"version":"2.1"/' "$scratch/all/sarif" >"$scratch/other.json"
expect_code 1 "another version of SARIF is found" \
    python3 tests/cli/report_schema.py tests/schemas/sarif-schema-2.1.0.json "$scratch/other.json"

# What --format json prints, of every command that has the published schema.
json() { # CODE NAME ARGUMENT...
    local code=$1 name=$2
    shift 2
    expect_code $code "JSON of $name" "$FRESHCHECK" "$@"
    cp "$scratch/out" "$scratch/$name.json"
}
found=tests/configurations/findings
json 0 part run --shard 1/40
json 1 check check --format json tests/recordings/1.17.2
json 1 exploration explore --quiet --implementation stampede --seeds 3 --format json
json 1 part-of-exploration explore --quiet --implementation stampede --seeds 3 --shard 1/2
json 0 mutants mutants --only stampede --format json
json 0 configuration config --format json --want staleness=1s $found/size-below-jobs-clean.yaml
json 1 no-configuration config --format json --want staleness=1s,fetches-per-second=0.001 $found/size-below-jobs-clean.yaml
json 0 comparison config --format json $found/size-below-jobs-clean.yaml $found/graph-timeout-zero-clean.yaml
valid "all are as the schema says, and have nothing that it does not name" python3 tests/cli/report_schema.py \
    --closed docs/schema/report.schema.json "$scratch"/{all,strict}/json \
    "$scratch"/{part,check,exploration,part-of-exploration,mutants,configuration,no-configuration,comparison}.json
expect_same "the schema names every property" "$("$FRESHCHECK" list properties | cut -d' ' -f1)" \
    "$(jq -r '."$defs".property_id.enum[]' docs/schema/report.schema.json)"

# Other commands write the same formats.
"$FRESHCHECK" mutants --only stampede $(reports "$scratch/mutants") >/dev/null
expect_same "a mutant that is found out passes" "ok 1 - mutants on stampede: found out" "$(tail -n 1 "$scratch/mutants/tap")"
"$FRESHCHECK" check $(reports "$scratch/check") tests/recordings/1.17.2 >/dev/null
same_said+=(sarif "$scratch/check/sarif" "$scratch/check/json")

# A configuration's findings, at its lines.
cat >"$scratch/flink-conf.yaml" <<'YAML'
web.refresh-interval: 3000
rest.cache.checkpoint-statistics.size: 0
YAML
expect_code 0 "findings are reported" "$FRESHCHECK" config --report sarif="$scratch/found.sarif" \
    --report github=- "$scratch/flink-conf.yaml"
expect_text "as annotations" "$out" '^::warning file=.*/flink-conf.yaml,line=2,col=40,title=warning%3A size-zero::'
expect_code 64 "a configuration has no JUnit" "$FRESHCHECK" config --report junit=x.xml "$scratch/flink-conf.yaml"

# Names and sentences that mean something in a format.
mkdir "$scratch/nasty"
nasty=$'a\xffb\xe2\x80\xaec::error::x%0A]]><i>&"{0} [x](y)\n::warning::y,z # TODO z \\'
sed 's/^title:.*/title: "<b>]]> %0A ::error:: {0} # SKIP"/
     s/why: both paths share the graph cache/why: "# TODO <b> ]]> %0A::error::z"/' \
    scenarios/dashboard_hides_newer.yaml >"$scratch/nasty/$nasty.yaml"
expect_code 1 "a scenario of any name is reported" "$FRESHCHECK" run --brief --strict \
    --implementation flink-1.17 $(reports "$scratch/odd") "$scratch/nasty/$nasty.yaml"
for file in "$scratch"/odd/*; do valid "${file##*/} is UTF-8" iconv -f UTF-8 -t UTF-8 "$file"; done
valid "JUnit is valid" xmllint --noout --schema tests/schemas/junit-10-2014.xsd "$scratch/odd/junit"
valid "TAP is valid" perl tests/cli/tap_parser.pl "$scratch/odd/tap"
expect_same "and is one point" "1 points, 0 todo, 0 skipped, 1 failed" "$out"

for of in github:github markdown:github-summary; do
    same_said+=(${of%:*} "$scratch/odd/${of#*:}" "$scratch/odd/json")
done

# One process for all, since each takes a third of a second to begin.
valid "all reports say what the JSON report says" python3 tests/cli/report_checks.py "${same_said[@]}"
valid "all SARIF is what OASIS says" python3 tests/cli/report_schema.py \
    tests/schemas/sarif-schema-2.1.0.json "$scratch"/{all,strict,odd,check}/sarif "$scratch/found.sarif"

# What cannot be written.
defect=(run --brief --implementation flink-1.17 scenarios/dashboard_hides_newer.yaml)
for format in $formats html; do
    expect_code 73 "$format: no folder is told" "$FRESHCHECK" "${defect[@]}" --report $format="$scratch/none/x"
    expect_code 1 "$format: a full disk hides no verdict" "$FRESHCHECK" "${defect[@]}" --strict --report $format=/dev/full
    expect_text "$format: and is told" "$err" '^freshcheck: cannot write /dev/full: No space left on device$'
done
echo before >"$scratch/summary"
cp "$scratch/summary" "$scratch/other"
for file in summary other new; do
    (ulimit -f 0 && exec "$FRESHCHECK" "${defect[@]}" --strict --report tap="$scratch/$file" \
        --report github-summary="$scratch/$file") >/dev/null 2>&1
    expect_same "$file: a limit of size is no end" "1" "$?"
done
expect_same "a report that does not fit leaves what was there" "before before" "$(echo $(cat "$scratch"/{summary,other}))"
[ ! -e "$scratch/new" ] && ok "or nothing" || not_ok "or nothing"
expect_same "and no part of it" "" "$(find "$scratch" -name '*.part')"
expect_code 0 "a summary is added" "$FRESHCHECK" "${defect[@]}" --report github-summary="$scratch/summary"
expect_same "to what is there" "before ## freshcheck: all as expected" "$(echo $(head -n 2 "$scratch/summary"))"
for room in 1048000 1048576; do
    head -c $room /dev/zero | tr '\0' x >"$scratch/big"
    expect_code 0 "a summary that had $room bytes" "$FRESHCHECK" "${defect[@]}" --report github-summary="$scratch/big"
    [ $(stat -c %s "$scratch/big") -le 1048576 ] && ok "has no more than 1 MiB" || not_ok "has no more than 1 MiB"
done
expect_text "and it is told when nothing fits" "$err" 'is as large as GitHub takes it: nothing is added$'
expect_code 64 "only annotations go to standard output" "$FRESHCHECK" "${defect[@]}" --report tap=-
expect_code 64 "and not beside JSON" "$FRESHCHECK" "${defect[@]}" --format json --report github=-
finish
