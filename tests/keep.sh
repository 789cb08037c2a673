#!/usr/bin/env bash
# shellcheck disable=SC2016 # what looks like dollars and commands is meant so
# What was said, as minichatctl keeps it: copied, exported, imported, counted,
# checked, forgotten, and saved from a damaged file; at last beside a server.
# $MINICHAT_BIN is the folder it was built in. Exit status 77: skipped.
set -u

# shellcheck source=tests/words.sh
. "$(dirname "$0")/words.sh"
program=$built/minichatctl
needs "$program"
cd "$folder" || exit 1
state=one

holds() { # words...: a command that must succeed
    "$@" || fail "line ${BASH_LINENO[0]}: $*"
}

# Two people, a guest, a room, a private conversation.
cat >small <<'END'
{"format":"minichat","version":4,"reserved":1900000000000000000}
{"table":"accounts","id":1,"name":"ada","since":1785585600000,"seen":0}
{"table":"accounts","id":2,"name":"Bob","since":1785585600000,"seen":5}
{"table":"rooms","id":1,"name":"#lobby","topic":"zebrafish","topic_by":"ada!ada@host","topic_when":1785585600000,"since":1785585600000,"private":0}
{"table":"rooms","id":2,"name":"#attic","topic":null,"topic_by":null,"topic_when":null,"since":1785585600000,"private":1}
{"table":"members","account":1,"room":1,"operator":1,"since":1872340000000000000}
{"table":"members","account":1,"room":2,"operator":1,"since":1872340000000000000}
{"table":"members","account":2,"room":1,"operator":0,"since":1872340000000000001}
{"table":"marks","account":2,"target":"#lobby","read":1785585600000}
{"table":"marks","account":2,"target":"ada","read":1785585600000}
{"table":"pairs","id":1,"low":"ada","high":"bob"}
{"table":"messages","id":1872340000000000010,"place":1,"kind":1,"account":1,"name":null,"source":null,"at":null,"body":"xylophone \u0002bold\u0002 ünïcödé","tags":"+a=b"}
{"table":"messages","id":1872340000000000011,"place":-1,"kind":1,"account":2,"name":null,"source":null,"at":1785585600005,"body":"hello ada","tags":null}
{"table":"messages","id":1872340000000000012,"place":-1,"kind":2,"account":1,"name":null,"source":null,"at":null,"body":"rhododendron","tags":null}
{"table":"messages","id":1872340000000000013,"place":1,"kind":1,"account":null,"name":"guest1","source":"g@h","at":null,"body":"I \"am\" a\tguest","tags":null}
{"table":"happenings","number":1,"id":1872340000000000000,"place":1,"kind":4,"account":1,"name":null,"source":null,"at":null,"whom":null,"body":null,"line":null}
{"table":"happenings","number":2,"id":1872340000000000005,"place":1,"kind":6,"account":2,"name":null,"source":null,"at":null,"whom":"ada","body":"pangolin","line":null}
{"table":"happenings","number":3,"id":1872340000000000006,"place":1,"kind":9,"account":1,"name":null,"source":null,"at":null,"whom":null,"body":"zebrafish","line":null}
{"table":"reactions","place":1,"line":1872340000000000010,"account":2,"emoji":"👍","id":1872340000000000014}
{"table":"nonces","nonce":"abc","account":1,"id":1872340000000000010}
{"end":true,"complete":true}
END

# Before a server ever ran: nowhere, and where it is to be.
mkdir -m 700 none
for command in stats check export 'backup copy' 'forget ada'; do
    # shellcheck disable=SC2086 # two words
    ctl $command
    expect 1 '' 'minichatctl: there is no state directory one'
    # shellcheck disable=SC2086
    state=none ctl $command
    expect 1 '' '*there is no none/minichat.db yet: minichatd makes it*'
done
holds test ! -e none/minichat.db
holds test ! -e one/minichat.db
holds test ! -e copy

# In and out again: the same bytes.
ctl import small
expect 0 'imported 4 lines (19 rows)' ''
ctl export
[[ $out == "$(<small)" ]] || fail "what comes out is what went in"
ctl export -
[[ $out == "$(<small)" ]] || fail "- is standard output"
ctl export again
expect 0 '' ''
holds cmp small again
[[ $(stat -c %a again one/minichat.db) == $'600\n600' ]] || fail "0600"
ctl export again
expect 1 '' '*again is there already: choose another name*'
out=$("$program" -d one export 2>&1 >/dev/full)
code=$?
expect 1 '*cannot write*' '*'
out=$("$program" -d two import - <small 2>err)
code=$? err=$(<err)
expect 0 'imported 4 lines*' ''
state=two ctl export
[[ $out == "$(<small)" ]] || fail "it came in through standard input"

