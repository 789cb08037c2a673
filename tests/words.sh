# Words of the tests that are scripts: a folder of their own that goes at the
# end, programs, and what is claimed of them. Read with `.`; $MINICHAT_BIN is
# the folder that was built in. Exit status 77: skipped.
# shellcheck shell=bash

built=$(realpath "${MINICHAT_BIN:-build}")
self=$(basename "$0" .sh)
server='' failures=0
unset STATE_DIRECTORY XDG_STATE_HOME XDG_RUNTIME_DIR RUNTIME_DIRECTORY \
    SUDO_USER NOTIFY_SOCKET WATCHDOG_USEC WATCHDOG_PID LISTEN_FDS LISTEN_PID
exec </dev/null

needs() { # programs…
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null && continue
        echo "$self: no $program"
        exit 77
    done
}

# All that runs is ended, and the folder goes.
folder=$(mktemp -d)
chmod 711 "$folder" # a server may be another user than root
state=$folder/state
leave() {
    # shellcheck disable=SC2046 # numbers
    kill $(jobs -p)
    wait
    rm -rf "$folder"
} 2>/dev/null
trap leave EXIT

# What is so is not told; of what is not so, the evidence: what came of the
# last command. A test may have another.
out='' err='' code=0
evidence() {
    echo "  exit $code, out: ${out:0:2000}"
    echo "  err: ${err:0:2000}"
}
fail() {
    echo "not so: $*"
    evidence
    failures=$((failures + 1))
}
report() { # at the end: what is so
    ((failures == 0)) || exit 1
    echo "$self: $*"
}

ctl() { # words…: minichatctl in $state; leaves $out, $err, $code
    out=$("$built/minichatctl" -d "$state" "$@" 2>"$folder/err")
    code=$?
    err=$(<"$folder/err")
}
expect() { # code pattern-in-out pattern-in-err
    # shellcheck disable=SC2053 # they are patterns
    [[ $code == "$1" && $out == $2 && $err == $3 ]] ||
        fail "line ${BASH_LINENO[0]}: exit $1, out $2, err $3"
}

wait_for() { # file pattern: a line like that stands there, or comes
    local lines reader found
    exec {lines}< <(exec tail -n +1 -F "$1" 2>/dev/null)
    reader=$!
    timeout 60 grep -q -m 1 -- "$2" <&"$lines"
    found=$?
    kill "$reader"
    exec {lines}<&-
    ((found == 0)) || fail "$2 does not come"
    return "$found"
}
stop() { # the server, $server
    kill "$server"
    wait "$server" || fail "it ended with $?"
}
