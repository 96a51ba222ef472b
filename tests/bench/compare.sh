# The comparison with nginx and the server's memory; sourced by scripts/bench.
# Expects: servers.sh, measure.sh, $rounds, $seconds, $clicks, $work.
# shellcheck shell=bash disable=SC2154

compare_clicks() {
  local round
  for ((round = 1; round <= rounds; ++round)); do
    measure_round "clicks, 64 keep-alive connections" "$round" 64 "$seconds" click clicks
    measure_round "clicks, 256 keep-alive connections" "$round" 256 "$seconds" click clicks
    BENCH_CLOSE=1 measure_round "clicks, one connection each" "$round" 64 "$seconds" click clicks
    BENCH_RUN=$round measure_round "clicks, 10,000 user agents, 64 conn." "$round" 64 "$seconds" visitors clicks
  done
}

# Postbacks for distinct clicks: a short run tells how many clicks the measured rounds will need.
compare_postbacks() {
  local round per_round
  export BENCH_IDS=$work/ids BENCH_POSTBACK="/postback/acme?token=$token&payout=12.50&currency=USD&event=sale"
  collect_ids "$work/trial" 200000
  BENCH_IDS=$work/trial BENCH_FIRST=0 BENCH_COUNT=200000 run_wrk "$server_url" 64 2 postback
  ((result_exhausted == 0)) || fail "more than 100,000 postbacks a second: the trial needs more clicks."
  count_answers postbacks 64
  # Twice what the trial's rate asks for: a trial that something disturbed must not let a round run dry.
  per_round=$((result_requests / 2 * seconds * 2))
  echo "Making $((per_round * rounds)) clicks for the postbacks"
  collect_ids "$work/ids" $((per_round * rounds))
  export BENCH_COUNT=$per_round
  for ((round = 1; round <= rounds; ++round)); do
    BENCH_FIRST=$(((round - 1) * per_round)) measure_round "postbacks, 64 keep-alive connections" "$round" 64 \
      "$seconds" postback postbacks
  done
}

# Durability of the answers: every batch must have led to at least one fdatasync (or fsync) call.
show_syncs() {
  local tracer before batches calls judgement="as it must be"
  strace -f -c -e trace=fdatasync,fsync -o "$work/strace" -p "$server" 2>"$work/strace.log" &
  tracer=$!
  for ((attempt = 0; attempt < 50; ++attempt)); do
    kill -0 "$tracer" 2>/dev/null || break
    grep -L '^TracerPid:[[:space:]]*[1-9]' /proc/"$server"/task/*/status | grep -q . || break
    sleep 0.1
  done
  if ! kill -0 "$tracer" 2>/dev/null; then
    echo "fdatasync calls: not counted, strace may not attach here: $(head -n 1 "$work/strace.log")"
    return
  fi
  before=$(metric postbackd_batches_total)
  run_wrk "$server_url" 64 3 click
  count_answers clicks 64
  sleep 1
  batches=$(($(metric postbackd_batches_total) - before))
  kill -INT "$tracer"
  wait "$tracer" || true
  calls=$(awk '$NF == "fdatasync" || $NF == "fsync" { total += $4 } END { print total + 0 }' "$work/strace")
  if ((batches == 0 || calls < batches)); then
    judgement="WRONG"
    failed=true
  fi
  echo "durability: $calls fdatasync calls for $batches batches of $result_requests clicks, under strace: $judgement"
}

# $1: what, $2: rows, $3: answers, $4: how many requests may have been under way when wrk stopped counting.
show_rows() {
  local judgement="as it must be"
  if (($2 < $3 || $2 > $3 + $4)); then
    judgement="WRONG"
    failed=true
  fi
  echo "$1: $2 rows in the store for $3 answers (and at most $4 more, under way when a run ended): $judgement"
}

compare_servers() {
  local failed=false
  echo "Request:  GET $BENCH_CLICK"
  echo "          User-Agent: $BENCH_USER_AGENT"
  echo "          Referer: $BENCH_REFERER"
  echo "Driver:   wrk, $threads threads, $rounds rounds of $seconds seconds for each line, nginx and postbackd in turn"
  run_wrk "$nginx_url" 64 2 click
  run_wrk "$server_url" 64 2 click
  count_answers clicks 64
  compare_clicks
  compare_postbacks
  echo
  awk -f tests/bench/medians.awk "$work/rounds.tsv"
  echo
  show_syncs
  stop_server
  show_rows clicks "$(rows_of click)" "$answered_clicks" "$open_clicks"
  show_rows conversions "$(rows_of conversion)" "$answered_postbacks" "$open_postbacks"
  echo "refused answers $refused, socket errors $errors"
  if $failed; then fail "what was answered is not what was stored; see WRONG above."; fi
}

show_memory() {
  local run=0 last=0
  echo "Clicks of different visitors, 64 connections; memory of the server in KiB"
  printf '%12s %12s %12s %12s\n' clicks resident anonymous highest
  while :; do
    if ((run == 0 || answered_clicks - last >= clicks / 10 || answered_clicks >= clicks)); then
      printf '%12d %12d %12d %12d\n' "$answered_clicks" "$(memory_kb VmRSS)" "$(memory_kb RssAnon)" "$(memory_kb VmHWM)"
      last=$answered_clicks
    fi
    ((answered_clicks < clicks)) || break
    run=$((run + 1))
    BENCH_RUN=$run run_wrk "$server_url" 64 2 visitors
    count_answers clicks 64
  done
  echo "refused answers $refused, socket errors $errors"
}
