#!/bin/bash
# script/bench --attacks: how long it takes until those inside have their own
# line back, for 99 of 100 lines, without and with each flood, in one run of one
# server with its usual limits (tests/attacks/attacks.c). Medians over the
# rounds; the ratio is to be at most 3.
set -euo pipefail
cd "$(dirname "$0")/../.."
source script/packages.sh

command_line="script/bench --attacks $*"
revision=$(git describe --always --dirty)
rounds=${ROUNDS:-5}
seconds=2
durability=power
record=no
floods=()

usage() {
    echo "usage: script/bench --attacks [--quick] [--rounds N] [--record]" \
        "[--durability D] [FLOOD...]" >&2
    exit 1
}
while (($# > 0)); do
    case $1 in
    --quick) rounds=3 seconds=1 ;;
    --rounds) rounds=${2:?} && shift ;;
    --record) record=yes ;;
    --durability) durability=${2:?} && shift ;;
    -*) usage ;;
    *) floods+=("$1") ;;
    esac
    shift
done

build() {
    [[ -e build/build.ninja ]] || cmake -S . -B build -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DMINICHAT_TESTS=OFF
    cmake --build build --target minichatd minichatctl attacks
}

# A row for each flood: of the rounds' figures the middle ones.
summary() {
    echo "| flood | what | connections a second | CPU of the server for each," \
        "us | p99 quiet, us | p99 under it, us | ratio |"
    echo "|---|---|---|---|---|---|---|"
    awk -F ' *[|] *' '
        function middle(list, n, a, i, j, t) {
            n = split(list, a, " ")
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && a[j] + 0 < a[j - 1] + 0; j--) {
                    t = a[j]; a[j] = a[j - 1]; a[j - 1] = t
                }
            return a[int((n + 1) / 2)]
        }
        NF < 8 { print > "/dev/stderr"; next }
        !($2 in what) { order[++count] = $2 }
        { what[$2] = $3 " | " $4; cost[$2] = cost[$2] " " $5 }
        { quiet[$2] = quiet[$2] " " $6; under[$2] = under[$2] " " $7 }
        { ratio[$2] = ratio[$2] " " $8 }
        END {
            for (i = 1; i <= count; i++) {
                f = order[i]
                printf "| %s | %s | %s | %s | %s | %s |\n", f, what[f],
                    middle(cost[f]), middle(quiet[f]), middle(under[f]),
                    middle(ratio[f])
            }
        }' "$results"
}
write_record() {
    echo
    echo "## $(date -u +%Y-%m-%d), $revision: attacks"
    echo
    echo "\`$command_line\`: medians of $rounds rounds of $seconds s," \
        "$(nproc) processors, Linux $(uname -r | cut -d. -f1,2), load average" \
        "$(cut -d' ' -f1 /proc/loadavg). Four talk, 400 lines a second in all;" \
        "durability \`$durability\`. Attacker, server and talkers share the" \
        "processors, and the attacker is as near as the talkers" \
        "${first[*]:+(who have precedence: ${first[*]})}."
    echo
    summary
}

# What else the machine does is not to be measured, where we may say so; the
# attacker takes what is left.
first=()
! chrt -r 5 true 2>/dev/null || first=(chrt -r 5)

run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
results=$run/attacks
status=0
install_packages "${packages_build[@]}"
build >&2
for ((round = 1; round <= rounds; round++)); do
    MINICHAT_BIN=$PWD/build "${first[@]}" build/tests/attacks --bench --seconds "$seconds" \
        --durability "$durability" \
        "${floods[@]}" >>"$results" || status=1
done
summary
[[ $record == no ]] || write_record >>tests/bench/RESULTS.md
exit "$status"
