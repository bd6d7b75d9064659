#!/bin/bash
# Flink's own command line against the mock: what it prints and its exit codes are those that it
# has against a real cluster.
#
# usage: tests/flink/test_command_line.sh [VERSION...]               (default: 1.20.3 2.3.0)
#        tests/flink/test_command_line.sh VERSION ADDRESS JOB.jar    the same against a real cluster
# The jar is any job that runs until it is stopped and leaves its name to pipeline.name.
. tests/flink/lib.sh
want java flink
want curl test

# flink ARGUMENT...: the command line tool of $version, for the cluster at $address.
flink() {
    local opens=() package
    for package in java.lang java.net java.io java.nio sun.nio.ch java.lang.reflect java.text \
        java.time java.util java.util.concurrent; do
        opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
    done
    FLINK_CONF_DIR="$scratch/conf" java -Xmx256m -XX:TieredStopAtLevel=1 "${opens[@]}" \
        -Dlog4j.configurationFile="$scratch/conf/log4j.properties" -cp "$jars/*" \
        org.apache.flink.client.cli.CliFrontend "$@"
}

# Both names of the file, since either is an unknown one to some version.
configure() {
    mkdir -p "$scratch/conf"
    printf 'rest.address: %s\nrest.port: %s\n' "${address%:*}" "${address##*:}" |
        tee "$scratch/conf/flink-conf.yaml" >"$scratch/conf/config.yaml"
    printf 'rootLogger.level = OFF\n' >"$scratch/conf/log4j.properties"
}

# give_up WHAT [SHOWN]: nothing that follows could hold.
give_up() {
    not_ok "$@"
    [ -z "${server:-}" ] || stop_mock
    finish
}

# all_tasks_run: of $job.
all_tasks_run() {
    curl -sf "http://$address/jobs/overview" | python3 -c '
import json, sys
for job in json.load(sys.stdin)["jobs"]:
    if job["jid"] == sys.argv[1]:
        sys.exit(job["tasks"]["running"] < job["tasks"]["total"])
sys.exit(1)' "$job"
}

# run_job NAME: sets $job. The command line would send a job graph serialized by Java; the same job
# comes by way of its jar.
run_job() {
    local uploaded
    uploaded=$(curl -sf -F "jarfile=@$jar" "http://$address/jars/upload" |
        grep -o '[^/]*\.jar')
    job=$(curl -sf -H 'Content-Type: application/json' "http://$address/jars/$uploaded/run" -d '{
        "flinkConfiguration": {"pipeline.name": "'"$1"'", "execution.checkpointing.interval": "200 ms"}
        }' | grep -o '[0-9a-f]\{32\}' | head -n 1)
    [ -n "$job" ] || give_up "$version: the $1 is accepted"
    # A real cluster needs a second until all its tasks run, and tells nobody.
    local tries
    for tries in {1..500}; do
        ! all_tasks_run || return 0
    done
    give_up "$version: the $1 runs" "not after $tries questions"
}

time_pattern='[0-3][0-9]\.[01][0-9]\.20[0-9]{2} [0-2][0-9]:[0-5][0-9]:[0-5][0-9]'
unknown=ffffffffffffffffffffffffffffffff
not_found="FlinkJobNotFoundException: Could not find Flink job"

# has_path WHAT: the output names a savepoint of $job in the folder that was asked for.
has_path() {
    expect_text "$1" "$out" "file:$scratch/savepoints/savepoint-${job:0:6}-[0-9a-f]{12}\.?$"
}

list_nothing() {
    expect_code 0 "$version: list of an empty cluster" flink list -a
    expect_text "$version: says that no job runs" "$out" '^No running jobs\.$'
    expect_text "$version: says that no job is scheduled" "$out" '^No scheduled jobs\.$'
}

list_running() {
    expect_code 0 "$version: list" flink list
    expect_text "$version: list heads what runs" "$out" '^-+ Running/Restarting Jobs -+$'
    expect_text "$version: list has the job's start, id, name and status" "$out" \
        "^$time_pattern : $job : first job \(RUNNING\)$"
    expect_text "$version: list tells of scheduled jobs" "$out" '^No scheduled jobs\.$'
}

