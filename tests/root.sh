#!/usr/bin/env bash
# A server that root starts gives up root, for good, and goes on as before:
# whose the files are, what it can still do, and whom root gives nothing away
# to. $MINICHAT_BIN is the folder it was built in; to be run as root, on a box
# with a user `games`, as Debian's are. Exit status 77: skipped.
set -u

# shellcheck source=tests/words.sh
. "$(dirname "$0")/words.sh"
user=games
needs "$built/minichatd" "$built/minichatctl" nc setpriv
if ((EUID != 0)) || ! id "$user" >/dev/null 2>&1; then
    echo "root: needs root, and a user $user"
    exit 77
fi
elsewhere=$(mktemp -d)
trap 'leave; rm -rf "$elsewhere"' EXIT
chmod 711 "$elsewhere"
log=$folder/log
mkdir "$folder/run"
chown "$user" "$folder/run"

evidence() {
    sed 's/^/  /' "$log"
}
start() { # state directory, options...
    : >"$log"
    "$built/minichatd" -c "$folder/conf" -d "$@" 2>"$log" &
    server=$!
    wait_for "$log" 'listening on'
}
refuses() { # what its one sentence says, state directory, options...
    local words=$1
    shift
    timeout 60 "$built/minichatd" -c "$folder/conf" -d "$@" 2>"$log" &&
        fail "it started on $1"
    grep -q -- "^error .*$words" "$log" || fail "it does not say $words"
}
talk() { # who says what: the answers
    setpriv --reuid="$1" --regid="$(id -g "$1")" --clear-groups \
        nc -N -U "$folder/run/socket" <<<"$2"
}
strangers() { # paths in the state directory that are not the user's
    find "$folder/state" ! -user "$user"
}

# Who started it and ends takes it along, though it is another user by then.
printf '[server]\nuser = %s\n' "$user" >"$folder/conf"
: >"$log"
(
    setpriv --pdeathsig TERM "$built/minichatd" -c "$folder/conf" \
        -d "$folder/heir" -l "unix:$folder/run/socket" 2>"$log" </dev/null &
    wait_for "$log" 'listening on' >&2
)
wait_for "$log" '^info stopped'

# What root has made before, by minichatctl, is the user's afterwards.
printf '[server]\nuser = %s\n' "$user" >"$folder/conf"
"$built/minichatctl" -d "$folder/state" key generate >/dev/null || exit 1
start "$folder/state" -l "unix:$folder/run/socket" -l tcp://127.0.0.1:0
grep -q "^info runs as $user" "$log" || fail "it does not say whom it runs as"
[[ -z $(strangers) ]] || fail "not given away: $(strangers)"

# Nothing of root is left.
uid=$(id -u "$user") gid=$(id -g "$user")
status=/proc/$server/status
[[ $(awk '/^Uid:/{print $2, $3, $4, $5}' "$status") == "$uid $uid $uid $uid" ]] ||
    fail "it has other user ids: $(grep Uid "$status")"
[[ $(awk '/^Gid:/{print $2, $3, $4, $5}' "$status") == "$gid $gid $gid $gid" ]] ||
    fail "it has other group ids: $(grep Gid "$status")"
[[ $(awk '/^Groups:/{print NF}' "$status") == 1 ]] || fail "it has groups"
! grep '^Cap' "$status" | grep -qv '0000000000000000$' ||
    fail "it has capabilities: $(grep '^Cap' "$status")"
grep -q '^NoNewPrivs:.*1$' "$status" || fail "a program could bring more"

# The sandbox is on where nobody says otherwise, and as strong as --check says.
grep -q '^info sandbox: system calls filtered' "$log" || fail "no sandbox"
words=$("$built/minichatd" -c "$folder/conf" --check |
    sed -n 's/^the sandbox here: //p')
grep -q "^info sandbox: $words" "$log" || fail "--check knows other: $words"
[[ $(awk '/^Seccomp:/{print $2}' "$status") == 2 ]] || fail "calls go through"

