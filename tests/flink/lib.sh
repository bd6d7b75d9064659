# What the tests with Flink's own programs share. They need some 300 MB of jars for each version,
# which scripts/fetch-flink brings, so they are no part of `make test`.
. tests/cli/lib.sh

skip_all() {
    echo "# skipped: $1"
    exit 77
}

# want TOOL PACKAGE_SET: ends the test when the tool is missing.
want() { command -v "$1" >/dev/null || skip_all "there is no $1 (scripts/install-dependencies $2)"; }

# jars_of VERSION: sets $jars to the folder with Flink's jars.
jars_of() { jars=$(scripts/fetch-flink "$1") || skip_all "the jars of Flink $1 cannot be had"; }

# start_mock OPTION...: a server on a port of its own; sets $server and $address.
start_mock() {
    local said
    rm -f "$scratch/said"
    mkfifo "$scratch/said"
    "$FRESHCHECK" serve --port 0 "$@" 2>"$scratch/said" &
    server=$!
    trap 'kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
    exec 3<"$scratch/said"
    read -r said <&3
    address=$(grep -o '127\.0\.0\.1:[0-9]*' <<<"$said")
    # What it says later is of no interest, but must not block it.
    cat <&3 >/dev/null &
}

stop_mock() {
    kill -TERM "$server"
    wait "$server"
    expect_same "SIGTERM ends the mock with 0" 0 $?
}
