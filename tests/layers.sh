#!/bin/bash
# Keeps the rule of direction: compares every #include of the house with
# tests/layers.txt and names each one that breaks it.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

grep -rnoE --include='*.[ch]' '^ *# *include *[<"][^>"]+[>"]' \
    protocol server client | awk '
function pattern(glob) {
    gsub(/[.+]/, "\\\\&", glob)
    gsub(/\*/, ".*", glob)
    return "^" glob "$"
}
function layer_of(file,    i) {
    for (i = 1; i <= names; i++)
        if (file ~ pattern(name[i])) return layer[i]
    return ""
}
function folder(file) { return substr(file, 1, index(file, "/") - 1) }
function complain(what) {
    print where ": " what
    wrong++
}
function check_ours(file, included,    from, to) {
    from = layer_of(file)
    to = layer_of(included)
    if (to == "") complain(included " stands in no layer of tests/layers.txt")
    else if (folder(included) != "protocol" && folder(file) != folder(included))
        complain(folder(file) "/ may not see " included)
    else if (height[to] > height[from])
        complain(from " may not see " included ", which is of " to)
}
function check_foreign(file, included,    i, known) {
    for (i = 1; i <= seers; i++) {
        if (included !~ pattern(foreign[i])) continue
        known = 1
        if (seer[i] == layer_of(file) || file ~ pattern(seer[i])) return
    }
    if (known) complain(file " may not see " included)
}

FILENAME == "tests/layers.txt" && /^[a-z]/ {
    if (!($1 in height)) height[$1] = ++layers
    for (i = 2; i <= NF; i++) { layer[++names] = $1; name[names] = $i }
}
FILENAME == "tests/layers.txt" && /^</ {
    for (i = 2; i <= NF; i++) { foreign[++seers] = $1; seer[seers] = $i }
}
FILENAME == "-" {
    split($0, part, ":")
    where = part[1] ":" part[2]
    file = part[1]
    sub(/\.[ch]$/, "", file)
    included = part[3]
    ours = included ~ /"/
    sub(/^[^<"]*/, "", included)
    looked++
    if (layer_of(file) == "") complain(file " stands in no layer of tests/layers.txt")
    else if (!ours) check_foreign(file, included)
    else {
        gsub(/"|\.h"$/, "", included)
        check_ours(file, included)
    }
}
END {
    if (looked == 0) { print "layers: found no #include at all"; exit 1 }
    if (wrong > 0) { print "layers: " wrong " of " looked " includes go the wrong way"; exit 1 }
    print "layers: all " looked " includes keep their direction"
}' tests/layers.txt -