# So does what an older minichat wrote, which had less to tell.
sed 's/"version":4/"version":1/; s/,"line":null//; /"reactions"/d' small >older
sed '/"reactions"/d' small >newer
state=old ctl import older
expect 0 'imported 4 lines (18 rows)' ''
state=old ctl export
[[ $out == "$(<newer)" ]] || fail "it was brought to this version"

ctl stats
expect 0 'people *2*rooms *2*private *1*lines *4*not yet searched *4*oldest line *2026-*newest*bytes a line *' ''
ctl --json stats
expect 0 '{*"people": 2*"lines": 4*"unindexed": 4*"newest": "2026-*' ''
ctl check
expect 0 'minichat.db is sound' ''
ctl --json check
expect 0 '{*"sound": true*"problems": \[\]*"left-out": \[\]*}' ''

# A second time nothing comes in.
ctl import small
expect 1 '' '*something was said in one/minichat.db already: move it away*'
ctl import nowhere
expect 1 '' '*cannot read nowhere: No such file*'

# What cannot be is told with its line, and leaves nothing behind.
state=three
refuses() { # pattern-in-err sed-script
    sed -E "$2" small >wrong
    ctl import wrong
    expect 1 '' "$1"
    [[ ! -e three/minichat.db && ! -e three/minichat.db.new ]] ||
        fail "line ${BASH_LINENO[0]}: nothing is left behind"
}
refuses '*wrong, line 1: this is not what*' '1d'
refuses '*line 1: *newer version*' '1s/4,/77,/'
refuses '*line 1: this is not JSON*' '1s/.*/hello/'
refuses '*line 3: this is not JSON*' '3s/.$//'
refuses '*line 2: "table" is none*' '2s/accounts/sqlite_schema/'
refuses '*line 2: "seen" is missing*' '2s/,"seen":0//'
refuses '*line 2: accounts have no such column*' '2s/"seen":0/"seen":0,"x":1/'
refuses '*line 2: "seen" is neither*' '2s/"seen":0/"seen":1.5/'
refuses '*line 2: *accounts.since*' '2s/1785585600000/"soon"/'
refuses '*line 3: UNIQUE constraint failed: accounts.name*' '3s/Bob/ADA/'
refuses '*line 3: UNIQUE constraint failed: accounts.id*' '3s/"id":2/"id":1/'
refuses '*line 20: it breaks off here*' '$d'
refuses '*line 22: nothing may follow*' '$a {}'
refuses '*somebody or a room is missing*' '3d'
refuses '*places are gone*' '/"pairs"/d'
refuses '*lines could not have been said (the first: 1872340000000000011)*' 's/hello ada/hello\\r\\nQUIT/'
refuses '*lines could not have been said*' 's/hello ada/\\u001b[2J/'
refuses '*lines could not have been said*' 's/"body":"hello ada"/"body":{"hex":"ff"}/'
refuses '*lines could not have been said*' 's/guest1/guest 1/'
refuses '*people have a name*' 's/"Bob"/"B b"/'
refuses '*rooms have a name*' 's/#lobby","topic"/lobby","topic"/'
refuses '*reactions could not*' 's/👍/a\\u0007b/'
refuses '*reactions are to lines*' '/"reactions"/s/0010,/0012,/'
refuses '*happenings have ids*' '/"number":2/s/"id":187/"id":186/'

# A copy is whole, and as good as what it was made of.
state=one
ctl backup copy
expect 0 'backed up 4 lines into copy (*' ''
[[ $(stat -c %a copy) == 600 ]] || fail "a copy is for its owner alone"
[[ ! -e copy.new && ! -e copy-wal && ! -e copy-journal ]] || fail "one file"
ctl backup copy
expect 1 '' '*copy is there already: choose another name*'
ctl backup nowhere/copy
expect 1 '' '*cannot write nowhere/copy.new: No such file*'
echo half >second.new
ctl --json backup ./second
expect 0 '{*"file": "./second"*"messages": 4*}' ''
mkdir restored
cp copy restored/minichat.db
state=restored ctl export
[[ $out == "$(<small)" ]] || fail "what was restored is what was there"

# Beside a server (somebody who holds its lock).
exec {lock}>one/minichat.lock
flock -n "$lock" || fail "the lock is free"
echo 4711 >one/minichat.lock
for command in 'import small' 'forget ada --yes'; do
    # shellcheck disable=SC2086
    ctl $command
    expect 1 '' '*one is in use by pid 4711 (minichatd*'
