# The results of a bench run (one JSON object a line) as Markdown tables:
# medians over the rounds, and what minichatd takes for each 1 of a peer.

# What is worth telling of each kind of result, in the order of the tables.
def compared: [
    ["fanout", "closed", "cpu_ns", "CPU ns per delivery"],
    ["fanout", "closed", "per_second", "deliveries per second"],
    ["fanout", "closed", "lines_per_read", "lines a client reads at once"],
    ["fanout", "paced", "cpu_ns", "CPU ns per delivery"],
    ["fanout", "paced", "lines_per_read", "lines a client reads at once"],
    ["fanout", "paced", "p50_us", "latency p50, us"],
    ["fanout", "paced", "p99_us", "latency p99, us"],
    ["pairs", "closed", "cpu_ns", "CPU ns per message"],
    ["pairs", "paced", "cpu_ns", "CPU ns per message"],
    ["pairs", "paced", "p99_us", "latency p99, us"],
    ["idle", "connect", "cpu_us", "CPU us per connection"],
    ["idle", "connect", "per_second", "connections per second"],
    ["idle", "idle", "rss_kib", "RSS KiB per connection"],
    ["idle", "idle", "pss_kib", "PSS KiB per connection"],
    ["idle", "idle", "cpu_ms_per_second", "CPU ms per second"],
    ["storm", "join", "cpu_ns", "CPU ns per JOIN line"],
    ["storm", "join", "wall_s", "until all knew of all, s"],
    ["storm", "join", "rss_peak_kib", "RSS peak, KiB"],
    ["storm", "leave", "cpu_us", "CPU us per connection cut off"],
    ["storm", "leave", "wall_s", "until the last heard of all, s"],
    ["slow", "paced", "p99_us", "others' latency p99 before, us"],
    ["slow", "stuck", "p99_us", "others' latency p99 while stuck, us"],
    ["slow", "fate", "dropped", "dropped (1: yes)"],
    ["slow", "fate", "after_s", "dropped after, s"],
    ["slow", "fate", "rss_growth_kib", "RSS growth of the server, KiB"]
];

def durable: [
    ["durable", "disk", "append_p50_us", "p50, us"],
    ["durable", "disk", "sync_p50_us", "p50 where the file is long enough, us"],
    ["durable", "disk", "sync_p99_us", "p99 where the file is long enough, us"],
    ["durable", "one", "over_sync_us", "receipt p50 beyond that p50, us"],
    ["durable", "one", "p50_us", "receipt p50, us"],
    ["durable", "one", "p99_us", "receipt p99, us"],
    ["durable", "one", "p999_us", "receipt p99.9, us"],
    ["durable", "one", "per_second", "lines per second"],
    ["durable", "window", "per_second", "lines per second"],
    ["durable", "window", "cpu_ns", "CPU ns per line"],
    ["durable", "window", "p50_us", "receipt p50, us"],
    ["durable", "window", "p99_us", "receipt p99, us"],
    ["durable", "room", "per_second", "deliveries per second"],
    ["durable", "room", "p50_us", "delivery p50, us"],
    ["durable", "room", "p99_us", "delivery p99, us"]
];

def stored: [
    ["store", "size", "lines", "lines"],
    ["store", "size", "body_bytes", "bytes of text in a line"],
    ["store", "size", "line_bytes", "bytes on disk for a line, not indexed"],
    ["store", "size", "indexed_bytes", "bytes on disk for a line, indexed"],
    ["store", "size", "mib", "MiB on disk"],
    ["start", "exec", "ms", "exec to listening, ms"],
    ["recall", "fresh", "rss_kib", "RSS, KiB"],
    ["recall", "fresh", "anonymous_kib", "RSS without files, KiB"],
    ["recall", "used", "rss_kib", "RSS, KiB"],
    ["recall", "used", "anonymous_kib", "RSS without files, KiB"],
    (("latest", "before", "rare", "usual", "common", "two", "phrase", "from",
        "in") as $mode
    | ["recall", $mode, "p50_us", "p50, us"],
      ["recall", $mode, "p99_us", "p99, us"],
      ["recall", $mode, "cpu_us", "CPU us for an answer"],
      ["recall", $mode, "lines", "lines in an answer, mean"])
];

