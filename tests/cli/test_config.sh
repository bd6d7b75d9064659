#!/bin/bash
# freshcheck config: what Flink makes of a configuration.
. tests/cli/lib.sh

mkdir "$scratch/conf"
cat >"$scratch/conf/flink-conf.yaml" <<'END'
web.refresh-interval: 5 s
rest.cache.execution-graph.timeout: 1 s # nothing before 2.3
state.checkpoints.num-retained: 3
rest.cache.checkpoint-statistic.timeout: 0
jobmanager.web.checkpoints.history: 5
web.checkpoints.history: 6
END
config() { "$FRESHCHECK" config "$@"; }

expect_code 0 "a folder is read as Flink reads its conf/" config "$scratch/conf"
expect_text "as the newest release that reads the file" "$out" '^Flink 1\.20\.3$'
expect_text "a value has its place" "$out" 'web\.refresh-interval +5 s +.*/flink-conf.yaml:1$'
expect_text "a fallback is named" "$out" \
    'checkpoint-statistics\.timeout +5 s +.*/flink-conf.yaml:1, follows web\.refresh-interval$'
expect_text "an old name is named" "$out" \
    'execution\.checkpointing\.num-retained +3 +.*:3, by its old name state\.checkpoints\.num-retained$'
expect_text "a default is called one" "$out" 'web\.timeout +10 min +default$'
expect_text "an option of later releases does nothing" "$out" \
    ':2: `rest\.cache\.execution-graph\.timeout` does nothing in Flink 1\.20\.3, .*known in 2\.3\)'
expect_text "a typo gets the nearest name" "$out" \
    ':4: .*did you mean `rest\.cache\.checkpoint-statistics\.timeout`\?'
expect_text "a key that another goes before is told" "$out" \
    ':5: `jobmanager\.web\.checkpoints\.history` does nothing here: `web\.checkpoints\.history`'
expect_text "releases that make the same of it are told together" "$out" '^  2\.0\.1, 2\.1\.1, 2\.2\.1$'
expect_text "which file a release wants is told" "$out" 'reads config\.yaml only'
expect_text "a difference names both values" "$out" 'execution-graph\.timeout: 5 s -> 1 s$'

expect_text "what to expect is told" "$out" 'at worst 5000\.0 ms, mean'
expect_code 0 "a load can be stated" config --jobs 3 --programs 2 --poll 500ms --dashboards 0 \
    --checkpoint-every 10s --latency 1ms -D rest.cache.checkpoint-statistics.timeout=0s "$scratch/conf"
expect_text "and is repeated" "$out" '^prediction for 3 jobs, each with$'
expect_text "at timeout 0 nothing is stale" "$out" 'at worst 0\.0 ms, mean 0\.0 ms, 0\.0 % of reads'
expect_text "and each request is a call" "$out" ' 12\.00 for statistics, 0\.00 for graphs'
expect_code 64 "a load without a job is refused" config --jobs 0 "$scratch/conf"

expect_code 1 "what Flink refuses ends with 1" config --flink 1.19 "$scratch/conf"
expect_text "and has Flink's sentence and a place" "$out" \
    "does not start: Could not parse value '5 s' for key 'web\.refresh-interval'\. \(.*:1\)"
expect_code 0 "-D goes before the file" config --flink 1.19 -D web.refresh-interval=7 "$scratch/conf"
expect_text "and is named" "$out" 'web\.refresh-interval +7 ms +-D$'

cat >"$scratch/job.yaml" <<'END'
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: a}
spec:
  flinkVersion: v2_1
  flinkConfiguration:
    jobmanager.web.refresh-interval: "1500"
    web.checkpoints.history: 5
END
expect_code 0 "a FlinkDeployment says its version itself" config --format json "$scratch/job.yaml"
wanted='2.1.1 3000.0 default 1500.0 deprecated 8'
expect_same "and its options have places" "$wanted" "$(python3 -c '
import json, sys
answer = json.load(sys.stdin)
values = {v["option"]: v for v in answer["values"]}
stats = values["rest.cache.checkpoint-statistics.timeout"]
refresh = values["web.refresh-interval"]
print(answer["flink"], stats["value"], stats["origin"], refresh["value"], refresh["origin"],
      values["web.checkpoints.history"]["line"])' <<<"$out")"
expect_text "a number where a text is wanted is told" "$err" ':8:30: operators before 1\.13'

printf '[{"key":"web.timeout","value":"7000"},\n {"key":"web.cancel.enable","value":"no"}]' >"$scratch/a.json"
expect_code 1 "what a cluster answers is read" config --flink 1.17 "$scratch/a.json"
expect_text "line by line" "$out" "for key 'web\.cancel\.enable'\. \(.*a\.json:2\)"

