#!/bin/bash
# What TLS costs: runs a minichatd of its own, without limits that are in the
# way, and `veiled` against it. BUILD is the folder of an optimised build.
#     tests/bench/veiled.sh [BUILD [CONNECTIONS]]
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build}
there=$(mktemp -d)
chmod 711 "$there" # the server may be another user than root
server=
leave() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    wait
    rm -rf "$there"
}
trap leave EXIT
cat >"$there/conf" <<END
[server]
listen = tcp://127.0.0.1:0
lobby =
[auth]
guests = yes
loopback = no
[limits]
sessions = 20000
per-address = 100000
arrivals = 0
newcomers = 20000
newcomers-per-address = 20000
rate = 0
guest-rate = 0
[history]
durability = ${DURABILITY:-process}
END
run() {
    local said line port=
    exec {said}< <(exec "$build/minichatd" -c "$there/conf" -d "$there/state" 2>&1)
    server=$!
    while [[ -z $port ]] && read -r line <&"$said"; do
        echo "$line"
        [[ $line != *"listening on tcp:"* ]] || port=${line##*:}
    done >"$there/log"
    [[ -n $port ]] || { cat "$there/log"; exit 1; }
    cat <&"$said" >>"$there/log" &
    exec {said}<&-
    "$build/tests/bench/veiled" "$port" "$server" "$@"
    kill "$server"
    wait "$server"
    server=
}
run plain "${@:2}"
run tls "${@:2}"
run speed
