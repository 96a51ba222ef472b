# Starts and ends nginx and postbackd for scripts/bench and asks them for figures; sourced, not run.
# Expects: fail, $work (a folder on a disk).
# Sets: nginx, server (process IDs), nginx_url, server_url, token, bench_rules.
# shellcheck shell=bash disable=SC2154,SC2034

nginx=
server=

# Ten rules of which no visitor of the bench meets one, so that each looks at all; _N_ is a campaign's number.
rule_conditions=(
  '{"field":"country","op":"in","value":["DE","AT","CH","LI"]}'
  '{"all":[{"field":"country","op":"is","value":"US"},{"field":"device","op":"is","value":"desktop"}]}'
  '{"field":"query.zone","op":"in","value":["a1","a2","a3","a4","a5","b1","b2","b3","b4","n_N_"]}'
  '{"any":[{"field":"os","op":"is","value":"BeOS"},{"field":"browser","op":"is","value":"Lynx"}]}'
  '{"field":"ip","op":"in","value":["192.0.2.0/24","198.51.100.0/24","2001:db8::/32"]}'
  '{"field":"referrer","op":"contains","value":"news_N_.example"}'
  '{"field":"language","op":"matches","value":"^(de|fr|it)\\b"}'
  '{"all":[{"field":"weekday","op":"in","value":["mon","tue","wed","thu","fri","sat","sun"]},
    {"field":"hour","op":"less_than","value":0}]}'
  '{"all":[{"field":"bot","op":"is","value":true},{"field":"visitor","op":"is","value":"returning"}]}'
  '{"field":"query.campaign","op":"is","value":"_N_"}'
)
bench_rules=$(printf ',{"when":%s,"paths":[{"offers":[{"offer":"vpn"}]}]}' "${rule_conditions[@]}")
bench_rules=${bench_rules//$'\n'/}
bench_rules=${bench_rules#,}

free_port() {
  local port
  for ((attempt = 0; attempt < 100; ++attempt)); do
    port=$((20000 + RANDOM % 10000))
    (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# Waits until $1 answers; $2 is the process that should.
wait_until_ready() {
  for ((attempt = 0; attempt < 200; ++attempt)); do
    curl -s -m 2 -o /dev/null -f "$1" && return
    kill -0 "$2" 2>/dev/null || fail "a server ended at its start; see $work/*.log."
    sleep 0.1
  done
  fail "$1 does not answer; see $work/*.log."
}

start_nginx() {
  local port
  port=$(free_port)
  mkdir -p "$work/nginx"
  cat >"$work/nginx/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $work/nginx/pid;
error_log $work/nginx.log crit;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path $work/nginx;
  proxy_temp_path $work/nginx;
  fastcgi_temp_path $work/nginx;
  uwsgi_temp_path $work/nginx;
  scgi_temp_path $work/nginx;
  server {
    listen 127.0.0.1:$port backlog=4096;
    location = /healthz { return 204; }
    location / { return 302 "https://offer.example/lp?aff=42&sub1=01jd5c8q2v0g4t6w8y0a2c4e6g&src=z9"; }
  }
}
END
  nginx -p "$work/nginx" -e "$work/nginx.log" -c "$work/nginx/nginx.conf" >>"$work/nginx.log" 2>&1 &
  nginx=$!
  nginx_url=http://127.0.0.1:$port
  wait_until_ready "$nginx_url/healthz" "$nginx"
}

put() {
  local answer
  answer=$(curl -s -m 10 -w '\n%{http_code}' -X PUT -H 'Authorization: Bearer bench' \
    -H 'Content-Type: application/json' --data "$2" "$server_url/api/v1/$1")
  [[ ${answer##*$'\n'} == 20[01] ]] || fail "the catalog's $1 was refused: $answer"
  printf '%s\n' "$answer"
}

start_server() {
  local port
  port=$(free_port)
  # Fewer than the 10,000 user agents that visitors.lua sends, so that they do not fit.
  POSTBACKD_ADMIN_KEY=bench POSTBACKD_VISITORS_USER_AGENTS=8192 build/release/postbackd serve \
    --listen "127.0.0.1:$port" --store "sqlite://$work/bench.db" >"$work/postbackd.log" 2>&1 &
  server=$!
  server_url=http://127.0.0.1:$port
  wait_until_ready "$server_url/readyz" "$server"
  token=$(put networks/acme '{"name":"Acme","profile":"generic","click_param":"sub1","currency":"USD"}' |
    sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p')
  put offers/vpn '{"name":"VPN","network":"acme","payout":"12.50","currency":"USD",
    "url":"https://offer.example/lp?aff=42&sub1={clickid}&src={sub1}"}' >/dev/null
  put sources/adnet '{"name":"AdNet","params":{"external_id":"cid","sub1":"zone","sub2":"creative"}}' >/dev/null
  put campaigns/bench '{"name":"Bench","source":"adnet","time_zone":"Europe/Prague","rules":['"$bench_rules"'],
    "paths":[{"weight":1,"landers":[],"offers":[{"offer":"vpn","weight":1}]}]}' >/dev/null
}

stop_server() {
  local status=0
  [[ -n $server ]] || return 0
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || status=$?
  server=
  ((status == 0)) || echo "postbackd ended with status $status; see its log." >&2
}

stop_all() {
  [[ -z $nginx ]] || kill -QUIT "$nginx" 2>/dev/null || true
  [[ -z $nginx ]] || wait "$nginx" || true
  nginx=
  stop_server
}

# The processor time that a server has used so far, in clock ticks: all threads; for nginx the master and its worker.
processor_ticks() {
  local pid=$1 stats child
  stats=("/proc/$pid/stat")
  for child in $(<"/proc/$pid/task/$pid/children"); do stats+=("/proc/$child/stat"); done
  awk '{ sub(/.*\) /, ""); total += $12 + $13 } END { print total + 0 }' "${stats[@]}"
}

metric() { curl -s -m 10 "$server_url/metrics" | awk -v name="$1" '$1 == name { printf "%d\n", $2; exit }'; }

memory_kb() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$server/status"; }

rows_of() { sqlite3 -readonly "$work/bench.db" "SELECT count(*) FROM $1"; }
