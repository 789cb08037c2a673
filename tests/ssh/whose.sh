#!/usr/bin/env bash
# Whose ssh keys they are, as minichatctl is told, and what it answers sshd.
# $MINICHAT_BIN is the folder it was built in.
set -u

# shellcheck source=tests/words.sh
. "$(dirname "$0")/../words.sh"
needs "$built/minichatctl" ssh-keygen

make_key() { # name type...: a key in $folder/name, its blob in $blob, its
    # fingerprint in $print
    ssh-keygen -q -N '' -C "$1's key" -f "$folder/$1" -t "${@:2}"
    blob=$(cut -d' ' -f2 "$folder/$1.pub")
    print=$(ssh-keygen -l -f "$folder/$1.pub" | cut -d' ' -f2)
}

make_key ada ed25519
ada_blob=$blob ada_print=$print
make_key rsa rsa -b 2048
rsa_print=$print
make_key bob ecdsa
bob_blob=$blob bob_print=$print

# A key is given as words, as one word, as a file or on standard input.
ctl ssh-key add ada "$(<"$folder/ada.pub")"
expect 0 "ada may come in with $ada_print ada's key" ''
# shellcheck disable=SC2046 # that it is parted is the point
ctl ssh-key add ada $(<"$folder/ada.pub")
expect 0 "ada may come in with $ada_print*" ''
ctl ssh-key add ada "$folder/rsa.pub"
expect 0 "ada may come in with $rsa_print*" ''
ctl ssh-key add bob - <"$folder/bob.pub"
expect 0 "bob may come in with $bob_print*" ''
[[ $(stat -c %a "$folder/state/keys/ssh") == 600 ]] || fail "the roll is private"

# Whose they are.
ctl ssh-key list
[[ $(wc -l <<<"$out") == 3 ]] || fail "a key that is there is not added twice"
expect 0 "ada *$ada_print  ssh-ed25519  20*by *ada's key*bob*" ''
ctl ssh-key list bob
expect 0 "bob *$bob_print*" ''
ctl --json ssh-key list ADA
expect 0 "*\"account\": \"ada\"*\"fingerprint\": \"$rsa_print\"*\"by\": *" ''

# What is no key, or another's, is refused with a sentence.
ctl ssh-key add eve "$folder/ada.pub"
expect 1 '' "*that key is ada's*"
ctl ssh-key add eve "$folder/ada"
expect 1 '' '*a private key: give the file that ends in .pub*'
ctl ssh-key add eve "command=\"id\" $(<"$folder/ada.pub")"
expect 1 '' '*no options*'
ctl ssh-key add eve 'ssh-ed25519 AAAA'
expect 1 '' '*not a key of its type*'
# shellcheck disable=SC2016 # that is the name
ctl ssh-key add 'a`id`' "$folder/ada.pub"
expect 1 '' '*cannot have ssh keys*'
ctl ssh-key add eve /nowhere/at/all
expect 1 '' '*cannot read /nowhere/at/all: No such file*'
ctl ssh-key add eve - </dev/null
expect 1 '' '*no key in it*'
ctl ssh-key add eve
expect 2 '' '*ssh-key add ACCOUNT KEY*'

# sshd asks. Without a gateway nobody is answered.
ctl ssh-keys chat ssh-ed25519 "$ada_blob"
expect 0 '' ''
printf 'user chat\ncontact ada@example.org\n' >"$folder/state/gateway"
echo "unix:/run/minichat/minichat.sock" >"$folder/state/socket"
ctl ssh-keys chat ssh-ed25519 "$ada_blob"
expect 0 "restrict,pty,command=\"$built/minichat --as ada --key $ada_print unix:/run/minichat/minichat.sock\" ssh-ed25519 $ada_blob" ''
make_key eve ed25519
ctl ssh-keys chat ssh-ed25519 "$blob"
expect 0 "restrict,pty,command=\"$built/minichat --stranger $print 'ada@example.org'\" ssh-ed25519 $blob" ''
ctl ssh-keys root ssh-ed25519 "$ada_blob"
expect 0 '' ''
ctl ssh-keys chat -d /etc
expect 0 '' ''
ctl ssh-keys --json chat --help
expect 0 '' ''
# shellcheck disable=SC2016 # nobody is to expand them
ctl ssh-keys 'chat;id' '$(id)' "\`id\`"
expect 0 '' ''
ctl ssh-keys chat ssh-ed25519
expect 2 '' '*ssh-keys USER TYPE KEY*'
printf 'user chat\ncontact it'\''s "me"\n' >"$folder/state/gateway"
ctl ssh-keys chat ssh-ed25519 "$blob"
expect 1 '' '*is not what minichatd writes*'
printf 'user chat\n' >"$folder/state/gateway"

# What is removed lets nobody in.
ctl ssh-key remove "$ada_print" bob
expect 0 "removed 1 key of $ada_print*removed 1 key of bob*" ''
ctl ssh-keys chat ssh-ed25519 "$ada_blob"
expect 0 "*--stranger $ada_print*" ''
ctl ssh-keys chat ecdsa-sha2-nistp256 "$bob_blob"
expect 0 "*--stranger $bob_print*" ''
ctl ssh-key remove bob
expect 1 '' '*nobody has a key called bob*'
ctl ssh-key list
expect 0 "ada *$rsa_print*" ''

report "all is so"
