# shellcheck shell=bash
# Which Debian packages the house stands on, and how they get here. To be
# sourced; apt is only asked when something is missing.

packages_build=(gcc libc6-dev cmake ninja-build pkg-config libuv1-dev
    libsodium-dev libjansson-dev libsqlite3-dev libinih-dev libutf8proc-dev
    libncurses-dev libssl-dev libseccomp-dev)
packages_test=(libcmocka-dev libvterm-dev netcat-openbsd ncat socat openssl
    irssi weechat-headless weechat-plugins catgirl ii faketime sqlite3 libident
    openssh-client libwrap0 python3-nacl)
packages_lint=(clang libclang-rt-dev lld llvm clang-format clang-tidy cppcheck
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

# unpack_package PACKAGE CACHE FOLDER: its files, not installed, so that no
# server is started by it. The downloaded package stays in CACHE.
unpack_package() {
    local package=$1 cache=$2 folder=$3 found
    mkdir -p "$cache"
    found=$(find "$cache" -name "${package}_*.deb" -print -quit)
    if [[ -z $found ]]; then
        (cd "$cache" && { fetch_package "$package" ||
            { as_root apt-get update -qq && fetch_package "$package"; }; })
        found=$(find "$cache" -name "${package}_*.deb" -print -quit)
    fi
    dpkg -x "$found" "$folder"
}
fetch_package() {
    apt-get download -qq -o APT::Sandbox::User= "$1"
}
