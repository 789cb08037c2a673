#!/bin/bash
# The manuals are whole: mandoc finds nothing in them, they refer to pages
# that exist, and what the programs say of themselves with --help and /help
# stands there, and nothing else does. $MINICHAT_BIN is the folder that was
# built in. Exit status 77: skipped.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

built=$(realpath "${MINICHAT_BIN:-build}")
failures=0
fail() {
    echo "not so: $*"
    failures=$((failures + 1))
}
for program in minichat minichatctl minichatd; do
    [[ -x $built/$program ]] || {
        echo "manuals: no $built/$program"
        exit 77
    }
done

pages=(man/minichat.1 man/minichatctl.1 man/minichatd.conf.5
    man/minichat-protocol.7 man/minichatd.8)

# Of what mandoc says only that a page is not installed is no fault.
check_form() {
    local faults
    command -v mandoc >/dev/null || {
        echo "left out, there is no mandoc here: the form of the pages"
        return
    }
    faults=$(mandoc -Tlint "${pages[@]}" 2>/dev/null |
        grep -v 'referenced manual not found')
    [[ -z $faults ]] || fail "mandoc -Tlint: $faults"
}

# What a page says is what its source says: no word of a heading is taken for a
# macro, and no quotation ends later than it should.
check_words() {
    local page heading text
    command -v mandoc >/dev/null || return
    for page in "${pages[@]}"; do
        text=$(mandoc -Tutf8 -O width=500 "$page" 2>/dev/null | col -b)
        while read -r heading; do
            grep -qxF "   ${heading#\\&}" <<<"$text" ||
                fail "$page has no heading ${heading#\\&}"
        done < <(sed -n 's/^\.Ss //p' "$page")
        # shellcheck disable=SC1112 # the quotes are what is looked for
        grep -q '‘[^’]*‘' <<<"$text" &&
            fail "$page: $(grep -o '‘[^’]*‘' <<<"$text")"
    done
}

# Pages of ours that others refer to are there.
check_references() {
    local name section
    while read -r name section; do
        [[ -e man/$name.$section ]] || fail "no page $name($section)"
    done < <(sed -n 's/^\.Xr \(minichat[^ ]*\) \([0-9]\).*/\1 \2/p' \
        "${pages[@]}" | sort -u)
}

# The options in a text of --help, and those that a page has: "Fl d" is -d,
# "Fl -days" and what follows "Fl h ," as "-help" have two hyphens. What a
# command of the client takes, as /exec, is no option of a program.
helped() {
    grep -oE '(^|[ ,[|])--?[a-z][a-z-]*' | grep -oE -- '-.*' | sort -u
}
paged() {
    awk '/^\.It /{typed = /^\.It Ic \//} /^\.(El|Sh)/{typed = 0} !typed' "$1" |
        grep -E '(^\.| )Fl ' | grep -oE '(Fl -?|, -)[a-z][a-z-]*' |
        sed 's/^Fl /-/; s/^, /-/' | sort -u
}
all_help() {
    local noun verb
    "$built/$1" --help
    [[ $1 == minichatctl ]] || return
    while read -r noun verb _; do
        "$built/$1" "$noun" "$verb" --help
    done < <("$built/$1" --help | grep -E '^  [a-z]')
}
check_options() {
    local program=$1 page=$2 option completion
    completion=packaging/completions/$program
    for option in $(comm -23 <(all_help "$program" | helped) <(paged "$page"))
    do
        fail "$page does not have $program's $option"
    done
    for option in $(comm -13 <(all_help "$program" | helped) <(paged "$page"))
    do
        fail "$program --help does not have $option of $page"
    done
    for option in $(all_help "$program" | helped); do
        grep -qE -- "(^|[ '\"|(])$option($|[ '\"|)])" "$completion" ||
            fail "$completion does not have $option"
    done
}

# What /help of a server of ours lists for an administrator, without its "= ".
commands() {
    local there server said line=
    there=$(mktemp -d)
    chmod 711 "$there" # the server may be another user than root
    exec {said}< <(exec "$built/minichatd" -d "$there/state" \
        -l "unix:$there/minichat.sock" 2>&1)
    server=$!
    while [[ $line != *'listening on'* ]] && read -t 60 -r line; do
        :
    done <&"$said"
    printf '/help\n' | nc -N -U "$there/minichat.sock" |
        sed -n 's/^= \/\([a-z]*\) .*/\1/p'
    kill "$server"
    wait "$server"
    exec {said}<&-
    rm -rf "$there"
}
check_commands() {
    local page=man/minichat-protocol.7 listed word
    mapfile -t listed < <(commands)
    ((${#listed[@]} > 20)) || fail "/help lists ${#listed[@]} commands"
    for word in "${listed[@]}"; do
        grep -qE "^\.It Ic /$word( |$)" "$page" || fail "$page has no /$word"
    done
    while read -r word; do
        [[ " ${listed[*]} " == *" $word "* ]] ||
            fail "/help does not list /$word of $page"
    done < <(sed -nE 's/^\.It Ic \/([a-z]+).*/\1/p' "$page")
}

# What can be set has in the table of limits the value that it has unset.
check_limits() {
    local page=man/minichat-protocol.7 name most help rows=0
    help=" $("$built/minichatd" --help | tr -s ' \n' ' ') "
    while read -r name most; do
        [[ $help == *" $name=$most "* ]] ||
            fail "$page: $name is not $most without being set"
        rows=$((rows + 1))
    done < <(sed -nE 's/^\.It .* Ta ([0-9]+)( .*)? Ta Cm (.*)$/\3 \1/p' $page)
    ((rows > 10)) || fail "$page has a table of limits"
}

check_form
check_words
check_references
check_options minichat man/minichat.1
check_options minichatctl man/minichatctl.1
check_options minichatd man/minichatd.8
check_commands
check_limits
((failures == 0)) || exit 1
echo "manuals: all pages are fine"
