# shellcheck shell=bash
# To be sourced: a machine with a real sshd and a minichatd, set up by the five
# commands of README.md, in a mount namespace of its own: this machine keeps its
# users and its /etc. ada and bob have an account and a key of that name, eve a
# key alone; carol is a Unix user.
# $MINICHAT_BIN is the folder that was built in. Exit status 77: it cannot be
# played here.
set -u
top=$(realpath "$(dirname "$0")/../..")
cd "$top" || exit 1
built=$(realpath "${MINICHAT_BIN:-build}")
skip() {
    echo "${0##*/}: $*"
    exit 77
}

if [[ ${1-} != inside ]]; then
    [[ -x $built/minichat && -x $built/tests/talk_player ]] || skip "not built"
    ((EUID == 0)) || skip "only root can run sshd for others"
    command -v ssh ssh-keygen useradd >/dev/null || skip "no ssh client"
    sshd=$(command -v sshd || echo "$built/peers/openssh-server/usr/sbin/sshd")
    [[ -x $sshd ]] || skip "no sshd"
    unshare --mount --propagation private true 2>/dev/null ||
        skip "no mount namespaces"
    MINICHAT_BIN=$built SSHD=$sshd exec unshare --mount --propagation private \
        "$0" inside
fi

# A machine of its own ------------------------------------------------------
settle() {
    local etc
    etc=$(mktemp -d) && cp -a /etc/. "$etc" || return 1
    mount -t tmpfs -o mode=755 box /etc && cp -a "$etc/." /etc || return 1
    rm -rf "$etc"
    for folder in /run /usr/local /var/lib /home; do
        mount -t tmpfs -o mode=755 box $folder || return 1
    done
}
settle || skip "its own /etc cannot be mounted"
unset STATE_DIRECTORY XDG_STATE_HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME SUDO_USER
export PATH=/usr/local/sbin:/usr/local/bin:$PATH HOME=/home/tester
mkdir -p /run/sshd /usr/local/bin /usr/local/sbin /home/tester
cd /home/tester || exit 1
cp "${SSHD:?}" /usr/local/sbin/sshd
daemons=() failures=0
leave() {
    kill "${daemons[@]}" 2>/dev/null
    wait
}
trap leave EXIT
fail() {
    echo "not so: $*"
    failures=$((failures + 1))
}
until_true() { # COMMAND…: within half a minute
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        "$@" && return 0
        sleep 0.05
    done
    return 1
}

# The commands of README.md, run as they are -----------------------------------
# shellcheck disable=SC2317 # README's commands call them
sudo() { "$@"; }
# shellcheck disable=SC2317
cmake() { # --install build
    install -m 755 "$built/minichatd" /usr/local/sbin/
    install -m 755 "$built/minichat" "$built/minichatctl" /usr/local/bin/
}
of_unit() { # KEY: the last value that is not empty
    cat /etc/systemd/system/minichatd.service \
        /etc/systemd/system/minichatd.service.d/*.conf |
        sed -n "s/^$1=\(..*\)/\1/p" | tail -n 1
}
# shellcheck disable=SC2317
systemctl() {
    [[ $* != "reload ssh" ]] || return 0 # it is started below
    # That port may be another's here.
    sed -i '1i [server]\nlisten = unix:/run/minichat/minichat.sock\nlisten = tcp://127.0.0.1:0' \
        /etc/minichatd.conf
    install -d -m 700 -o minichat /var/lib/minichat
    install -d -m 755 -o minichat /run/minichat
    local start
    read -ra start <<<"$(of_unit ExecStart)"
    RUNTIME_DIRECTORY=/run/minichat STATE_DIRECTORY=/var/lib/minichat \
        setpriv --reuid minichat --regid minichat --clear-groups "${start[@]}" >/run/minichatd.log 2>&1 &
    daemons+=($!)
    until_true grep -qs "listening on tcp" /run/minichatd.log
}
make_key() { # NAME TYPE: in NAME and NAME.pub
    ssh-keygen -q -N '' -C "$1's key" -t "$2" -f "$1"
}
make_key ada ed25519 # as README.md has it
make_key bob ecdsa
make_key eve ed25519
mapfile -t lines < <(sed -n '/^## A chat box from nothing/,/^[`]\{3\}$/p' \
    "$top/README.md" | grep '^sudo ')
((${#lines[@]} == 5)) || fail "README.md has five commands for a chat box"
for line in "${lines[@]}"; do
    line=${line//packaging\//$top/packaging/}
    eval "${line%%  #*}" >/run/said 2>&1 || {
        fail "$line"
        cat /run/said /run/minichatd.log 2>/dev/null
    }
done
sed -i 's/^#contact = .*/contact = at the desk (#lobby)/' /etc/minichatd.conf
minichatctl reload >/run/said || fail "the settings are read again: $(cat /run/said)"
minichatctl ssh-key add bob bob.pub >/run/said || fail "bob has a key"

# sshd, on a free port; its file is Debian's ------------------------------------
useradd --password '*' --create-home --shell /bin/bash carol
install -d -m 700 -o carol /home/carol/.ssh
make_key carol ed25519
install -m 600 -o carol carol.pub /home/carol/.ssh/authorized_keys
id sshd >/dev/null 2>&1 || useradd --system --home-dir /run/sshd sshd
make_key host ed25519
cat >/etc/ssh/sshd_config <<'END'
Include /etc/ssh/sshd_config.d/*.conf
KbdInteractiveAuthentication no
PasswordAuthentication no
AcceptEnv LANG LC_* XDG_* EDITOR TERMINFO MINICHAT_*
END
port=0
listens() { # PORT
    bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null
}
# COMMAND…: it is to listen on $port, one that is free; runs on. Its words are
# in /run/said.
on_a_port() {
    local started
    port=$((20000 + RANDOM % 12000)) # none that connections get by themselves
    ! listens $port || return 1
    eval "$*" >/run/said 2>&1 &
    started=$!
    until_true eval "listens $port || ! kill -0 $started 2>/dev/null"
    kill -0 $started 2>/dev/null && daemons+=("$started")
}
# shellcheck disable=SC2016 # the port is not known yet
until_true on_a_port 'exec /usr/local/sbin/sshd -D -E /run/sshd.log -p $port -h "$PWD/host" -o ListenAddress=127.0.0.1' ||
    fail "sshd does not start"
cat >/etc/ssh/ssh_config <<END
Host box
    HostName 127.0.0.1
    Port $port
    HostKeyAlias box
    IdentitiesOnly yes
    IdentityFile /home/tester/%r
    UserKnownHostsFile /home/tester/known
    StrictHostKeyChecking yes
    BatchMode yes
END
echo "box $(cut -d' ' -f1,2 host.pub)" >known

# shellcheck disable=SC2034 # out and code are for who sources it
as() { # KEY COMMAND…: ssh chat@box with that key; what comes is in $out, $code
    local key=$1
    shift
    # shellcheck disable=SC2029 # that it goes there is the point
    out=$(timeout 60 ssh -i "$key" -o IdentityFile=none chat@box -- "$@" 2>&1)
    code=$?
}
conclude() {
    if ((failures)); then
        tail -n 20 /run/sshd.log /run/minichatd.log
        echo "${0##*/}: $failures not so"
    else
        echo "${0##*/}: all is so"
    fi
    ((failures == 0))
}