# Bad files: a place, a reason, 65.
bad() { # WHAT PATTERN BYTES
    printf "$3" >"$scratch/config.yaml"
    expect_code 65 "$1 is refused" config "$scratch/config.yaml"
    expect_text "with its place and the reason" "$err" "config\.yaml:$2"
    expect_same "and nothing on stdout" "" "$out"
}
bad "a key that comes twice" '2:1: found duplicate key' 'web.timeout: 1\nweb.timeout: 2\n'
bad "a value that is missing" '1:[0-9]+: there is no value.*Value must not be null' 'web.timeout:\n'
bad "a tab that indents" '2:[0-9]+: YAML' 'web:\n\ttimeout: 1\n'
bad "a NUL" '1:15: special characters' 'web.timeout: 1\0\n'
bad "another encoding" '1:3: this is no UTF-8' '# \344\n'
bad "an alias of nothing" '1:[0-9]+: found undefined alias' 'web.timeout: *a\n'
bad "a second document" '3:1: expected a single document' 'web.timeout: 1\n---\nweb.timeout: 2\n'
bad "another program's file" '1:10: none of its options is one of Flink' 'version: 3\nservices: {web: {image: nginx}}\n'
bomb='a: &a [x,x,x,x,x,x,x,x,x]\n'
for pair in ab bc cd de ef fg gh; do
    old=${pair%?} new=${pair#?}
    bomb="$bomb$new: &$new [*$old,*$old,*$old,*$old,*$old,*$old,*$old]\n"
done
bad "a file of aliases that explode" '[0-9]+:[0-9]+: .*aliases' "$bomb"
bad "a file that is nested too deep" '1:[0-9]+: nested more than 64' "a: $(printf '[%.0s' {1..100})"
head -c 4000000 /dev/zero | tr '\0' '#' >"$scratch/config.yaml"
expect_code 65 "a huge file is refused" config "$scratch/config.yaml"
expect_code 65 "a file that is not there" config "$scratch/none.yaml"
mkdir "$scratch/empty"
expect_code 65 "a folder without either file" config "$scratch/empty"
expect_code 64 "no file is a wrong command line" config
expect_code 64 "so is a version that is none" config --flink new "$scratch/job.yaml"
expect_code 64 "and a -D without a value" config -D web "$scratch/job.yaml"

expect_text "what is unsafe is told" "$("$FRESHCHECK" config --reaction 5s --jobs-end cancelled "$scratch/conf")" \
    'danger cancel-deletes-checkpoints'
expect_code 64 "jobs end in two ways" config --jobs-end somehow "$scratch/conf"
expect_code 0 "one configuration on two releases" config --flink 1.20 --flink 2.1 "$scratch/job.yaml"
expect_text "what changes has its reason" "$out" \
    'because Flink 2\.1\.1 does not follow jobmanager\.web\.refresh-interval here'
expect_text "and what users see of it" "$out" 'Programs get checkpoint statistics up to 3 s old instead of up to 1500 ms'
expect_text "and what is predicted differently" "$out" '^  staleness at worst +1500\.0 ms to 3000\.0 ms$'
expect_code 0 "a comparison is for a stated load, too" config --flink 1.20 --flink 2.1 --programs 0 \
    --dashboards 0 "$scratch/job.yaml"
expect_text "which is repeated" "$out" '^  0 open dashboards, a checkpoint each 1 min'
expect_same "without readers no call is predicted" 0 "$(grep -c 'calls a second' <<<"$out")"
expect_code 0 "two files, each with its release" \
    config "$scratch/job.yaml@1.18" "$scratch/job.yaml@2.3" --format json
expect_same "as JSON" "1.18.1 2.3.0 1500 ms 3 s old-name-not-followed" "$(python3 -c '
import json, sys
answer = json.load(sys.stdin)
change, = answer["changes"]
print(answer["before"]["flink"], answer["after"]["flink"], change["before"], change["after"],
      *(f["id"] for f in answer["after"]["findings"] if f["severity"] == "warning"))' <<<"$out")"
expect_code 1 "from what Flink takes to what it refuses" \
    config --flink 1.20 --flink 1.19 "$scratch/conf"
expect_code 64 "three cannot be compared" config a.yaml b.yaml c.yaml

# A running cluster, which here is the mock.
. tests/cli/served.sh
start --flink 1.19.3 -D rest.cache.checkpoint-statistics.timeout=7s -D state.checkpoints.num-retained=3
printf 'web.refresh-interval: 5000\nstate.checkpoints.num-retained: 3\n' >"$scratch/said.conf"
expect_code 0 "a running cluster is asked" config "$url"
expect_text "and says its version itself" "$out" '^Flink 1\.19\.3$'
expect_text "what it was told has it as the place" "$out" \
    'checkpoint-statistics\.timeout +7 s +cluster$'
expect_text "and what it was not told is a default" "$out" 'web\.refresh-interval +3 s +default$'
expect_code 0 "another version can be asked for" config "$url/@2.3"
expect_text "and counts" "$out" '^Flink 2\.3\.0$'
expect_code 0 "-D goes before what a cluster has" config -D web.refresh-interval=9 "$url"
expect_text "as before any file" "$out" 'web\.refresh-interval +9 ms +-D$'
expect_code 0 "a file is compared with a cluster" config "$scratch/said.conf" "$url"
expect_text "as the cluster's version reads it" "$out" \
    "^from $scratch/said.conf on Flink 1\.19\.3 to $url on Flink 1\.19\.3$"
expect_text "what only the file says is told" "$out" 'web\.refresh-interval: 5 s to 3 s,$'
expect_text "and what only the cluster has" "$out" 'because cluster sets it$'
expect_same "and nothing else" 4 "$(grep -c ' because ' <<<"$out")"
expect_code 0 "or the other way round" config "$url" "$scratch/said.conf"
expect_text "in the order that was given" "$out" \
    "^from $url on Flink 1\.19\.3 to $scratch/said.conf on Flink 1\.19\.3$"
expect_code 0 "a file with a version of its own keeps it" config "$scratch/job.yaml" "$url"
expect_text "beside a cluster" "$out" 'job\.yaml on Flink 2\.1\.1 to http'
expect_code 0 "a cluster is compared on two releases" config --flink 1.19 --flink 2.1 --format json "$url"
expect_same "as JSON" "cluster 1.19.3 2.1.1" "$("$FRESHCHECK" config --format json "$url" | python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(answer["sources"][0]["form"])') $(python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(answer["before"]["flink"], answer["after"]["flink"])' <<<"$out")"
expect_code 69 "what is no Flink is told" config "$url/somewhere"
expect_text "with what came instead" "$err" \
    'somewhere: no REST API of Flink answers there: GET /config gives 404 '
stop
expect_code 69 "nobody there is told" config "$scratch/said.conf" "$url"
expect_text "in one sentence" "$err" "^freshcheck: $url: the target cannot be reached$"
expect_code 64 "what is no address is a wrong command line" config http://
expect_code 64 "so is https" config https://jobmanager:8081
expect_text "which is told" "$err" 'https is not spoken here'

mkdir "$scratch/wanting"
echo 'web.checkpoints.history: 8' >"$scratch/wanting/flink-conf.yaml"
wanting=$scratch/wanting/flink-conf.yaml
expect_code 0 "settings that meet what is wanted" \
    config --want staleness=1s,fetches-per-second=0.9 "$wanting"
expect_text "are lines for the configuration" "$out" '^    rest\.cache\.checkpoint-statistics\.timeout: 1 s$'
expect_text "with figures before" "$out" '^  before  at worst 3000\.0 ms, .*, 0\.58 calls a second$'
expect_text "and after" "$out" '^  after   at worst 1000\.0 ms, .*, 0\.83 calls a second$'
line=$(grep -A1 'put into the configuration' <<<"$out" | tail -1)
expect_code 0 "put there they do" config -D "$(sed 's/^ *//; s/: /=/' <<<"$line")" \
    --want staleness=1s,fetches-per-second=0.9 "$wanting"
expect_text "and nothing more is to be changed" "$out" 'met with the settings as they are'
expect_code 1 "wants that no settings meet end with 1" config --flink 1.17 \
    --want staleness=1s,fetches-per-second=0.9 "$wanting"
expect_text "with the reason" "$out" \
    'no settings meet this: staleness of at most 1 s needs at least 1 calls a second .* one timeout for programs and dashboards, web\.refresh-interval\.$'
expect_text "and what meets one of them" "$out" '^  staleness alone: at worst 1000\.0 ms'
expect_text "in words of that release" "$out" '^    web\.refresh-interval: 1000$'
expect_code 1 "as JSON" config --want staleness=1s,fetches-per-second=0.1 --format json "$wanting"
expect_same "there are the wants and what meets each" "1000.0 None 0.1 False staleness fetches-per-second" "$(python3 -c '
import json, sys
advice = json.load(sys.stdin)["advice"]
print(*advice["wanted"].values(), advice["met"], *(a["want"] for a in advice["alone"]))' <<<"$out")"
expect_code 64 "a mistyped want is refused" config --want stalenes=1s "$wanting"
expect_text "with the nearest one" "$err" "did you mean 'staleness'"
expect_code 64 "so is a want that is no number" config --want fetches-per-second=1.2.3 "$wanting"
expect_code 64 "and one without a value" config --want staleness "$wanting"
expect_code 64 "and wants of two configurations" config --want staleness=1s "$wanting" "$wanting"

listed=$("$FRESHCHECK" list findings | sed -E 's/^([^ ]+) +([^ ]+) +(.*)$/| `\1` | \2 | \3 |/')
expect_same "docs/configuration.md lists the findings as the program does" "$listed" \
    "$(grep -xF -- "$listed" docs/configuration.md)"
# shellcheck disable=SC2046
expect_code 0 "every finding can be explained" \
    "$FRESHCHECK" explain $("$FRESHCHECK" list findings | cut -d' ' -f1)

finish
