# For tests that ask a running cluster, which here is the mock: one job with a checkpoint each 200 ms.

cat >"$scratch/served.yaml" <<'YAML'
title: Checkpoints to be asked for
why: a test
jobmanager: {J: {checkpoints: {every: 200 ms, first: 10 ms, takes: 20 ms}}}
clients: {nobody: {at 1 s: jobs}}
claims: [fresh]
ends: 60 s
YAML

# start OPTION...: serves on a port of its own; $url is its address, $server its id.
start() {
    rm -f "$scratch/said"
    mkfifo "$scratch/said"
    "$FRESHCHECK" serve --port 0 "$@" "$scratch/served.yaml" 2>"$scratch/said" &
    server=$!
    read -r said <"$scratch/said"
    url=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$said")
}

stop() {
    kill -TERM $server
    wait $server
}
