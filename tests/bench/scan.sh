# Searches through a large log beside clicks; sourced by scripts/bench.
# Expects: servers.sh, measure.sh, $rounds, $seconds, $clicks, $work, $threads.
# shellcheck shell=bash disable=SC2154

# A filter that no row passes, so that every page is searched for as long as its budget lasts.
never="/api/v1/clicks?external_id=never"

# Prints what a search for $1 seconds measured (0: once to the end).
search() { build/release/bench_page_search "${server_url##*:}" bench "$never" "$1"; }

click_rate() {
  run_wrk "$server_url" 64 "$seconds" click
  count_answers clicks 64
  awk -v requests="$result_requests" -v time="$result_seconds" 'BEGIN { printf "%.0f\n", requests / time }' \
    >"$work/rate"
}

# One round: clicks alone and beside a search, in turns of order, so that what else happens meets both.
scan_round() {
  local side alone beside sides="alone beside" searching
  if (($1 % 2 == 0)); then sides="beside alone"; fi
  for side in $sides; do
    if [[ $side == beside ]]; then
      search "$((seconds + 1))" >"$work/search" &
      searching=$!
      click_rate
      wait "$searching" || fail "the search failed in round $1."
      beside=$(<"$work/rate")
    else
      click_rate
      alone=$(<"$work/rate")
    fi
  done
  awk -v round="$1" -v alone="$alone" -v beside="$beside" \
    'BEGIN { printf "%d\t%d\t%d\t%.3f\n", round, alone, beside, beside / alone }' >>"$work/scan.tsv"
  printf 'round %2d: clicks/s alone %d, beside the search %d; %s\n' "$1" "$alone" "$beside" "$(<"$work/search")"
}

compare_scan() {
  local round
  echo "Rows:     $(rows_of click) clicks; filter $never"
  echo "Without load, once to the end: $(search 0)"
  run_wrk "$server_url" 64 2 click
  count_answers clicks 64
  for ((round = 1; round <= rounds; ++round)); do scan_round "$round"; done
  sort -n -k4 "$work/scan.tsv" | awk -F'\t' '{ ratio[NR] = $4 }
    END { printf "clicks beside the search, ratio to clicks alone: median %.3f (%.3f to %.3f)\n",
          NR % 2 ? ratio[(NR + 1) / 2] : (ratio[NR / 2] + ratio[NR / 2 + 1]) / 2, ratio[1], ratio[NR] }'
  echo "Without load again: $(search 0)"
  echo "refused answers $refused, socket errors $errors"
}
