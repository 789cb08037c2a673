#!/usr/bin/env bash
# Nothing that anybody says drives a terminal behind ssh, whichever way it came:
# tests/injection/ssh.c, on a machine with sshd (machine.sh).
# shellcheck source-path=SCRIPTDIR source=machine.sh
source "$(dirname "$0")/machine.sh"

printf '[limits]\nrate = 0\nline = 8191\nwrong-seconds = 0\n' >>/etc/minichatd.conf
minichatctl reload >/run/said || fail "the settings are read again: $(cat /run/said)"
for who in ada bob; do
    ssh -M -N -S $who.master -i $who -o IdentityFile=none chat@box 2>/run/said </dev/null &
    daemons+=($!)
    until_true test -S $who.master || fail "$who comes in: $(cat /run/said)"
done
# shellcheck disable=SC2016 # the port is not known yet
until_true on_a_port 'exec ssh -N -o ExitOnForwardFailure=yes -L $port:/run/minichat/minichat.sock carol@box </dev/null' ||
    fail "the socket is forwarded: $(cat /run/said)"
MINICHAT_CORPUS=$top/tests/injection/corpus.txt "$built/tests/injection_ssh" \
    /run/minichat/minichat.sock "$port" || fail "somebody's terminal was reached"

conclude
