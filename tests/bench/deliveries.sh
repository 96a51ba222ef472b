# Outgoing postbacks to 100 servers, 10 of which never answer, beside clicks; sourced by scripts/bench.
# Expects: servers.sh, measure.sh, $rounds, $seconds, $work, $threads.
# shellcheck shell=bash disable=SC2154

good_hosts=90
silent_hosts=10
# Each conversion of a campaign is told to ten destinations, one of which is silent.
bench_campaigns=10
# More than is sent in a second, so that the backlog outlasts the rounds.
expected_rate=32000
receivers=
silent=
silent_end=

stop_receivers() {
  [[ -z $receivers ]] || kill -QUIT "$receivers" 2>/dev/null || true
  [[ -z $receivers ]] || wait "$receivers" 2>/dev/null || true
  receivers=
  [[ -z $silent_end ]] || exec {silent_end}>&-
  silent_end=
  [[ -z $silent ]] || wait "$silent" 2>/dev/null || true
  silent=
}

# nginx on $good_hosts ports: each is a server of its own for postbackd.
start_receivers() {
  local n
  good_ports=()
  mkdir -p "$work/receivers"
  while ((${#good_ports[@]} < good_hosts)); do
    n=$(free_port)
    [[ " ${good_ports[*]} " == *" $n "* ]] || good_ports+=("$n")
  done
  {
    printf '%s\n' "daemon off;" "worker_processes 1;" "pid $work/receivers/pid;" "error_log $work/receivers.log crit;" \
      "events { worker_connections 8192; }" "http {" "access_log off;" "keepalive_requests 1000000000;"
    for n in client_body proxy fastcgi uwsgi scgi; do echo "${n}_temp_path $work/receivers;"; done
    for n in "${good_ports[@]}"; do
      echo "server { listen 127.0.0.1:$n backlog=1024; location / { return 204; } }"
    done
    echo "}"
  } >"$work/receivers/nginx.conf"
  nginx -p "$work/receivers" -e "$work/receivers.log" -c "$work/receivers/nginx.conf" >"$work/receivers.out" 2>&1 &
  receivers=$!
  wait_until_ready "http://127.0.0.1:${good_ports[0]}/" "$receivers"
}

start_silent_ones() {
  local attempt
  mkfifo "$work/silent.end"
  : >"$work/silent.ports"
  build/release/bench_silent_ports "$silent_hosts" <"$work/silent.end" >"$work/silent.ports" &
  silent=$!
  exec {silent_end}>"$work/silent.end"
  for ((attempt = 0; attempt < 100; ++attempt)); do
    mapfile -t silent_ports <"$work/silent.ports"
    ((${#silent_ports[@]} == silent_hosts)) && return
    sleep 0.1
  done
  fail "the silent servers did not start."
}

# Destination $1 at port $2 for campaign $3; $4: active or paused.
put_destination() {
  put "destinations/$1" '{"name":"'"$1"'","profile":"generic","state":"'"$4"'","trigger":"conversion","method":"GET",
    "scope":{"campaigns":["'"$3"'"]},"timeout_s":2,
    "url":"http://127.0.0.1:'"$2"'/in?click={external_id}&id={delivery_id}&payout={payout}&st={status}"}' >/dev/null
}

# All destinations, or only the `silent` ones ($2); $1: the state of these.
put_destinations() {
  local n
  for ((n = 0; n < good_hosts; ++n)); do
    [[ ${2-all} == silent ]] || put_destination "good$n" "${good_ports[n]}" "bench$((n % bench_campaigns))" active
  done
  for ((n = 0; n < silent_hosts; ++n)); do
    put_destination "silent$n" "${silent_ports[n]}" "bench$((n % bench_campaigns))" "$1"
  done
}

# $1: on or off.
start_sending() {
  POSTBACKD_DELIVERY_ENABLED=$1 POSTBACKD_DELIVERY_ALLOW_PRIVATE_NETWORKS=127.0.0.0/8 start_server
}

# Conversions whose deliveries wait: enough for all rounds.
make_backlog() {
  local n conversions=$((rounds * (seconds * 3 + 4) * expected_rate * bench_campaigns / good_hosts))
  start_sending off
  for ((n = 0; n < bench_campaigns; ++n)); do
    put "campaigns/bench$n" '{"name":"Bench","source":"adnet","paths":[{"weight":1,"landers":[],
      "offers":[{"offer":"vpn","weight":1}]}]}' >/dev/null
  done
  put_destinations paused
  echo "Making $conversions conversions with $bench_campaigns deliveries each"
  for ((n = 0; n < bench_campaigns; ++n)); do
    BENCH_CLICK="/c/bench$n?cid=EXT-0123456789abcdef&zone=z9" collect_part "$((conversions / bench_campaigns))"
  done
  convert_all
  stop_server
}

# Exactly $1 click IDs more.
collect_part() {
  rm -f "$work/part_ids"
  collect_ids "$work/part_ids" "$1"
  head -n "$1" "$work/part_ids" >>"$work/ids"
}

# A conversion for each click ID, a thousand in a request.
convert_all() {
  local part answer
  split -l 1000 "$work/ids" "$work/convert."
  for part in "$work"/convert.*; do
    answer=$({ echo click_id,txid; sed 's/$/,T1/' "$part"; } | curl -s -m 60 -o "$work/converted" -w '%{http_code}' \
      -H 'Authorization: Bearer bench' -H 'Content-Type: text/csv' -H 'Expect:' --data-binary @- \
      "$server_url/api/v1/conversions")
    [[ $answer == 200 ]] || fail "conversions were refused: $answer $(head -c 500 "$work/converted")"
    rm "$part"
  done
}

delivered() {
  curl -s -m 10 "$server_url/metrics" |
    awk '$1 == "postbackd_deliveries_total{result=\"delivered\"}" { printf "%d\n", $2 }'
}

# Deliveries a second while "$@" runs.
delivery_rate() {
  local before started
  before=$(delivered)
  started=$(date +%s%N)
  "$@"
  echo $((($(delivered) - before) * 1000000000 / ($(date +%s%N) - started)))
}

# The next run must not wait for the disk to take what the last one wrote, nor begin with a burst of deliveries.
settle() {
  run_wrk "$server_url" 64 2 click
  sync -f "$work"
}

# Round $1: clicks alone; deliveries to the good ones alone; with the silent ones; all of it with clicks.
deliveries_round() {
  local clicks_alone good_alone with_silent beside_clicks before
  start_sending off
  settle
  run_wrk "$server_url" 64 "$seconds" click
  clicks_alone=$(awk -v n="$result_requests" -v t="$result_seconds" 'BEGIN { printf "%d", n / t }')
  put_destinations paused silent
  stop_server
  start_sending on
  sleep 2
  good_alone=$(delivery_rate sleep "$seconds")
  put_destinations active silent
  sleep 2
  with_silent=$(delivery_rate sleep "$seconds")
  settle
  before=$(delivered)
  run_wrk "$server_url" 64 "$seconds" click
  beside_clicks=$(awk -v n="$(($(delivered) - before))" -v t="$result_seconds" 'BEGIN { printf "%d", n / t }')
  (($(metric postbackd_deliveries_pending) > 0)) ||
    fail "the backlog ran dry in round $1; use fewer --seconds."
  awk -v round="$1" -v clicks="$clicks_alone" -v alone="$good_alone" -v silent="$with_silent" \
    -v beside="$beside_clicks" \
    -v n="$result_requests" -v t="$result_seconds" 'BEGIN {
      printf "round %d: clicks/s alone %d, beside deliveries %d: %.2f; deliveries/s to the good ones alone %d, ", round,
        clicks, n / t, n / t / clicks, alone
      printf "with silent ones %d: %.2f; beside clicks %d\n", silent, silent / alone, beside }'
  stop_server
}

compare_deliveries() {
  local round
  start_receivers
  start_silent_ones
  make_backlog
  for ((round = 1; round <= rounds; ++round)); do deliveries_round "$round"; done
  echo "Receivers: nginx, one worker, $good_hosts ports, return 204; $silent_hosts ports that never answer"
}
