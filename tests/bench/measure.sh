# One wrk run at a time and the sums of what was answered; sourced by scripts/bench.
# Expects: fail, $threads, $ticks_per_second, $work and servers.sh.
# shellcheck shell=bash disable=SC2154

# Runs wrk for $3 seconds with $2 connections on $1 with script $4; sets result_* and adds to the answers given.
# shellcheck disable=SC2034
run_wrk() {
  local line
  line=$(wrk -t "$threads" -c "$2" -d "$3s" -s "tests/bench/$4.lua" "$1" | grep '^RESULT ') ||
    fail "wrk failed on $1."
  read -r _ result_requests result_seconds result_refused result_errors result_p50 result_p99 result_exhausted \
    result_max <<<"$line"
  ((result_requests > 0)) || fail "no answer from $1 ($result_errors socket errors)."
}

answered_clicks=0
answered_postbacks=0
open_clicks=0
open_postbacks=0
refused=0
errors=0
# Adds the last run on postbackd to the sums of `clicks` or `postbacks`; $2 requests may be under way at its end.
count_answers() {
  local good=$((result_requests - result_refused))
  if [[ $1 == clicks ]]; then
    answered_clicks=$((answered_clicks + good))
    open_clicks=$((open_clicks + $2))
  else
    answered_postbacks=$((answered_postbacks + good))
    open_postbacks=$((open_postbacks + $2))
  fi
  refused=$((refused + result_refused))
  errors=$((errors + result_errors))
}

# One round of shape $1: round $2, $3 connections, $4 seconds, script $5, what it counts as $6; nginx first, then ours.
measure_round() {
  local side url pid before
  for side in nginx postbackd; do
    if [[ $side == nginx ]]; then url=$nginx_url pid=$nginx; else url=$server_url pid=$server; fi
    before=$(processor_ticks "$pid")
    run_wrk "$url" "$3" "$4" "$5"
    awk -v ticks="$(($(processor_ticks "$pid") - before))" -v rate="$ticks_per_second" -v shape="$1" -v side="$side" \
      -v round="$2" -v requests="$result_requests" -v time="$result_seconds" -v p50="$result_p50" -v p99="$result_p99" \
      'BEGIN { OFS = "\t"; print shape, side, round, requests / time, p50, p99, ticks / rate / requests * 1e6 }' \
      >>"$work/rounds.tsv"
    [[ $side == nginx ]] || count_answers "$6" "$3"
  done
  ((result_exhausted == 0)) || fail "the click IDs ran out in round $2; use fewer --seconds."
}

# Clicks until the file $1 holds $2 click IDs, appending.
collect_ids() {
  local file=$1 wanted=$2
  touch "$file"
  while (($(stat -c %s "$file") / 27 < wanted)); do
    rm -f "$work"/part.*
    BENCH_IDS=$work/part run_wrk "$server_url" 128 3 collect
    count_answers clicks 128
    # A line cut short at the end of a run would shift all that follow.
    awk 'length($0) == 26' "$work"/part.* >>"$file"
  done
}
