#!/bin/bash
# The GitHub action, and the examples for GitHub, GitLab and Jenkins: every command in them is run as it
# stands there, in a repository that has what they take for granted.
. tests/cli/lib.sh
steps=$scratch/steps
mkdir "$steps"
expect_code 0 "the examples are as they should be" python3 tests/cli/ci_steps.py "$steps"
expect_same "without a fault" "$out" ""

# What the server gives. freshcheck is installed as it was built: nothing is built anew while others test.
export GITHUB_ACTION_PATH=$PWD RUNNER_TEMP=$scratch/runner GITHUB_PATH=$scratch/path
export GITHUB_ENV=$scratch/env GITHUB_OUTPUT=$scratch/output GITHUB_STEP_SUMMARY=$scratch/summary
mkdir "$RUNNER_TEMP" "$scratch/bin"
cat >"$scratch/bin/make" <<MAKE
#!/bin/bash
unset MAKEFLAGS MAKELEVEL
exec $(command -v make) -o "$BUILD/freshcheck" -o "$BUILD/manual/freshcheck.1" \
    -o "$BUILD/completions/freshcheck" "\$@" FLAVOUR=${BUILD##*/} BUILD="$BUILD"
MAKE
chmod +x "$scratch/bin/make"
PATH=$scratch/bin:$PATH
expect_code 0 "the action installs freshcheck" bash "$steps/action-1.sh"
expect_same "puts it in the path" "$(cat "$GITHUB_PATH")" "$RUNNER_TEMP/freshcheck/bin"
expect_code 0 "and does so once" bash "$steps/action-1.sh"
expect_same "however often it is used" "$(wc -l <"$GITHUB_PATH")" 1
PATH=$(cat "$GITHUB_PATH"):$PATH
export "$(cat "$GITHUB_ENV")"

# A few scenarios of its own, so that it is quick.
there=$scratch/there
mkdir -p "$there"/{conf,recordings,include,scenarios}
cp scenarios/{text_order,timeout_boundary}.yaml "$there/scenarios"
cp examples/fresh_cache.c "$there/mycache.c"
cp -r include/freshcheck "$there/include"
cp tests/recordings/1.20.3/restart.jsonl "$there/recordings"
echo 'rest.cache.checkpoint-statistics.timeout: 5 s' >"$there/conf/flink-conf.yaml"
cp -r "$there" "$scratch/fresh"
in_there() { # SCRIPT: nights are short here
    sed -i 's/--for 300s/--seeds 5/' "$1"
    (cd "$there" && bash "$1")
}
in_folder() { (cd "$1" && "${@:2}"); }
for server in github gitlab jenkins; do
    rm -rf "$there" && cp -r "$scratch/fresh" "$there"
    for step in "$steps/$server"-*.sh; do
        expect_code 0 "$(basename "$step" .sh)" in_there "$step"
    done
    expect_text "$server: the report is there" "$(head -c 200 "$there/run.xml")" "<testsuites"
    expect_text "$server: and the page" "$(head -c 200 "$there/run.html")" "<!DOCTYPE html>"
done

# Where nothing is broken there is nothing to annotate, on stdout or in a file.
expect_code 0 "of claims that hold there are no annotations" in_folder "$there" freshcheck run --brief \
    --implementation ./mycache.so --report github=none
expect_same "and the file is empty" "$(stat -c %s "$there/none")" 0

# A cache that breaks something is told as GitHub wants it, and fails the step.
: >"$GITHUB_STEP_SUMMARY"
: >"$GITHUB_OUTPUT"
cc -std=c11 -D_GNU_SOURCE -shared -fPIC -Iinclude -o "$there/mycache.so" examples/almost_fresh_cache.c
ARGUMENTS=$'run --brief\n  --implementation ./mycache.so' expect_code 1 "a broken claim fails the action's step" \
    in_there "$steps/action-2.sh"
expect_text "with an annotation" "$out" "^::error file=scenarios/timeout_boundary.yaml,line=[0-9]+"
expect_text "a summary" "$(cat "$GITHUB_STEP_SUMMARY")" timeout_boundary
expect_same "and the exit code for steps that follow" "$(cat "$GITHUB_OUTPUT")" exit-code=1
ARGUMENTS='run $(touch'$IFS'pwned) ;touch pwned `touch pwned`' expect_code 65 \
    "what is given as arguments is not run by a shell" in_there "$steps/action-2.sh"
expect_same "whatever it says" "$(ls "$there" | grep -c pwned)" 0
finish
