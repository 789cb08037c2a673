# What each client cost (one JSON object a line, of tests/bench/seat.c) as a
# Markdown table: medians with the least and the greatest.

def rows: [
    ["start", "first_ms", "exec to the first byte, ms"],
    ["start", "screen_ms", "exec to the first complete screen, ms"],
    ["start", "cpu_ms", "CPU until then, ms"],
    ["joined", "join_ms", "exec to the room, ms"],
    ["joined", "rss_kib", "memory when joined, KiB"],
    ["joined", "private_kib", "of it private, KiB"],
    ["burst", "rss_kib", "memory after 10,000 lines more, KiB"],
    ["burst", "cpu_ms", "10,000 lines at once: CPU, ms"],
    ["burst", "bytes", "10,000 lines at once: bytes to the terminal"],
    ["burst", "shown_ms", "10,000 lines at once: until the last is seen, ms"],
    ["paced", "cpu_ms", "100 lines/s for 10 s: CPU, ms"],
    ["paced", "bytes", "100 lines/s for 10 s: bytes to the terminal"],
    ["idle", "wakeups", "idle 10 s: wake-ups"],
    ["idle", "bytes", "idle 10 s: bytes to the terminal"],
    ["stalled", "pong_ms", "terminal not read: PONG after, ms (-1: none)"],
    ["stalled", "bytes", "and then read again: bytes to the terminal"]
];

def median: sort | if length % 2 == 1 then .[length / 2 | floor]
    else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def short: if . < 10 and . > -1 and . != floor then . * 100 | round / 100
    elif . < 1000 and . != floor then . * 10 | round / 10 else round end;
def told: if length == 0 then "none" else
    "\(median | short) (\(min | short)-\(max | short))" end;

. as $all
| ([.[].client] | reduce .[] as $c ([]; if index($c) then . else . + [$c] end))
    as $clients
| "| what | \($clients | join(" | ")) |",
  "|---|\($clients | map("---") | join("|"))|",
  (rows[] as [$scene, $key, $words]
   | "| \($words) | \([$clients[] as $c
        | [$all[] | select(.client == $c and .scene == $scene) | .[$key]
           | select(. != null)] | told] | join(" | ")) |")
