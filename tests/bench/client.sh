#!/bin/bash
# script/bench --client: minichat beside catgirl, irssi and WeeChat from
# Debian, each on a terminal of its own (tests/bench/seat.c), in turn in each
# round, with one server for all that seat plays. catgirl speaks only TLS, so
# each speaks TLS (through a socat in front of that server), and minichat-plain
# does not.
set -euo pipefail
cd "$(dirname "$0")/../.."
source script/packages.sh

command_line="script/bench --client $*"
revision=$(git describe --always --dirty)
rounds=${ROUNDS:-3}
starts=15 # runs of each client's start in a round
record=no
clients=(minichat minichat-plain catgirl irssi weechat)
packages_peers=(jq socat openssl irssi catgirl weechat-curses)

usage() {
    echo "usage: script/bench --client [--quick] [--rounds N] [--record]" \
        "[CLIENT...]" >&2
    exit 1
}
chosen=()
while (($# > 0)); do
    case $1 in
    --quick) rounds=1 starts=5 ;;
    --rounds) rounds=${2:?} && shift ;;
    --record) record=yes ;;
    -*) usage ;;
    *) chosen+=("$1") ;;
    esac
    shift
done
((${#chosen[@]} == 0)) || clients=("${chosen[@]}")

build() {
    [[ -e build/build.ninja ]] || cmake -S . -B build -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DMINICHAT_TESTS=OFF
    cmake --build build --target minichat seat
}

listens() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)) && listens "$port"; do :; done
    echo "$port"
}

make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$run/key.pem" -out "$run/cert.pem" 2>/dev/null
    cat "$run/key.pem" "$run/cert.pem" >"$run/both.pem"
}

# TLS in front of the server that seat plays.
open_front() {
    socat "OPENSSL-LISTEN:$secure,bind=127.0.0.1,reuseaddr,fork,verify=0,cert=$run/both.pem" \
        "TCP:127.0.0.1:$plain" 2>/dev/null &
    front=$!
    local end=$((SECONDS + 10))
    until listens "$secure" || ((SECONDS >= end)); do :; done
}
close_front() {
    [[ -z $front ]] || kill "$front" 2>/dev/null || true
    wait "$front" 2>/dev/null || true
    front=
}

configure() {
    mkdir -p "$run/home/.config/minichat"
    cat >"$run/irssi.conf" <<END
servers = ( { address = "127.0.0.1"; port = "$secure"; chatnet = "lab";
    use_tls = "yes"; tls_verify = "no"; autoconnect = "yes"; } );
chatnets = { lab = { type = "IRC"; nick = "me"; }; };
channels = ( { name = "#lab"; chatnet = "lab"; autojoin = "yes"; } );
END
}

# What is run for each; weechat asks for its servers by commands.
command_of() {
    case $1 in
    minichat)
        echo env "SSL_CERT_FILE=$run/cert.pem" build/minichat --trust ca \
            -n me "ircs://127.0.0.1:$secure/lab"
        ;;
    minichat-plain) echo build/minichat -n me "irc://127.0.0.1:$plain/lab" ;;
    catgirl)
        echo catgirl -h 127.0.0.1 -p "$secure" -t "$run/cert.pem" -n me \
            -j '#lab'
        ;;
    irssi) echo irssi --home "$run/irssi" --config "$run/irssi.conf" ;;
    weechat) echo weechat -d "$run/weechat" ;;
    *) echo "script/bench --client: there is no client $1" >&2 && return 1 ;;
    esac
}
# WeeChat's configuration, as it writes it itself.
prepare_weechat() {
    rm -rf "$run/weechat"
    timeout 30 script -qec "weechat -d $run/weechat \
        -r '/server add lab 127.0.0.1/$secure -ssl -autoconnect -nicks=me' \
        -r '/set irc.server.lab.ssl_verify off' \
        -r '/set irc.server.lab.autojoin #lab' -r /save -r /quit" \
        /dev/null >/dev/null </dev/null || true
}

# What a person types once the room is joined: irssi does not show it unasked.
keys_of() {
    [[ $1 != irssi ]] || printf '\e2'
}

measure() {
    local round=$1 client=$2 words
    read -ra words < <(command_of "$client")
    [[ $client != weechat ]] || prepare_weechat
    open_front
    HOME=$run/home XDG_STATE_HOME=$run/state \
        SEAT_KEYS=$(keys_of "$client") timeout 400 \
        build/tests/bench/seat "$client" "$plain" "$starts" "${words[@]}" |
        sed "s/^{/{\"round\":$round,/" >>"$results" || status=1
    close_front
}

summary() {
    jq -rs -f tests/bench/client.jq "$results"
}
write_record() {
    echo
    echo "## $(date -u +%Y-%m-%d), $revision: clients"
    echo
    echo "\`$command_line\`: medians of $rounds rounds (least-most)," \
        "$(nproc) processors, Linux $(uname -r | cut -d. -f1,2). 80x24," \
        "xterm-256color; $starts starts a round."
    for client in "${clients[@]}"; do
        [[ $client == minichat* ]] || dpkg-query -W \
            -f='${Package} ${Version}. ' "${client/weechat/weechat-curses}"
    done
    echo
    echo
    summary
}

status=0
front=
run=$(mktemp -d)
trap 'close_front; rm -rf "$run"' EXIT
results=$run/clients.jsonl
: >"$results"
install_packages "${packages_build[@]}" "${packages_peers[@]}"
build >&2
make_certificate
plain=$(free_port)
secure=$(free_port)
configure
for ((round = 1; round <= rounds; round++)); do
    for client in "${clients[@]}"; do
        measure "$round" "$client"
    done
done
mkdir -p build/bench
cp "$results" build/bench/clients.jsonl
summary
[[ $record == no ]] || write_record >>tests/bench/RESULTS.md
exit "$status"
