#!/bin/bash
# BEHAVIOURS.md is true as far as a machine can tell: all thirty are there, in
# order, each with a test, and every file that is named exists; and what
# attacks/README.md names does.
set -euo pipefail
cd "$(dirname "$0")"

failures=0
fail() {
    echo "not so: $*"
    failures=$((failures + 1))
}

numbers=$(sed -nE 's/^\| ([0-9]+) \|.*/\1/p' BEHAVIOURS.md)
[[ $numbers == "$(seq 30)" ]] || fail "the numbers are not 1 to 30:" "${numbers//$'\n'/ }"

rows=0
while IFS='|' read -r _ name _ tests _; do
    rows=$((rows + 1))
    # shellcheck disable=SC2016 # the backquotes are of the table
    mapfile -t named < <(grep -oE '`[^`]+`' <<<"$tests" | tr -d '`')
    ((${#named[@]} > 0)) || fail "$name has no test"
    for file in "${named[@]}"; do
        [[ -s $file ]] || fail "$name: there is no tests/$file"
    done
done < <(grep -E '^\| ([0-9]+|[A-Za-z]+) \|' BEHAVIOURS.md | grep -vE '^\| (no\.|of) ')

((rows == 34)) || fail "there are $rows of 34"

# attacks/README.md names files, floods, and words of files.
# shellcheck disable=SC2016 # the backquotes are of the table
while read -r name; do
    case $name in
        attacks\ *)
            grep -qF ".name = \"${name#attacks }\"" attacks/floods.c ||
                fail "there is no flood ${name#attacks }"
            ;;
        *) grep -qsF -- "${name#*#}" "${name%%#*}" ||
            [[ $name != *'#'* && -s $name ]] || fail "there is no tests/$name" ;;
    esac
done < <(sed -nE 's/^\| [^|]* \| (`.*) \|$/\1/p' attacks/README.md | grep -oE '`[^`]+`' | tr -d '`')
((failures == 0)) || exit 1
echo "behaviours: all $rows have their tests"