# Root is an administrator all the same, and so is the user; others are not.
[[ $(talk root /whois\ root) == *administrator* ]] || fail "root is no admin"
[[ $(talk "$user" "/whois $user") == *administrator* ]] ||
    fail "$user is no admin"
[[ $(talk bin '/whois bin') != *administrator* ]] ||
    fail "bin is an admin"

# What root's minichatctl writes meanwhile the server can read.
token=$("$built/minichatctl" -d "$folder/state" token issue ada)
"$built/minichatctl" -d "$folder/state" key generate two >/dev/null
"$built/minichatctl" -d "$folder/state" token revoke --account ada --before 2001-01-01T00:00:00Z >/dev/null
[[ -z $(strangers) ]] || fail "minichatctl keeps for root: $(strangers)"
port=$(sed -n 's#.*listening on tcp://127\.0\.0\.1:##p' "$log")
[[ $(nc -N 127.0.0.1 "$port" <<<"$token") == *'hello ada'* ]] ||
    fail "a token of root's minichatctl lets nobody in"

# It reads its settings again, or says that it cannot.
kill -HUP "$server"
wait_for "$log" '^info reloaded'
echo welcome >"$elsewhere/motd"
printf '[server]\nuser = %s\nmotd = %s\n' "$user" "$elsewhere/motd" \
    >"$folder/conf"
if grep -q '^info sandbox: .*landlock' "$log"; then
    kill -HUP "$server"
    wait_for "$log" '^error not reloaded.*named at the start needs a restart'
fi
chmod 600 "$folder/conf"
kill -HUP "$server"
wait_for "$log" '^error not reloaded.*Permission denied'
stop
[[ ! -e $folder/run/socket ]] || fail "the socket was left behind"

# A backup that root put back, and did not give away, is named with the remedy.
printf '[server]\nuser = %s\n' "$user" >"$folder/conf"
chown root "$folder/state/minichat.db"
refuses 'cannot read .*minichat.db: .* (chown)' "$folder/state" \
    -l "unix:$folder/run/socket"
chown "$user" "$folder/state/minichat.db"

# A key for TLS that is root's alone is read while we are root; again it cannot
# be, and what was in force stays.
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey ed25519 -nodes -subj /CN=localhost -days 3 \
        -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
    chmod 600 "$folder/key.pem"
    printf '[server]\nuser = %s\n[tls]\ncertificate = %s\nkey = %s\n' "$user" \
        "$folder/certificate.pem" "$folder/key.pem" >"$folder/secure"
    chmod 644 "$folder/secure"
    "$built/minichatd" -c "$folder/secure" -d "$folder/state" \
        -l tls://127.0.0.1:0 2>"$log" &
    server=$!
    wait_for "$log" 'listening on tls'
    grep -q '^warn .*key.pem cannot be read again' "$log" ||
        fail "nobody is told that the key cannot be read again"
    port=$(sed -n 's#.*listening on tls://127\.0\.0\.1:##p' "$log")
    for ((i = 0; i < 2; i++)); do
        [[ $(timeout 60 openssl s_client -connect "127.0.0.1:$port" -quiet \
            <<</quit 2>&1) == *'this is minichat'* ]] || fail "no TLS"
        kill -HUP "$server"
        wait_for "$log" '^error the certificate stays as it was'
    done
    stop
fi

# What it cannot read again it says at once.
start "$folder/state" -l "unix:$folder/run/socket"
grep -q '^warn .*conf cannot be read again' "$log" ||
    fail "nobody is told that a reload will fail"
stop

