# The results of a bench run (one JSON object a line) as a Markdown table:
# medians over the rounds, and what minichatd takes for each 1 of a peer.

# What is worth telling of each kind of result, in the order of the table.
def told: [
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

. as $all
| ([.[].server] | unique | sort_by(. != "minichatd", .)) as $servers
| ($servers - ["minichatd"]) as $peers
| (["scenario", "clients", "senders", "what"] + $servers
    + [$peers[] | ": \(.)"]) as $head
| "| \($head | join(" | ")) |",
  "|\($head | map("---") | join("|"))|",
  (told[] as [$scenario, $mode, $name, $words]
  | [$all[] | select(.scenario == $scenario and .mode == $mode and has($name))]
  | group_by([.clients, .senders])[]
  | . as $group
  | ([$servers[] as $server | {key: $server,
        value: [$group[] | select(.server == $server)[$name]]}]
    | from_entries) as $values
  | [$scenario + (if ["closed", "paced"] | index($mode)
        then " " + $mode else "" end),
     $group[0].clients, ($group[0].senders // "-"), $words]
    + [$servers[] | $values[.] | spread]
    + [$peers[] as $peer
        | ratio(($values.minichatd // []) | median; $values[$peer] | median)]
  | map(tostring) | "| \(join(" | ")) |"),
  "",
  ([.[] | select(.ok | not)] | group_by([.server, .scenario, .mode])[]
  | "- \(.[0].server) broke \(.[0].scenario) \(.[0].mode) in \(length) of the"
    + " runs: \(.[0] | del(.server, .scenario, .mode, .ok) | tojson)")
