#!/usr/bin/env bash
# The three ways into an ssh box (machine.sh), and that there is no fourth.
# shellcheck source-path=SCRIPTDIR source=machine.sh
source "$(dirname "$0")/machine.sh"

hears() { # PATTERN: somebody in the room did, now or soon
    until_true grep -q -- "$1" heard || {
        fail "nobody heard: $1"
        tail -n 5 heard
    }
}

plays() { # FILE CLAIM
    MINICHAT_BIN=$built "$built/tests/talk_player" "$1" >/run/said 2>&1 || {
        fail "$2"
        cat /run/said
    }
}

# One who listens: a Unix user of the box, by the first way -------------------------
timeout 580 ssh carol@box minichat tail '#lobby' >heard 2>&1 </dev/null &
daemons+=($!)
until_true grep -q 'name=carol' /run/minichatd.log ||
    fail "ssh box minichat: carol is herself"
until_true eval "minichatctl rooms | grep -q '#lobby 1'" ||
    fail "carol is in the room"
# shellcheck disable=SC2016
ssh carol@box 'minichat send "#lobby" "by the first way"' || fail "carol says"
hears 'carol: by the first way'

# The second way: a key is an account ------------------------------------------
as ada send '#lobby' text
[[ $code == 0 ]] || fail "ssh chat@box send: $code $out"
hears 'ada: text'
as ada send '#lobby' it\'s late, 'isn'"'"'t it'
hears "ada: it's late, isn't it"
as ada 'send --json #lobby "two  words"'
[[ $out == *'"body":"two  words"'* || $out == *'two  words'* ]] || fail "--json: $out"
hears 'ada: two  words'
out=$(printf 'first line\nsecond line\n' | timeout 60 ssh -i bob -o IdentityFile=none chat@box)
hears 'bob: first line'
hears 'bob: second line'
as ada tail --since 1h --once
[[ $out == *'by the first way'*'second line'* ]] || fail "tail: $out"
as bob wait --timeout 1
[[ $code != 0 ]] || fail "wait ends: $code $out"

# Nothing else is there, whatever is typed ---------------------------------------
refused() { # WHAT…: it ends with one sentence, and does nothing
    as ada "$@"
    [[ $code == 64 && $out == minichat:* && $(wc -l <<<"$out") == 1 ]] ||
        fail "ssh chat@box $*: $code $out"
}
# shellcheck disable=SC2016 # nothing is to be expanded
for words in id sh bash '$(id)' '`id`' '; id' 'tail; id' '| id' '--help' \
    '--token-file /etc/passwd' '-t /etc/passwd send #lobby x' '-c id' \
    '--as root' '--as root send #lobby x' '--stranger x' '--no-config' \
    '--password-command id' '--cert /etc/passwd' 'log' 'log #lobby' \
    'tcp://127.0.0.1:6667' 'tail tcp://127.0.0.1:6667' 'tail /run/x.sock' \
    'unix:/run/x send #lobby x' 'irc://127.0.0.1' 'tail --token-file /etc/passwd' \
    'send --token-file /etc/passwd #lobby x' 'send' 'send --nonce x #lobby x' \
    'wait --exec id' 'internal-sftp' '/usr/lib/openssh/sftp-server' \
    'scp -t /tmp' 'rsync --server . /' $'\xff\xfe' $'id\nid' '#lobby ; id'; do
    refused "$words"
done
refused "$(printf 'x%.0s' {1..70000})"
refused "$(printf '#a %.0s' {1..100})"
# shellcheck disable=SC2016 # nothing is to be expanded
as ada send '#lobby' '$(touch /run/minichat-was-here)' '; touch /run/minichat-was-here'
# shellcheck disable=SC2016
hears 'ada: \$(touch /run/minichat-was-here) ; touch'
[[ ! -e /run/minichat-was-here ]] || fail "a shell read it"
as ada send '#lobby' $'\xff\xfe'
hears $'ada: \xef\xbf\xbd\xef\xbf\xbd'
for forward in '-L 0:/run/minichat/minichat.sock' '-R 0:127.0.0.1:1' '-W 127.0.0.1:1'; do
    # shellcheck disable=SC2086 # they are words
    ! timeout 60 ssh -i ada -o IdentityFile=none -o ExitOnForwardFailure=yes \
        $forward chat@box wait --timeout 1 >/run/said 2>&1 </dev/null ||
        fail "nothing is forwarded: $forward"
done
sftp -q -i ada -o IdentityFile=none chat@box </dev/null >/run/said 2>&1 &&
    fail "there is no sftp"

# An unknown key is told what to do, and no more -----------------------------------
eve_print=$(ssh-keygen -l -f eve.pub | cut -d' ' -f2)
for words in '' id 'send #lobby eve was here' '--as ada' 'tail'; do
    as eve "$words"
    [[ $code == 77 && $out == *"nobody here has this ssh key: $eve_print"*'ask at the desk'* ]] ||
        fail "a stranger asks '$words': $code $out"
done
! grep -q 'eve' heard || fail "eve was heard"

# Who has several keys is met as a stranger by the first; or, where strangers are
# not told, comes in by the one that is known.
several() {
    out=$(timeout 60 ssh -i eve -i ada -o IdentityFile=none chat@box "$@" 2>&1 </dev/null)
    code=$?
}
several send '#lobby' 'with the first key'
[[ $code == 77 && $out == *"nobody here has this ssh key: $eve_print"* ]] ||
    fail "with several keys: $code $out"
