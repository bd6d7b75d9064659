# nginx in front of an origin, for tests. Needs $scratch, a folder that its owner removes.

# A port of loopback that was free a moment ago.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_proxy good|bad ORIGIN_PORT: sets $proxy, its address, and $proxy_process.
start_proxy() {
    local folder=$scratch/$1 port
    port=$(free_port)
    mkdir -p "$folder"
    sed "s|@USER@|$(id -un) $(id -gn)|; s|@PORT@|$port|; s|@ORIGIN@|$2|; s|@CACHE@|$PWD/tests/proxy/$1.conf|" \
        tests/proxy/nginx.conf >"$folder/nginx.conf"
    nginx -p "$folder" -c "$folder/nginx.conf" 2>"$folder/errors" &
    proxy_process=$!
    proxy=http://127.0.0.1:$port
    # Without an origin it answers 502, which is an answer.
    curl -s -o /dev/null --retry 50 --retry-delay 0 --retry-connrefused --retry-max-time 10 "$proxy/"
}

stop_proxy() {
    kill "$proxy_process"
    wait "$proxy_process"
}
