#!/bin/bash
# What README.md shows works: each line of its sh blocks is run as a person
# would, beside a server of its own, on a terminal and with hands that paste
# the token where nc waits for it. And its map of files has every file.
# $MINICHAT_BIN is the folder that was built in. Exit status 77: skipped.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

top=$PWD
built=$(realpath "${MINICHAT_BIN:-build}")
deadline=30 # seconds for one line
for program in minichat minichatctl minichatd; do
    [[ -x $built/$program ]] || {
        echo "readme: no $built/$program"
        exit 77
    }
done

# Lines that cannot be run in a test, and why.
declare -A not_here=(
    ["script/chat"]="installs packages; minichat, which it ends in, is run"
    ["script/test"]="runs this test"
    ["ssh -t box minichat"]="needs another machine"
    ["ssh box \"minichat send '#lobby' 'on my way'\""]="needs another machine"
    ["sudo systemd-sysusers \"\$PWD/packaging/minichat.sysusers\""]="changes this machine"
    ["ssh chat@box"]="tests/ssh/box.sh runs it"
    ["ssh chat@box send '#lobby' 'on my way'"]="tests/ssh/box.sh runs it"
    ["ssh -N -L 6667:/run/minichat/minichat.sock box"]="tests/ssh/box.sh runs it"
    ["sudo useradd --system minichat && sudo useradd --system --password '*' --home-dir / --shell /bin/sh chat"]="tests/ssh/box.sh runs it"
    ["sudo cp packaging/minichatd.service /etc/systemd/system/ && sudo cp -r packaging/sshd/. /etc/"]="tests/ssh/box.sh runs it"
    ["sudo systemctl enable --now minichatd && sudo systemctl reload ssh"]="tests/ssh/box.sh runs it"
    ["sudo minichatctl ssh-key add ada ada.pub"]="tests/ssh/box.sh runs it"
    ["sudo cp packaging/minichatd.service /etc/systemd/system/"]="changes this machine"
    ["sudo systemctl enable --now minichatd"]="changes this machine"
    ["journalctl -u minichatd"]="needs the service"
)

there=$(mktemp -d)
chmod 711 "$there" # the server may be another user than root
mkfifo "$there/keys"
exec {keys}<>"$there/keys"
server='' at_work='' failures=0
leave() {
    [[ -z $at_work ]] || kill "$at_work" 2>/dev/null
    [[ -z $server ]] || kill "$server" 2>/dev/null
    wait
    rm -rf "$there"
}
trap leave EXIT
fail() {
    echo "not so: $*"
    failures=$((failures + 1))
}

# The commands of the README, without what is said about them.
# shellcheck disable=SC2016 # the dollars are ends of lines
commands() {
    sed -n '/^[`]\{3\}sh$/,/^[`]\{3\}$/{/^[`]/d;s/ *#  *.*$//;/./p}' \
        "$top/README.md"
}

# The same line here: where this server is and what is installed.
here() {
    sed -e "s#127\.0\.0\.1/6667#127.0.0.1/$port#g" \
        -e "s#127\.0\.0\.1 \(-p \)\{0,1\}6667#127.0.0.1 \1$port#g" \
        -e "s#/run/minichat/minichat\.sock#$there/minichat.sock#g" \
        -e "s#packaging/#$top/packaging/#g" \
        -e "s#^sudo cmake --install build#DESTDIR=$there cmake --install $built#" \
        -e "s#^minichatd -c .*#& -d $there/other -l tcp://127.0.0.1:0#" \
        -e "s#^weechat #weechat-headless --stdout #" <<<"$1"
}