echo 'strangers = no' >>/etc/minichatd.conf
minichatctl reload >/run/said || fail "the settings are read again: $(cat /run/said)"
several send '#lobby' 'with the second key'
[[ $code == 0 ]] || fail "with several keys, and no word to strangers: $code $out"
hears 'ada: with the second key'
as eve id
[[ $code == 255 && $out == *'Permission denied'* ]] || fail "no word to strangers: $code $out"
sed -i '/^strangers/d' /etc/minichatd.conf
minichatctl reload >/run/said || fail "the settings are read again: $(cat /run/said)"

# Only the gateway says --as, and only for those who have a key ---------------------
out=$(setpriv --reuid carol --regid carol --clear-groups \
    minichat --as ada send '#lobby' 'I am ada' 2>&1)
[[ $? == 77 && $out == *"only the gateway's Unix user"* ]] || fail "carol says --as: $out"
out=$(minichat --as ada send '#lobby' 'I am ada' 2>&1)
[[ $? == 77 && $out == *"only the gateway's Unix user"* ]] || fail "root says --as: $out"
run_chat() {
    setpriv --reuid chat --regid chat --clear-groups "$@"
}
out=$(run_chat minichat --as root send '#lobby' 'I am root' 2>&1)
[[ $? == 77 && $out == *'no such ssh key'* ]] || fail "--as root: $out"
out=$(run_chat minichat send '#lobby' 'I am chat' 2>&1 </dev/null)
[[ $? == 77 ]] || fail "the gateway is nobody: $out"
run_chat minichat --as ada send '#lobby' 'by the gateway' || fail "the gateway says --as ada"
hears 'ada: by the gateway'
! grep -q 'I am' heard || fail "an impostor was heard"

# With a terminal: the client, and nothing of this machine -----------------------------
cat >scene.talk <<END
ada runs 80x24 ssh -t -i /home/tester/ada -o IdentityFile=none chat@box
ada sees ada>
ada sees by the gateway
ada types from the screen\r
ada sees from the screen
ada types /exec id\r
ada sees /exec is not possible here
ada types \x15/open 1\r
ada sees /open is not possible here
ada types \x15/save\r
ada sees /save is not possible here
ada types \x15/connect tcp://127.0.0.1:1\r
ada sees /connect is not possible here
ada types \x15/network add x tcp://127.0.0.1:1\r
ada sees /network is not possible here
ada types \x15/set notify-command touch /run/minichat-was-here\r
ada sees notify-command cannot be set here
ada types \x15/set box.token-file /etc/passwd\r
ada sees cannot be set here
ada types \x1be
ada sees no program is run here
ada types \x1a
ada types \x15/quit\r
ada ends 0
eve runs 80x24 ssh -t -i /home/tester/eve -o IdentityFile=none chat@box
eve sees nobody here has this ssh key
eve ends 77
odd runs 80x24 env TERM=../../etc/passwd TERMINFO=/home/tester XDG_STATE_HOME=/tmp EDITOR=id ssh -t -o SendEnv=* -i /home/tester/bob -o IdentityFile=none chat@box
odd sees bob
odd types hello from lines\r
odd sees <bob> hello from lines
odd types /quit\r
odd ends 0
own runs 80x24 ssh -t carol@box minichat
own sees carol>
own types /quit\r
own ends 0
END
plays scene.talk "with a terminal"
hears 'ada: from the screen'
hears 'bob: hello from lines'
[[ ! -e /run/minichat-was-here ]] || fail "a program was run"

# A key that is removed lets nobody in any more ------------------------------------------
minichatctl ssh-key remove bob >/run/said || fail "bob's key is removed"
as bob send '#lobby' again
[[ $code == 77 && $out == *'nobody here has this ssh key'* ]] || fail "bob: $code $out"

# The third way: a client of their own, through a forwarded socket ------------------------
# shellcheck disable=SC2016 # the port is not known yet
until_true on_a_port 'exec timeout 580 ssh -N -o ExitOnForwardFailure=yes -L $port:/run/minichat/minichat.sock carol@box' ||
    fail "the socket is forwarded: $(cat /run/said)"
printf 'CAP END\r\nNICK whoever\r\nUSER u 0 * :u\r\nPRIVMSG #lobby :by the third way\r\nQUIT\r\n' |
    timeout 60 nc -N 127.0.0.1 "$port" >irc 2>&1
grep -q ' 001 carol ' irc || fail "the peer is the ssh user: $(head -c 300 irc)"
hears 'carol: by the third way'
cat >scene.talk <<END
odd runs 100x24 mkdir -p .irssi && printf '/set cmds_max_at_once 100\\n/connect 127.0.0.1 $port "" whoever\\n' >.irssi/startup && exec irssi -!
odd sees no message of the day
odd types /join #lobby\r
odd sees Total of
odd types hello from irssi\r
odd sees <...carol> hello from irssi
odd types /quit\r
odd ends 0
END
! command -v irssi >/dev/null || plays scene.talk "a client of carol's own"
! command -v irssi >/dev/null || hears 'carol: hello from irssi'

# Who is not the server's owner is told that they look elsewhere ---------------------------
of_carol() {
    setpriv --reuid carol --regid carol --init-groups \
        env HOME=/home/carol minichatctl "$@" 2>told >/dev/null
    cat told
}
aside='minichatctl: this is about a server of your own, in /home/carol/*'
# shellcheck disable=SC2053 # a pattern
[[ $(of_carol fingerprint) == $aside ]] || fail "a fingerprint of nobody's server"
[[ $(of_carol -d own token issue eve) != *'of your own'* ]] || fail "carol said where"
[[ $(of_carol users) != *'of your own'* ]] || fail "the server is asked"
minichatctl fingerprint 2>told >/dev/null
[[ ! -s told ]] || fail "root's own: $(cat told)"

conclude