done
ctl check
expect 0 'not looked at: the search index: the server is running*is sound' ''
ctl backup third
expect 0 'backed up*' ''
exec {lock}>&-

# Who is forgotten is gone from the file, and the others are not.
words='xylophone|rhododendron|zebrafish'
indexed=$built/tests/index_lines
prepare() { # state: a new one, with an index where that can be made
    state=$1
    ctl import small
    [[ -x $indexed ]] || return
    holds "$indexed" "$state"
    ctl stats
    [[ $out =~ 'not yet searched'\ +0$'\n' ]] || fail "all are indexed"
}
prepare four
grep -qaE "$words" four/minichat.db || fail "the words are in the file"
ctl forget carl --yes
expect 1 '' '*there is no account carl here*'
ctl forget ada
expect 1 '' '*erases for good 2 lines and 2 happenings of ada*say --yes*'
ctl export
[[ $out == "$(<small)" ]] || fail "nothing was done without --yes"
ctl forget ADA --yes
expect 0 'erased 2 lines and 2 happenings of ada' '*token revoke --account ada*'
! grep -qaE "$words|pangolin" four/minichat.db* || fail "the words are gone"
! grep -qaiE 'ada!|xylop|ophone|dendron|brafish' four/minichat.db* ||
    fail "so are parts of them in the index"
ctl export
expect 0 '*"Bob"*"hello ada"*guest1*' ''
[[ $out != *'"ada"'* && $out != *'#attic'* ]] || fail "no trace is left"
ctl check
expect 0 'minichat.db is sound' ''
ctl forget ada --yes
expect 1 '' '*there is no account ada*'

prepare five
ctl --json forget ada --replace --yes
expect 0 '{*"lines": 2*"replaced": true*}' '*'
! grep -qaE "$words" five/minichat.db* || fail "the words are gone"
ctl export
expect 0 '*340000000000010*"forgotten"*"(forgotten)"*"hello ada"*0012,"place":-1*"(forgotten)"*' ''
ctl check
expect 0 'minichat.db is sound' ''

# A file that is damaged: told, and what can be read is saved.
{
    head -n 5 small
    for ((i = 0; i < 4000; i++)); do
        printf '{"table":"messages","id":%d,"place":1,"kind":1,"account":%d,"name":null,"source":null,"at":null,"body":"this is line number %d of four thousand, which fills some pages","tags":null}\n' \
            $((1872340000000000000 + i * 7777)) $((i % 2 + 1)) "$i"
    done
    tail -n 1 small
} >large
state=six
ctl import large
expect 0 'imported 4000 lines*' ''
size=$(stat -c %s six/minichat.db)
garbage() { # page pages
    tr '\0' '\245' </dev/zero | head -c $(($2 * 4096)) |
        dd of="$state/minichat.db" bs=4096 seek="$1" conv=notrunc status=none
}
damage() { # state page pages
    state=$1
    mkdir "$1"
    cp six/minichat.db "$1/minichat.db"
    garbage "$2" "$3"
}
saved() { # least: what is exported comes in elsewhere, in order, at least so many
    ctl export "$state.saved"
    expect 1 '' '*left out*damaged: the rest was exported'
    holds grep -q '^{"end":true,"complete":false}$' "$state.saved"
    lines=$(grep -c '"messages"' "$state.saved")
    ((lines >= $1 && lines < 4000)) || fail "$lines lines were saved"
    state=$state.new
    ctl import "${state%.new}.saved"
    expect 0 "imported $lines lines*all that could be exported" '*'
    ctl check
    expect 0 'minichat.db is sound' ''
}
damage holes $((size * 4 / 10 / 4096)) 1
garbage $((size * 6 / 10 / 4096)) 2
ctl check
expect 1 '*What to do:*stop minichatd*newest backup*' ''
ctl --json check
expect 1 '{*"sound": false*"problems": \[?*' ''
ctl backup holes.copy
expect 1 '' '*damaged*'
holds test ! -e holes.copy
holds test ! -e holes.copy.new
saved 3600
holds test -z "$(grep '"messages"' holes.saved | grep -vxFf large)"
damage short 0 0
truncate -s $((size / 2)) short/minichat.db
for command in stats 'backup x' 'forget ada --yes'; do
    # shellcheck disable=SC2086
    ctl $command
    expect 1 '' '*short/minichat.db is damaged: `minichatctl check`*`minichatctl export`*'
done
ctl check
expect 1 '*cut short*What to do:*' ''
saved 500

