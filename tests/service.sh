#!/usr/bin/env bash
# As a service of systemd's: what it is told, what it hands over, and how its
# unit files are judged. $MINICHAT_BIN is the folder it was built in. Exit
# status 77: skipped.
set -u

# shellcheck source=tests/words.sh
. "$(dirname "$0")/words.sh"
program=$built/minichatd
hand_over=$built/tests/hand_over
needs "$program" "$hand_over" nc socat
log=$folder/log told=$folder/told

evidence() {
    sed 's/^/  log: /' "$log"
    sed 's/^/  told: /' "$told"
}
# The manager's ear: each datagram ends with a line end.
listen() {
    : >"$told"
    socat -u "$1" - >>"$told" 2>/dev/null &
    manager=$!
}
forget_manager() {
    kill "$manager"
    wait "$manager" 2>/dev/null
}
wait_for_socket() {
    local i
    for ((i = 0; i < 600; i++)); do
        [[ ! -S $1 ]] || return 0
        sleep 0.05
    done
    fail "no $1"
}
is_heard() { # how often a line was told
    grep -c -- "$1" "$told"
}

# It tells when it is ready, reloads, lives, and stops.
listen "UNIX-RECV:$folder/ear"
wait_for_socket "$folder/ear"
: >"$log"
NOTIFY_SOCKET=$folder/ear WATCHDOG_USEC=200000 "$program" -d "$folder/state" \
    -l "unix:$folder/socket" 2>"$log" &
server=$!
wait_for "$told" '^READY=1$'
wait_for "$told" '^STATUS=connections: 0$'
grep -q 'listening on' "$log" || fail "ready before it listens"
wait_for "$told" '^WATCHDOG=1$'
kill -HUP "$server"
wait_for "$told" '^MONOTONIC_USEC=[0-9][0-9]*$'
wait_for "$log" '^info reloaded'
for ((i = 0; i < 600 && $(is_heard '^READY=1$') < 2; i++)); do sleep 0.05; done
[[ $(sed -n '/^RELOADING=1$/,/^READY=1$/p' "$told" | tail -n 1) == READY=1 ]] ||
    fail "after a reload it is not ready again"
stop
wait_for "$told" '^STOPPING=1$'
forget_manager

# Also by an abstract name; without a watchdog there are no signs of life.
if [[ $(uname) == Linux ]]; then
    listen "ABSTRACT-RECV:minichat-test-$$"
    for ((i = 0; i < 600; i++)); do
        ! grep -q "@minichat-test-$$" /proc/net/unix || break
        sleep 0.05
    done
    : >"$log"
    NOTIFY_SOCKET=@minichat-test-$$ "$program" -d "$folder/state" \
        -l "unix:$folder/socket" 2>"$log" &
    server=$!
    wait_for "$told" '^READY=1$'
    stop
    wait_for "$told" '^STOPPING=1$'
    [[ $(is_heard '^WATCHDOG') == 0 ]] || fail "signs of life for nobody"
    forget_manager
fi

# Nobody hears it: it goes on.
: >"$log"
NOTIFY_SOCKET=$folder/nowhere "$program" -d "$folder/state" \
    -l "unix:$folder/socket" 2>"$log" &
server=$!
wait_for "$log" '^info listening'
wait_for "$log" '^warn unheard NOTIFY_SOCKET='
stop

# Sockets that are handed over take the place of addresses. (Who is no longer
# root could not remove the one before from a folder of root's.)
: >"$log"
rm -f "$folder/socket"
"$hand_over" "$folder/handed" 0 -- "$program" -d "$folder/state" \
    -l "unix:$folder/socket" 2>"$log" &
server=$!
wait_for "$log" '^info listening on tcp'
grep -q "^info listening on unix:$folder/handed$" "$log" ||
    fail "the Unix socket is not taken over"
[[ ! -e $folder/socket ]] || fail "it listens where it was set, too"
[[ $(nc -N -U "$folder/handed" <<<hello) == *': hello'* ]] ||
    fail "nobody hears at the Unix socket"
port=$(sed -n 's#.*listening on tcp://127\.0\.0\.1:##p' "$log")
[[ $(nc -N 127.0.0.1 "$port" <<<'') == *'this is minichat'* ]] ||
    fail "nobody hears at the port"
kill -HUP "$server"
wait_for "$log" '^info reloaded'
! grep -q '^warn name, listen' "$log" || fail "it sees a change where none is"
stop
[[ -S $folder/handed ]] || fail "it removed a socket that is not its own"

# Those of another process are not touched; what is no listening socket is a
# mistake.
: >"$log"
HAND_OVER_PID=1 "$hand_over" 0 -- "$program" -d "$folder/state" \
    -l "unix:$folder/socket" 2>"$log" &
server=$!
wait_for "$log" "^info listening on unix:$folder/socket"
stop
for word in datagram idle file; do
    timeout 60 "$hand_over" "$word" -- "$program" -d "$folder/state" 2>"$log" &&
        fail "it took over a $word"
    grep -q '^error the socket that is handed over as descriptor 3: n' "$log" ||
        fail "it does not say what is wrong with a $word"
done
LISTEN_PID=$$ LISTEN_FDS=many bash -c 'exec env LISTEN_PID=$$ "$@"' - \
    "$program" -d "$folder/state" 2>"$log" && fail "it took over many"
grep -q '^error LISTEN_FDS: expected a number' "$log" ||
    fail "it does not say that LISTEN_FDS is wrong"

# The unit files are sound, and what is left open is little.
if command -v systemd-analyze >/dev/null; then
    : >"$log"
    cp packaging/minichatd.service packaging/minichatd.socket "$folder"
    sed -i "s#^ExecStart=[^ ]*#ExecStart=$program#" "$folder/minichatd.service"
    systemd-analyze verify --man=no "$folder/minichatd.service" \
        "$folder/minichatd.socket" >"$log" 2>&1 || fail "a unit file is wrong"
    ! grep -q minichatd "$log" || fail "a unit file has a fault"
    exposure=$(systemd-analyze security --offline=true --no-pager \
        "$folder/minichatd.service" 2>>"$log" |
        sed -n 's/.*Overall exposure level[^:]*: \([0-9.]*\).*/\1/p')
    awk -v is="$exposure" 'BEGIN{exit !(is != "" && is <= 1.5)}' ||
        fail "the service is exposed: ${exposure:-unknown}"
    echo "service: exposure $exposure"
else
    echo "left out, there is no systemd-analyze here: the unit files"
fi

report "everything is as it should be"
