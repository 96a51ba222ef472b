# What rules cost a click, on 10,000 campaigns with ten rules and 10,000 without; sourced by scripts/bench.
# Expects: servers.sh, measure.sh, import.sh, $rounds, $seconds, $work, $threads.
# shellcheck shell=bash disable=SC2154

# A catalog of $campaigns campaigns of each kind.
write_flow_catalog() {
  awk -v count="$campaigns" '
    function campaign(id, rules) {
      return "{\"id\":\"" id "\",\"name\":\"" id "\",\"source\":\"adnet\",\"time_zone\":\"Europe/Prague\",\"rules\":[" \
        rules "],\"paths\":[{\"offers\":[{\"offer\":\"vpn\"}]}]}"
    }
    {
      printf "{\"campaigns\":["
      for (i = 0; i < count; ++i) {
        rules = $0
        gsub(/_N_/, i, rules)
        printf "%s%s,%s", (i > 0 ? "," : ""), campaign("plain" i, ""), campaign("ruled" i, rules)
      }
      printf "]}"
    }' <<<"$bench_rules" >"$work/catalog.json"
}

# Clicks on the campaigns whose IDs begin with $1; prints the server's processor time for each, in µs.
time_of_clicks() {
  local before
  before=$(processor_ticks "$server")
  BENCH_PREFIX=$1 run_wrk "$server_url" 64 "$seconds" flow
  ((result_refused == 0)) || fail "clicks on $1 campaigns were refused."
  flow_time=$(awk -v ticks="$(($(processor_ticks "$server") - before))" -v rate="$ticks_per_second" \
    -v requests="$result_requests" 'BEGIN { printf "%.3f", ticks / rate / requests * 1e6 }')
}

compare_flow() {
  local round plain
  write_flow_catalog
  import_catalog >/dev/null
  BENCH_PREFIX=ruled run_wrk "$server_url" 64 2 flow
  for ((round = 1; round <= rounds; ++round)); do
    time_of_clicks plain
    plain=$flow_time
    time_of_clicks ruled
    awk -v round="$round" -v plain="$plain" -v ruled="$flow_time" 'BEGIN {
      printf "round %2d: processor time per click %.2f µs without rules, %.2f µs with ten: %+.1f %%\n", round, plain,
        ruled, (ruled / plain - 1) * 100 }' | tee -a "$work/flow"
  done
  awk '{ print $(NF - 1) }' "$work/flow" | sort -g |
    awk '{ growth[NR] = $1 } END { printf "median: %+.1f %%\n", growth[int((NR + 1) / 2)] }'
}