# A disk that takes no more leaves nothing half done.
full() { # words...: ctl, but no file may grow beyond 100 KiB
    out=$(trap '' XFSZ; ulimit -f 100
        "$program" -d "$state" "$@" 2>&1 </dev/null | cat)
}
state=six
full backup six.copy
[[ $out == 'minichatctl: cannot write '*'six.copy.new: the disk'* ]] ||
    fail "a backup on a full disk: $out"
full export six.export
[[ $out == 'minichatctl: cannot write'* ]] ||
    fail "an export on a full disk: $out"
state=seven
full import large
[[ $out == 'minichatctl: '*': the disk'* ]] ||
    fail "an import on a full disk: $out"
for file in six.copy six.copy.new six.export six.export.new \
    seven/minichat.db seven/minichat.db.new; do
    [[ ! -e $file ]] || fail "$file is left behind"
done
cp -r six eight
state=eight
full forget ada --yes
ctl export
[[ $out == "$(<large)" ]] || fail "forgetting on a full disk does nothing"
ctl forget ada --yes
expect 0 'erased 2000 lines*' '*'

# What is not a minichat.db.
mkdir empty other
: >empty/minichat.db
echo 'dear diary' >other/minichat.db
for command in stats check export 'backup x' 'import small' 'forget ada'; do
    # shellcheck disable=SC2086
    state=empty ctl $command
    expect 1 '' '*has no length: it was damaged*newest backup*'
    # shellcheck disable=SC2086
    state=other ctl $command
    expect 1 '' '*is not a database, or its beginning was overwritten*'
done
[[ ! -s empty/minichat.db && $(<other/minichat.db) == 'dear diary' ]] ||
    fail "they are left as they are"

# A copy that is put beside the log of what was there before.
cp -r six mistaken
printf 'a log' >mistaken/minichat.db-wal
cp copy mistaken/minichat.db
state=mistaken ctl stats
expect 1 '' '*minichat.db-wal belongs to another minichat.db*move it*'

# Beside a server at work.
serve() {
    : >log # of an earlier one nothing is to be found there
    "$built/minichatd" -d "$state" -l "unix:$folder/socket" 2>log &
    server=$!
    wait_for log 'listening on unix:'
}
rest() {
    kill "$server"
    wait "$server"
}
say() { # lines...: in the lobby; returns when they came back
    printf '%s\n' '/join #lobby' "$@" | timeout 60 nc -N -U socket
}
if [[ -x $built/minichatd ]] && command -v nc >/dev/null; then
    state=live
    me=$(id -un)
    serve
    said=$(say 'capybara one' 'capybara two')
    [[ $said == *'capybara one'*'capybara two'* ]] || fail "heard: $said"
    while say 'and so on' >/dev/null && [[ ! -e enough ]]; do :; done &
    talker=$!
    ctl backup live.copy
    expect 0 'backed up *' ''
    ctl export
    expect 0 '*capybara one*capybara two*"complete":true}' ''
    ctl stats
    expect 0 '*lines *' ''
    ctl check
    expect 0 '*the server is running*minichat.db is sound' ''
    ctl import small
    expect 1 '' "*in use by pid $server *"
    ctl forget "$me" --yes
    expect 1 '' "*in use by pid $server *"
    touch enough
    wait "$talker"
    rest
    mkdir again.d
    cp live.copy again.d/minichat.db
    state=again.d
    serve
    said=$(say '/history #lobby 1000')
    [[ $said == *'capybara one'*'capybara two'* ]] || fail "restored: $said"
    rest
    ctl check
    expect 0 'minichat.db is sound' ''
    ctl export live.export
    expect 0 '' ''
    state=imported ctl import live.export
    state=imported ctl export
    [[ $out == "$(<live.export)" ]] || fail "a server's export comes in whole"
    ctl forget "$me" --yes
    expect 0 'erased * lines*' '*'
    ctl export
    [[ $out != *capybara* ]] || fail "what was said live is forgotten"
    ! grep -qa capyba again.d/minichat.db* || fail "so are its bytes"
    serve
    said=$(say 'hello again' '/history #lobby 1000')
    [[ $said == *'hello again'* && $said != *capybara* ]] ||
        fail "after forgetting: $said"
    rest
fi

# How it is said.
for command in 'backup' 'backup a b' 'import' 'export a b' 'stats x' \
    'check x' 'forget' 'forget a b' 'forget ada --all'; do
    # shellcheck disable=SC2086
    ctl $command
    expect 2 '' 'usage: minichatctl *'
done
ctl backup --help
expect 0 'usage: minichatctl backup FILE*' ''

report "all is so"
