#!/usr/bin/env bash
# The real minichatctl, as a person uses it, in a state directory of its own.
# $MINICHAT_BIN is the folder it was built in.
set -u

# shellcheck source=tests/words.sh
. "$(dirname "$0")/words.sh"
program=$built/minichatctl
needs "$program"

# The first token makes the first key, says so, and prints nothing else.
ctl token issue ada
expect 0 'v4.public.*' '*made a first key, issuer (*'
ada=$out
[[ $ada != *$'\n'* ]] || fail "a token is one line"
ctl token issue abcdefghijklmnopqrstuvwxyzabcdef
expect 0 'v4.public.*' ''
[[ ${#out} -le 230 ]] || fail "a token for 32 bytes has ${#out} characters"

ctl token inspect "$ada"
expect 0 'account     ada*verified    yes*verdict     good*' ''
out=$(printf '  %s\r\n' "$ada" | "$program" -d "$folder/state" token inspect)
code=$? err=''
expect 0 '*verdict     good*' ''
ctl --json token inspect "$ada"
expect 0 '{*"account": "ada"*"verdict": "good"*}' ''

# What is wrong is told apart, with exit code 1.
ctl token inspect hunter2
expect 1 '*verdict     not-a-token*' ''
ctl token inspect "${ada:0:60}x${ada:61}"
expect 1 '*verdict     forged*' ''
ctl -n there token inspect "$ada"
expect 1 '*verdict     other-network*' ''
ctl -n there token issue ada
there=$out
ctl token inspect "$there"
expect 1 '*audience    there*verdict     other-network*' ''
ctl token inspect
expect 1 '' '*standard input: expected one token*'

# What a token may say.
ctl token issue eve --expires 2099-01-01T00:00:00+01:00 --role=mod --room '#a' --room '#b'
expect 0 'v4.public.*' ''
ctl token inspect "$out"
expect 0 '*expires     2098-12-31T23:00:00Z*role        mod*rooms       #a #b*' ''
ctl token issue eve --days 0
expect 1 '' '*--days: expected a number from 1*'
ctl token issue eve --expires 2001-01-01T00:00:00Z
expect 1 '' '*that time is over*'
ctl token issue eve --expires tomorrow
expect 1 '' '*expected a time such as*'
ctl token issue eve --days 3 --expires 2099-01-01T00:00:00Z
expect 1 '' '*one of them*'
ctl token issue eve --role root
expect 1 '' '*expected admin, mod, user or guest*'
ctl token issue eve --room lobby
expect 1 '' '*lobby cannot be the name of a room*'
ctl token issue 'a b'
expect 1 '' '*a b cannot be the name of an account*'
ctl token issue eve --key nokey
expect 1 '' '*there is no key nokey*'
ctl token issue
expect 2 '' 'usage: minichatctl token issue ACCOUNT*'
ctl token issue eve bob
expect 2 '' 'usage: *'
ctl token issue eve --days
expect 2 '' 'usage: *'
ctl token issue eve --colour red
expect 2 '' 'usage: *'

# What is asked of a running server, where none runs.
ctl users
expect 1 '' 'minichatctl: no server runs here (of *; another with -d or -s)'
ctl -s "unix:$folder/nowhere" kick ada
expect 1 '' 'minichatctl: no server runs at */nowhere: *'
ctl kick
expect 2 '' 'usage: minichatctl kick NAME *'

# One whose queue is full is there: its turn is waited for, and then it is said
# that it takes nobody.
mkfifo "$folder/coming"
python3 - "$folder" >"$folder/crowds" <<'END' &
import pathlib, socket, sys, time

folder = pathlib.Path(sys.argv[1])

def crowd(name):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / name))
    listener.listen(0)
    waiting = []
    while True:
        waiting.append(socket.socket(socket.AF_UNIX))
        waiting[-1].setblocking(False)
        try:
            waiting[-1].connect(str(folder / name))
        except BlockingIOError:
            return listener, waiting

stuck, late = crowd("stuck"), crowd("late")
print("crowded", flush=True)
(folder / "coming").read_bytes()
time.sleep(0.5)  # of one that waits in connect nobody is told
while True:
    late[0].accept()[0].sendall(b"ERROR :not now\r\n")
END
crowds=$!
wait_for "$folder/crowds" crowded
: >"$folder/coming"
ctl -s "unix:$folder/late" users
expect 1 '' 'minichatctl: the server closed the connection: not now'
ctl -s "unix:$folder/stuck" users
expect 1 '' 'minichatctl: the server took nobody for 10 seconds: it is busy, or stuck'
kill "$crowds"
wait "$crowds" 2>/dev/null

# A directory that is not there is a slip of the pen, unless something is put
# there; an option that is none is no command.
here=$state
state=$folder/no/where
for command in users stats 'key list' 'token list' "token inspect $ada" \
    'token revoke x' 'ssh-key list' check 'backup x'; do
    # shellcheck disable=SC2086 # words
    ctl $command
    expect 1 '' "minichatctl: there is no state directory $state"
    [[ ! -e $folder/no ]] || fail "$command made it"
done
ctl key generate
expect 0 'k4.public.*' '*'
[[ -d $state/keys ]] || fail "key generate makes it"
state=$here
ctl -x users
expect 2 '' '*minichatctl: there is no option -x*'
ctl --foo users
expect 2 '' '*minichatctl: there is no option --foo*'
out=$("$program" users -d 2>&1) code=$? err=''
expect 2 '*minichatctl: -d: its value is missing*' ''

# Revoking a token, and all of an account.
ctl token issue ada
second=$out
ctl token revoke "$ada"
expect 0 'revoked the token ????????????' ''
ctl token inspect "$ada"
expect 1 '*verdict     revoked*' ''
ctl token inspect "$second"
expect 0 '*verdict     good*' ''
ctl token revoke --account ada
expect 0 'revoked the tokens of ada' ''
ctl token inspect "$second"
expect 1 '*verdict     revoked*' ''
ctl token issue ada
third=$out
ctl token inspect "$third"
expect 0 '*verdict     good*' ''
ctl token revoke "${third:0:60}x${third:61}"
expect 1 '' '*nothing to revoke*'
ctl token revoke
expect 2 '' 'usage: *'
ctl token revoke --before 2099-01-01T00:00:00Z
expect 2 '' 'usage: *'

# What was never issued here may be a trusted issuer's, or mistyped.
ctl token revoke awtnosuchone
expect 0 'revoked the token awtnosuchone' 'minichatctl: no token awtnosuchone was issued here; *'
ctl token revoke --account adda
expect 0 'revoked the tokens of adda' 'minichatctl: no token of adda was issued here; *'

# What was issued, and what became of it.
ctl token list ada
expect 0 '*ada *revoked *user *all by minichatctl:*ada *revoked *ada *good *' ''
ctl --json token list eve
expect 0 '*"account": "eve"*"state": "good"*"role": "mod"*"#a"*' ''
ctl token list nobody
expect 0 '' ''
[[ $(stat -c %a "$folder/state/keys/issued") == 600 ]] || fail "keys/issued is private"
cp "$folder/state/keys/issued" "$folder/issued"
echo 'what is this' >>"$folder/state/keys/issued"
ctl token list eve
expect 0 '*eve *' '*keys/issued:* is not understood'
cp "$folder/issued" "$folder/state/keys/issued"

# Two revoke at the same time and both are heard.
for i in {1..12}; do "$program" -d "$folder/state" token revoke "id$i" &>/dev/null & done
wait
[[ $(grep -c '^jti id' "$folder/state/keys/revoked") == 12 ]] || fail "12 at once were revoked"

# Keys: a second one signs, the first is still good until it is retired.
ctl key generate spring
expect 0 'k4.public.*' ''
ctl key list
expect 0 'issuer*issuer*k4.public.*spring*signing*' ''
ctl token inspect "$third"
expect 0 '*key         issuer*' ''
ctl token issue bob
bob=$out
ctl token inspect "$bob"
expect 0 '*key         spring*' ''
ctl key retire issuer
expect 0 'retired issuer*' ''
ctl token inspect "$third"
expect 1 '*verdict     revoked*' ''
ctl key generate spring
expect 1 '' '*there is a key named spring already*'
ctl --json key list
expect 0 '\[*"name": "spring"*\]' ''

# Another system's key.
"$program" -d "$folder/other" token issue carl >"$folder/carl" 2>/dev/null
carl=$(<"$folder/carl")
key=$("$program" -d "$folder/other" key list | grep -o 'k4\.public\..*')
ctl token inspect "$carl"
expect 1 '*verdict     unknown-key*' ''
ctl key trust sister "$key"
expect 0 'trusting sister (*) for every account, as user at most' ''
ctl token inspect "$carl"
expect 0 '*account     carl*key         sister*' ''
ctl key trust sister "$key" --accounts 'bot-*,ci-?' --role-max mod
expect 0 'trusting sister (*) for bot-\*,ci-\?, as mod at most' ''
ctl key list
expect 0 '*sister *  for bot-\*,ci-\?, as mod at most*' ''
ctl key trust sister "$key" --accounts 'a b'
expect 1 '' '*--accounts: expected patterns*'
ctl key trust sister "$key" --role-max king
expect 1 '' '*--role-max: expected*'
ctl key trust sister --accounts x
expect 2 '' 'usage: *'
ctl key trust sister "$key"
expect 0 'trusting sister (*) for every account*' ''
ctl key trust again "$key"
expect 1 '' '*here already, named sister*'
ctl key trust weak k4.public.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
expect 1 '' '*weak key*'
ctl key trust ../x "$key"
expect 1 '' "*cannot be a key's name*"
ctl key trust bad k4.secret.AAAA
expect 1 '' '*is not a k4.public key*'
ctl key retire sister
expect 0 'retired sister*' ''
ctl token inspect "$carl"
expect 1 '*verdict     revoked*' ''

# The server's name for the network, and files that are not right.
echo example.net >"$folder/state/network"
ctl token inspect "$bob"
expect 1 '*network     example.net*verdict     other-network*' ''
echo 'two words' >"$folder/state/network"
ctl key list
expect 1 '' '*expected the name of the network*'
rm "$folder/state/network"
echo nonsense >>"$folder/state/keys/revoked"
ctl token inspect "$bob"
expect 1 '' '*keys/revoked:*: expected "jti ID"*'
sed -i '$d' "$folder/state/keys/revoked"
chmod 644 "$folder/state/keys/spring.secret"
ctl key list
expect 0 '*' '*others may read: chmod 600*'

# Help, and what is no command.
ctl --help
expect 0 'usage: minichatctl*token issue*' ''
[[ $(wc -l <<<"$out") -le 60 && $(wc -L <<<"$out") -le 80 ]] || fail "--help fits a large screen"
ctl key trust --help
expect 0 'usage: minichatctl key trust NAME KEY*' ''
while read -r noun verb; do
    ctl "$noun" ${verb:+"$verb"} --help
    expect 0 "usage: minichatctl $noun${verb:+ $verb}*" ''
    ctl ${verb:+-h} "$noun" "${verb:--h}"
    expect 0 "usage: minichatctl *$noun*" ''
done < <("$program" --help | grep -E '^  [a-z]' | grep -v minichatctl | cut -c3-17)
ctl key --help
expect 0 'usage: minichatctl *key generate*key retire*' ''
[[ $out != *ssh-key* ]] || fail "help about keys is about keys"
ctl key
expect 2 '' '*key generate*'
ctl fly
expect 2 '' '*there is no command fly*'
ctl
expect 2 '' 'usage: *'
ctl --version
expect 0 'minichatctl [0-9]*' ''
out=$("$program" -d /dev/null key list 2>&1)
code=$? err=''
expect 1 '*cannot use the state directory /dev/null: Not a directory*' ''

# What cannot be printed is told, however much there is, and no file of ours is
# taken for standard output.
lost() { # pattern program words…: printed to a full disk, and to nobody
    local pattern=$1
    shift
    out=$("$@" 2>&1 >/dev/full) code=$? err=''
    expect 1 "*$pattern: No space left on device" ''
    out=$("$@" 2>&1 >&-) code=$?
    expect 1 "*$pattern: Bad file descriptor" ''
}
for words in --help --version 'token --help' 'token issue ada' 'key list' \
    "token inspect $ada" 'token list' '--json key list'; do
    # shellcheck disable=SC2086 # words
    lost 'minichatctl: standard output' "$program" -d "$folder/state" $words
done
for words in --help --version "--check -d $folder/state"; do
    # shellcheck disable=SC2086 # words
    lost 'minichatd: standard output' "$built/minichatd" $words
done
for n in {1..300}; do
    echo "id$n ada user - 2026-01-01T00:00:00Z 2026-01-02T00:00:00Z issuer minichatctl:root"
done >"$folder/state/keys/issued"
lost 'minichatctl: standard output' "$program" -d "$folder/state" token list

# Without -d: the state directory of one's own.
if [[ $(id -u) -ne 0 && ! -O /var/lib/minichat ]]; then
    HOME=$folder "$program" token issue ada >/dev/null 2>&1
    [[ -f $folder/.local/state/minichat/keys/issuer.secret ]] || fail "it is in ~/.local/state"
    XDG_STATE_HOME=$folder/xdg "$program" token issue ada >/dev/null 2>&1
    [[ -f $folder/xdg/minichat/keys/issuer.secret ]] || fail "it is in XDG_STATE_HOME"
fi
STATE_DIRECTORY=$folder/sd:/x "$program" token issue ada >/dev/null 2>&1
[[ -f $folder/sd/keys/issuer.secret ]] || fail "it is in STATE_DIRECTORY"

report "all is so"
