#!/usr/bin/env bash
# minichatd --check finds what would keep the server from starting, and says in
# one sentence where it stands and what was expected. $MINICHAT_BIN is the
# folder that was built in.
set -u

# shellcheck source=tests/words.sh
. "$(dirname "$0")/words.sh"
needs "$built/minichatd" openssl

check() { # line…: a file of settings with them is looked at
    printf '%s\n' "$@" >"$folder/conf"
    out=$("$built/minichatd" -c "$folder/conf" --check 2>"$folder/err")
    code=$?
    err=$(grep -v '^warn ' "$folder/err") # of who runs the test
}
wrong() { # sentence: it is what is wrong, alone
    expect 1 '' "$1"
}
fine() { # what is doubted: it would start
    expect 0 'the settings are fine*' "$1"
}

check '[auth]' 'guests = yes ; if they behave'
fine ''
check '[server]' 'nme = x'
wrong "$folder/conf:2: ?server? nme: there is no such setting"
check '[sever]' 'name = x'
wrong "$folder/conf:2: ?sever?: expected the section server, tls, *"
check '[limits]' 'rate = 1.5'
wrong "$folder/conf:2: ?limits? rate: expected a number from 0 to 100000"
check '[history]' 'keep = 90 days' 'keep = 80 days'
wrong "$folder/conf:3: ?history? keep: *"

# An address says itself what is wrong with it, once.
check '[server]' 'listen = 6667'
wrong "$folder/conf:2: ?server? listen: expected tcp://HOST:PORT, tls://HOST:PORT or unix:/PATH"
check '[server]' 'listen = tcp://0.0.0.0:99999'
wrong '*unix:/PATH: the port is not a number from 0 to 65535'

# Files that are named must be there, and be what they are named as.
check '[server]' "motd = $folder/motd"
wrong "$folder/motd: No such file or directory"
echo hello >"$folder/motd"
check '[server]' "motd = $folder/motd"
fine ''
check '[tls]' "certificate = $folder/none.pem"
wrong "no certificate and key can be read from $folder/none.pem: No such file or directory"
check '[tls]' "certificate = $folder/motd"
wrong "no certificate and key can be read from $folder/motd: it is not there in PEM"
openssl req -x509 -newkey ed25519 -nodes -days 30 -subj /CN=here \
    -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
check '[tls]' "certificate = $folder/certificate.pem"
wrong "no certificate and key can be read from $folder/certificate.pem: it is not there in PEM*"
check '[tls]' "certificate = $folder/certificate.pem" "key = $folder/key.pem" 'sts = 30'
fine ''

# So must users of this machine.
check '[server]' 'user = nobody-of-that-name'
if ((EUID == 0)); then
    wrong '?server? user: there is no user nobody-of-that-name here'
else
    fine '' # it goes on as who started it
fi

# What is fine by itself and does not do what it is for is doubted.
check '[auth]' 'gateway = nobody-of-that-name'
fine 'warning: ?auth? gateway: there is no user nobody-of-that-name here: *'
check '[tls]' 'sts = 30'
fine 'warning: ?tls? sts: without a certificate that systems trust, *'

report "what is wrong is found before the start"
