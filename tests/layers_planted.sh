#!/bin/bash
# The keeper of the layers must itself be kept: plants one violation at a time
# in a copy of the house and expects tests/layers.sh to name it.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
wrong=0
cp -r protocol server client tests "$copy"

# planted FILE INCLUDE WORDS: with that include the keeper says WORDS.
planted() {
    local said
    printf '#include %s\n' "$2" >>"$copy/$1"
    if said=$(tests/layers.sh "$copy"); then
        echo "nobody noticed $2 in $1"
        wrong=1
    elif [[ $said != *"$3"* ]]; then
        printf 'for %s in %s it said:\n%s\n' "$2" "$1" "$said"
        wrong=1
    fi
    rm "$copy/$1"
    [[ ! -e $1 ]] || cp "$1" "$copy/$1"
}

planted protocol/text.c '"server/chat.h"' 'protocol/ may not see server/chat'
planted protocol/text.c '<uv.h>' 'protocol/text may not see <uv.h>'
planted server/chat.c '"server/commands.h"' 'chat may not see server/commands'
planted server/chat.c '<sys/socket.h>' 'server/chat may not see <sys/socket.h>'
planted server/commands.c '<uv.h>' 'server/commands may not see <uv.h>'
planted server/main.c '"client/model.h"' 'server/ may not see client/model'
planted client/view.c '<curses.h>' 'client/view may not see <curses.h>'
planted client/model.c '"client/view.h"' 'model may not see client/view'
planted client/main.c '<sodium.h>' 'client/main may not see <sodium.h>'
planted server/gossip.c '<stdio.h>' 'server/gossip stands in no layer'

((wrong == 0)) && echo "layers: every planted violation was named"
exit "$wrong"