# Nor does minichatctl follow a link that the user has put into its directory:
# neither to write, nor to read what it would write for the user.
snare() { # words of minichatctl...: it is refused
    "$built/minichatctl" -d "$folder/snare" "$@" >"$log" 2>&1 &&
        fail "minichatctl $* follows a link"
    grep -qi 'link\|not a directory\|not a file' "$log" ||
        fail "minichatctl $* does not say why"
}
mkdir -m 700 "$folder/snare"
chown "$user" "$folder/snare"
echo 'root:secret' >"$folder/hidden"
chmod 600 "$folder/hidden"
mkdir "$folder/empty"
ln -s "$folder/empty" "$folder/snare/keys"
snare key generate
snare token revoke abc
rm "$folder/snare/keys"
[[ -z $(ls -A "$folder/empty") ]] || fail "it wrote elsewhere: $(ls "$folder/empty")"
"$built/minichatctl" -d "$folder/snare" key generate >/dev/null
for link in '-s' ''; do
    ln $link "$folder/hidden" "$folder/snare/keys/ssh"
    snare ssh-key remove ada
    rm "$folder/snare/keys/ssh"
    ln $link "$folder/hidden" "$folder/snare/minichat.lock"
    snare forget ada --yes
    rm "$folder/snare/minichat.lock"
done
ln -s "$folder/state/minichat.db" "$folder/snare/minichat.db"
snare stats
snare backup "$folder/copy"
[[ ! -e $folder/copy ]] || fail "it backed up what is elsewhere"
[[ $(stat -c %U "$folder/hidden") == root && $(<"$folder/hidden") == root:secret ]] ||
    fail "what is root's is not as it was"

# Root gives nothing away but what root's own programs have made.
chmod 644 "$folder/conf"
mkdir -m 700 "$folder/trap" "$folder/trap/keys"
echo secret >"$folder/shadow"
ln -s "$folder/shadow" "$folder/trap/minichat.link"
ln "$folder/shadow" "$folder/trap/keys/hard"
ln -s "$folder" "$folder/trap/tls"
start "$folder/trap" -l "unix:$folder/run/socket"
stop
[[ $(stat -c %U "$folder/shadow") == root ]] || fail "a link was given away"
[[ $(stat -c %U "$folder") == root ]] || fail "a folder was given away by a link"

mkdir "$folder/full" "$folder/open" "$folder/other"
touch "$folder/full/passwd"
refuses 'is no state directory' "$folder/full" -l tcp://127.0.0.1:0
[[ $(ls "$folder/full") == passwd ]] || fail "it left something there"
chmod 777 "$folder/open"
refuses 'can be written to by others' "$folder/open" -l tcp://127.0.0.1:0
chown nobody "$folder/other"
refuses 'belongs to somebody else' "$folder/other" -l tcp://127.0.0.1:0
mkdir -m 700 "$folder/closed"
refuses "$user cannot get at" "$folder/closed/state" -l tcp://127.0.0.1:0

# What root's server has left, before there was a user for it, is its too, also
# where it keeps nothing.
printf '[server]\nuser =\n[auth]\ngateway = bin\n[history]\n%s\n' \
    'durability = none' >"$folder/conf"
start "$folder/late" -l "unix:$folder/run/socket"
stop
printf '[server]\nuser = %s\n[auth]\ngateway = bin\n[history]\n%s\n' "$user" \
    'durability = none' >"$folder/conf"
start "$folder/late" -l "unix:$folder/run/socket"
[[ -z $(find "$folder/late" ! -user "$user") ]] ||
    fail "still root's: $(find "$folder/late" ! -user "$user")"
stop

# A user who is not there is a mistake; none at all is a wish.
echo '[server]
user = nobody-of-that-name' >"$folder/conf"
refuses 'no user nobody-of-that-name' "$folder/state" -l tcp://127.0.0.1:0
printf '[server]\nuser =\nsandbox = no\n' >"$folder/conf"
start "$folder/state" -l "unix:$folder/run/socket"
[[ $(awk '/^Uid:/{print $2}' "/proc/$server/status") == 0 ]] ||
    fail "it did not stay root"
grep -q '^warn no sandbox' "$log" || fail "nobody is told of no sandbox"
[[ $(awk '/^Seccomp:/{print $2}' "/proc/$server/status") == 0 ]] ||
    fail "there is a sandbox though nobody wants it"
[[ $(talk bin /help) == *hello\ bin* ]] || fail "root's server is deaf"
stop

report "everything is as it should be"
