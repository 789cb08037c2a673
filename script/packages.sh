# shellcheck shell=bash
# Which Debian packages the house stands on, and how they get here. To be
# sourced; apt is only asked when something is missing.

packages_build=(gcc libc6-dev cmake ninja-build pkg-config libuv1-dev
    libsodium-dev libjansson-dev libsqlite3-dev libinih-dev libutf8proc-dev
    libncurses-dev libssl-dev)
packages_test=(libcmocka-dev libvterm-dev netcat-openbsd ncat socat openssl
    irssi weechat-headless weechat-plugins catgirl ii faketime sqlite3)
packages_lint=(clang libclang-rt-dev llvm clang-format clang-tidy cppcheck
    shellcheck mandoc)
export packages_build packages_test packages_lint

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "$0: to install packages be root, or install sudo" >&2
        return 1
    fi
}

# Of the given packages, those that are not installed.
missing_packages() {
    local package status
    for package; do
        status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>&1) || true
        [[ $status == installed ]] || echo "$package"
    done
}

install_packages() {
    local missing
    if ! command -v apt-get >/dev/null; then
        echo "$0: no apt-get here; needed are: $*" >&2
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    echo "$0: installing ${missing[*]}" >&2
    as_root apt-get update -qq >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
        --no-install-recommends "${missing[@]}" </dev/null >&2
}
