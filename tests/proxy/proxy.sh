# nginx in front of an origin, for tests. Needs $scratch, a folder that its owner removes.

# A port of loopback on which nobody listens, below those that the system gives to clients: one of
# them could take it before it is used.
free_port() {
    local port
    until port=$((RANDOM % 22000 + 10000)) && ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        :
    done
    echo "$port"
}

# start_proxy ORIGIN_PORT CONFIGURATION...: sets $proxy, its address, and $proxy_process.
start_proxy() {
    local origin_port=$1 folder=$scratch/$2 port name
    shift
    port=$(free_port)
    rm -rf "$folder"
    mkdir -p "$folder"
    for name in "$@"; do cat "tests/proxy/$name.conf"; done >"$folder/cache.conf"
    sed "s|@USER@|$(id -un) $(id -gn)|; s|@PORT@|$port|; s|@ORIGIN@|$origin_port|" \
        tests/proxy/nginx.conf >"$folder/nginx.conf"
    nginx -p "$folder" -c "$folder/nginx.conf" 2>"$folder/errors" &
    proxy_process=$!
    proxy=http://127.0.0.1:$port
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$proxy_process" 2>/dev/null || { cat "$folder/errors"; return 1; }
        sleep 0.02
    done
}

stop_proxy() {
    kill "$proxy_process"
    wait "$proxy_process"
}
