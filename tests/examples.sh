#!/usr/bin/env bash
# packaging/examples: tokens of another system, made with plain libsodium calls
# from another language, let in whom they may; and those that may not, replayed
# or out of their time, do not. $MINICHAT_BIN is the folder it was built in.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/words.sh
. "$here/tests/words.sh"
[[ -x $built/minichatd ]] || { echo "examples: no $built/minichatd"; exit 77; }
python=
for one in python3 /usr/bin/python3; do # Debian's has Debian's packages
    ! "$one" -c 'import nacl.bindings' 2>/dev/null || python=$one
done
[[ -n $python ]] || { echo "examples: no python3-nacl"; exit 77; }
mint() {
    "$python" "$here/packaging/examples/mint-token.py" "$@"
}
run() { # words…: minichatctl, printing
    "$built/minichatctl" -d "$state" "$@"
}

# Here nobody guesses: none has to wait.
printf '[limits]\nwrong-tokens = 1000\n' >"$folder/config"
"$built/minichatd" -c "$folder/config" -d "$state" -l "unix:$folder/s" \
    -l 'tcp://127.0.0.1:0?dialect=plain' 2>"$folder/log" &
server=$!
wait_for "$folder/log" 'listening on tcp:' || { cat "$folder/log"; exit 1; }
port=$(sed -n 's/.*listening on tcp:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$folder/log")

# What the server says to whoever shows this token: the first line that decides
# it, whoever the kernel said they were before.
shows() { # token
    local line
    exec {peer}<>"/dev/tcp/127.0.0.1/$port"
    printf '/login %s\n' "$1" >&"$peer"
    while IFS= read -r -t 30 line <&"$peer"; do
        case $line in
        '= hello '* | '! '*) said=$line ;;
        *) continue ;;
        esac
        [[ $line == *"hello $me"* ]] || break
    done
    exec {peer}>&-
}
me=$(id -un)
says() { # pattern token
    said=
    shows "$2"
    # shellcheck disable=SC2053 # it is a pattern
    [[ $said == $1 ]] || fail "line ${BASH_LINENO[0]}: $1, but: $said"
}

key=$(mint new "$folder/webapp.key") || fail "a key is made"
[[ $key == k4.public.* ]] || fail "its public half is printed: $key"
[[ $(stat -c %a "$folder/webapp.key") == 600 ]] || fail "it is private"
token=$(mint "$folder/webapp.key" web-ada) || fail "a token is made"
says '! wrong token: it was signed with a key that is not trusted here*' "$token"

run key trust webapp "$key" --accounts 'web-*,bot-?' >/dev/null ||
    fail "its key is trusted"
run token inspect "$token" | grep -q '^verdict     good' || fail "it is good"
says '= hello web-ada' "$token"
says '= hello bot-1' "$(mint "$folder/webapp.key" bot-1)"

# Not for others than it may speak for, nor as more than users.
beyond='! wrong token: whoever signed it may not say that of this account*'
says "$beyond" "$(mint "$folder/webapp.key" root)"
says "$beyond" "$(mint "$folder/webapp.key" bot-10)"
says "$beyond" "$(mint "$folder/webapp.key" web-eve --claim 'role="admin"')"

# Replayed where it is not for, and out of its time: a minute of difference
# between clocks is forgiven, no more.
later() { date -u -d "$1" +'"%Y-%m-%dT%H:%M:%SZ"'; }
says '! wrong token: it is for another network*' \
    "$(mint "$folder/webapp.key" web-ada --claim 'aud="elsewhere"' --network elsewhere)"
says '! wrong token: bad signature*' \
    "$(mint "$folder/webapp.key" web-ada --network elsewhere)"
says '! wrong token: it is for another network*' \
    "$(mint "$folder/webapp.key" web-ada --claim 'aud="elsewhere"')"
says '! wrong token: it has expired*' \
    "$(mint "$folder/webapp.key" web-ada --claim "exp=$(later '1 second ago')")"
says '! wrong token: it is not valid yet*' \
    "$(mint "$folder/webapp.key" web-ada --claim "nbf=$(later '+90 seconds')")"
says '! wrong token: it is not valid yet*' \
    "$(mint "$folder/webapp.key" web-ada --claim "iat=$(later '+90 seconds')")"
says '= hello web-ada' \
    "$(mint "$folder/webapp.key" web-ada --claim "nbf=$(later '+30 seconds')" \
        --claim "iat=$(later '+30 seconds')")"
says '! wrong token: its claims are not*' \
    "$(mint "$folder/webapp.key" web-ada --claim 'exp=4102444800')"

# After it was revoked, and after its key was.
run token revoke "$token" >/dev/null || fail "it is revoked"
says '! wrong token: it was revoked*' "$token"
other=$(mint "$folder/webapp.key" web-ada)
says '= hello web-ada' "$other"
run key retire webapp >/dev/null || fail "the key is retired"
says '! wrong token: it was revoked*' "$other"

((failures == 0)) || { cat "$folder/log"; exit 1; }
echo "examples: another system's tokens let in whom they may"