# Does it stay until one leaves? Then it must arrive; others must end well.
stays() {
    [[ $1 =~ ^(nc|irssi|weechat|ii|minichatd\ -c|minichat\ (tail|wait))(\ |$) ||
        $1 =~ ^[A-Z_]+=.*\ ii\  || $1 =~ ^minichat($|\ \'#) ]]
}
first_word() {
    sed -E 's/^([A-Z_]+=(\$\([^)]*\)|[^ ]*) )*//; s/^\(//; s/ .*//' <<<"$1"
}
arrivals() {
    cat "$there/log" "$there/screen" |
        grep -cE '^info (entered|listening on tcp)'
}

start_server() {
    minichatd -l "unix:$there/minichat.sock" -l tcp://127.0.0.1:0 \
        >"$there/log" 2>&1 &
    server=$!
    for ((i = 0; i < deadline * 20; i++)); do
        sleep 0.05
        port=$(sed -n 's#.*listening on tcp://127\.0\.0\.1:##p' "$there/log")
        [[ -z $port ]] || return 0
    done
    cat "$there/log"
    return 1
}

# The hand at the keyboard: pastes the token where somebody is asked for it.
asked=
answer() {
    [[ -z $asked ]] && grep -q 'who are you?' "$there/screen" || return 0
    asked=yes
    cat "$there/ada.token" >&"$keys"
}

# Ends what was begun on the terminal, also what does not mind that it is
# gone: all of the session that the first shell leads.
hang_up() {
    local leader stat fields
    leader=$(cat "$there/leader")
    kill -KILL "$at_work"
    wait "$at_work"
    at_work=
    for stat in /proc/[0-9]*/stat; do
        read -r fields <"$stat" || continue
        read -r -a fields <<<"${fields##*) }"
        [[ ${fields[3]} != "$leader" ]] || kill -KILL "${stat//[!0-9]/}"
    done
} 2>/dev/null

# Runs a line on a terminal. script(1) goes on after its command, and does not
# tell how that ended; so the command does.
play() {
    local line=$1 before ended=$there/ended
    : >"$there/screen"
    rm -f "$ended" "$there/leader"
    asked=
    before=$(arrivals)
    script -qfc "echo \$\$ >$there/leader; $(here "$line"); echo \$? >$ended" \
        "$there/screen" \
        <&"$keys" >/dev/null 2>&1 &
    at_work=$!
    for ((i = 0; i < deadline * 10; i++)); do
        [[ ! -s $ended ]] || break
        ! stays "$line" || (($(arrivals) == before)) || break
        answer
        sleep 0.1
    done
    hang_up
    if stays "$line"; then
        (($(arrivals) > before))
    else
        [[ -s $ended && $(<"$ended") == 0 ]]
    fi
}

run_commands() {
    local line lines word
    mapfile -t lines < <(commands)
    cd "$there" || return
    for line in "${lines[@]}"; do
        [[ -z ${not_here[$line]:-} ]] || continue
        word=$(first_word "$(here "$line")")
        if ! command -v "$word" >/dev/null; then
            echo "left out, there is no $word here: $line"
        elif ! play "$line"; then
            fail "$line"
            sed 's/^/    /' screen
        fi
    done
}

# Is every file in the map, and everything in the map a file?
check_map() {
    local folder='' line name names file found
    declare -A known
    while read -r line; do
        [[ ! $line =~ ^\`(protocol|server|client)/\` ]] ||
            folder=${BASH_REMATCH[1]}
        [[ $line == '|'* && -n $folder ]] || continue
        [[ $line != '| folder'* ]] || break
        names=${line#| }
        names=${names%% |*}
        [[ $names != file && $line != '|-'* ]] || continue
        for name in ${names//,/}; do
            mapfile -t found < <(compgen -G "$folder/$name.[ch]")
            ((${#found[@]} > 0)) ||
                fail "the map has $folder/$name, which is not there"
            for file in "${found[@]}"; do
                known[$file]=yes
            done
        done
    done < <(sed -n '/^## Files/,$p' README.md)
    for file in {protocol,server,client}/*.[ch]; do
        [[ -n ${known[$file]:-} ]] || fail "$file is not in the map of files"
    done
}

check_excuses() {
    local line
    for line in "${!not_here[@]}"; do
        grep -qxF -- "$line" <<<"$(commands)" ||
            fail "left out here but not in the README: $line"
    done
}

export STATE_DIRECTORY=$there/state HOME=$there PATH=$built:$PATH \
    MINICHAT_ADDRESS=$there/minichat.sock TERM=xterm
unset MINICHAT_TOKEN XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR \
    XDG_DATA_HOME XDG_CACHE_HOME
check_map
check_excuses
start_server || exit 1
run_commands
((failures == 0)) || exit 1
echo "readme: all $(commands | wc -l) lines are fine"