take_checkpoints() {
    expect_code 0 "$version: checkpoint" flink checkpoint "$job"
    expect_text "$version: checkpoint tells its id" "$out" \
        "^Checkpoint [0-9]+ for job $job completed\.$"
    expect_code 0 "$version: checkpoint -full" flink checkpoint "$job" -full
    expect_text "$version: checkpoint -full tells its id" "$out" \
        "^Checkpoint\(FULL\) [0-9]+ for job $job completed\.$"
    expect_code 1 "$version: checkpoint of an unknown job fails" flink checkpoint $unknown
    expect_text "$version: checkpoint names the unknown job" "$err" "$not_found \($unknown\)"
}

take_savepoints() {
    expect_code 0 "$version: savepoint" flink savepoint "$job" "file://$scratch/savepoints"
    expect_text "$version: savepoint is completed" "$out" '^Savepoint completed\. Path: file:'
    has_path "$version: savepoint tells its path"
    expect_code 0 "$version: savepoint -type native -detached" \
        flink savepoint "$job" "file://$scratch/savepoints" -type native -detached
    expect_text "$version: savepoint -detached tells its trigger id" "$out" \
        '^Successfully trigger manual savepoint, triggerId: [0-9a-f]{32}$'
    expect_code 1 "$version: savepoint of an unknown job fails" \
        flink savepoint $unknown "file://$scratch/savepoints"
    expect_text "$version: savepoint names the unknown job" "$err" "$not_found \($unknown\)"
}

stop_job() {
    expect_code 0 "$version: stop" flink stop "$job" -p "file://$scratch/savepoints"
    expect_text "$version: stop suspends the job" "$out" \
        "^Suspending job \"$job\" with a CANONICAL savepoint\.$"
    has_path "$version: stop tells the path of its savepoint"
    expect_code 1 "$version: stop of a job that has ended fails" \
        flink stop "$job" -p "file://$scratch/savepoints"
    expect_text "$version: stop no longer finds the job" "$err" "$not_found \($job\)"
    expect_code 1 "$version: cancel of a job that has ended fails" flink cancel "$job"
    expect_text "$version: cancel says how it ended" "$err" \
        'job has already reached another terminal state \(FINISHED\)'
    expect_code 1 "$version: cancel of an unknown job fails" flink cancel $unknown
    expect_text "$version: cancel cannot find the unknown job" "$err" 'Job could not be found\.'
}

cancel_jobs() {
    run_job "second job"
    expect_code 0 "$version: cancel" flink cancel "$job"
    expect_text "$version: cancel tells what it did" "$out" "^Cancelled job $job\.$"
    run_job "third job"
    expect_code 0 "$version: cancel -s" flink cancel -s "file://$scratch/savepoints" "$job"
    expect_text "$version: cancel -s tells what it did" "$out" \
        "^Cancelled job $job\. Savepoint stored in file:"
    has_path "$version: cancel -s tells the path of its savepoint"
}

list_all() {
    expect_code 0 "$version: list -a" flink list -a
    expect_text "$version: list -a heads what has ended" "$out" '^-+ Terminated Jobs -+$'
    local line
    for line in 'first job \(FINISHED\)' 'second job \(CANCELED\)' 'third job \(CANCELED\)'; do
        expect_text "$version: list -a has the $line" "$out" \
            "^$time_pattern : [0-9a-f]{32} : $line$"
    done
    expect_text "$version: list -a says that no job runs" "$out" '^No running jobs\.$'
}

play() {
    configure
    list_nothing
    run_job "first job"
    list_running
    take_checkpoints
    take_savepoints
    stop_job
    cancel_jobs
    list_all
}

if [ $# -eq 3 ]; then
    version=$1 address=$2 jar=$3
    jars_of "$version"
    play
    finish
fi
jar=$scratch/job.jar
echo "not read by the mock" >"$jar"
[ $# -gt 0 ] || set -- 1.20.3 2.3.0
for version in "$@"; do
    jars_of "$version"
    start_mock --flink "$version"
    play
    stop_mock
done
finish