# The scenario with what was particular about it.
def title: .scenario + ({closed: " closed", paced: " paced",
        disk: ": fdatasync of 4 KiB", one: ", one at a time",
        window: ", 64 under way", room: ", 64 under way, one room"}[.mode]
        // (.scenario + "-" + .mode | {
        "recall-fresh": ": before the first question",
        "recall-used": ": after all of them",
        "recall-latest": ": the latest 100 of a room",
        "recall-before": ": 100 before a moment years ago",
        "recall-rare": ": a word of some dozen lines",
        "recall-usual": ": a word of thousands",
        "recall-common": ": one of the most common words",
        "recall-two": ": two words",
        "recall-phrase": ": two common words as a phrase",
        "recall-from": ": a word by one author",
        "recall-in": ": a common word in a quiet room"}[.])
        // "") + (if .nonces == 1 then ", nonces" else "" end);

def median: sort | if length == 0 then null
    elif length % 2 == 1 then .[length / 2 | floor]
    else (.[length / 2] + .[length / 2 - 1]) / 2 end;

def figure: if . == null then "-"
    elif fabs >= 100 then (. | round | tostring)
    elif fabs >= 1 then (. * 100 | round | . / 100 | tostring)
    else (. * 10000 | round | . / 10000 | tostring) end;

# "median (least-most)", of one round the figure alone.
def spread: if length == 0 then "-" elif length == 1 then .[0] | figure
    else "\(median | figure) (\(min | figure)-\(max | figure))" end;

def ratio($a; $b): if $a == null or $b == null or $b <= 0 then "-"
    else $a / $b * 100 | round | . / 100 | tostring end;

def is_peer: startswith("minichatd") | not;

# One table of these results; where there are peers, with ratios.
def table($told):
    . as $all
    | ([.[].server] | unique | sort_by(is_peer, .)) as $servers
    | [$servers[] | select(is_peer)] as $peers
    | [($servers[] | select(is_peer | not)) as $ours | $peers[] | [$ours, .]]
        as $pairs
    | (["scenario", "clients", "senders", "what"] + $servers
        + [$pairs[] | "\(.[0]) : \(.[1])"]) as $head
    | if $all == [] then empty else
      "| \($head | join(" | ")) |",
      "|\($head | map("---") | join("|"))|",
      ($told[] as [$scenario, $mode, $name, $words]
      | [$all[] | select(.scenario == $scenario and .mode == $mode
            and has($name))]
      | group_by([.clients, .senders, .nonces])[]
      | . as $group
      | ([$servers[] as $server | {key: $server,
            value: [$group[] | select(.server == $server)[$name]]}]
        | from_entries) as $values
      | [($group[0] | title), $group[0].clients // "-",
         $group[0].senders // "-", $words]
        + [$servers[] | $values[.] | spread]
        + [$pairs[] | ratio($values[.[0]] | median; $values[.[1]] | median)]
      | map(tostring) | "| \(join(" | ")) |"),
      ""
      end;

([.[] | select(.scenario | IN(compared[][0]))] | table(compared)),
([.[] | select(.scenario == "durable")] | table(durable)),
([.[] | select(.scenario | IN("store", "start", "recall"))
    | .server += ({cold: ", from the disk", warm: ", in memory"}[.cache // ""]
        // "")] | table(stored)),
([.[] | select(.ok | not)] | group_by([.server, .scenario, .mode])[]
| "- \(.[0].server) broke \(.[0].scenario) \(.[0].mode) in \(length) of the"
    + " runs: \(.[0] | del(.server, .scenario, .mode, .ok) | tojson)")
