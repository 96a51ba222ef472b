# Imports of 10,000 campaigns beside clicks; sourced by scripts/bench.
# Expects: servers.sh, measure.sh, $rounds, $seconds, $work, $threads.
# shellcheck shell=bash disable=SC2154

campaigns=10000

# A catalog export with $campaigns campaigns whose names end in $1.
write_catalog() {
  awk -v count="$campaigns" -v name="$1" 'BEGIN {
    printf "{\"campaigns\":["
    for (i = 0; i < count; ++i)
      printf "%s{\"id\":\"import%05d\",\"name\":\"Campaign %d %s\",\"source\":\"adnet\",\"cost\":{\"model\":\"cpc\"," \
             "\"amount\":\"0.05\",\"currency\":\"USD\"},\"paths\":[{\"weight\":1,\"landers\":[]," \
             "\"offers\":[{\"offer\":\"vpn\",\"weight\":1}]}]}", (i > 0 ? "," : ""), i, i, name
    printf "]}" }' >"$work/catalog.json"
}

# Imports the catalog; prints the seconds until it was answered, which is when it is live.
import_catalog() {
  local answer
  answer=$(curl -s -m 60 -o "$work/imported" -w '%{http_code} %{time_total}' -H 'Authorization: Bearer bench' \
    -H 'Content-Type: application/json' -H 'Expect:' --data-binary "@$work/catalog.json" "$server_url/api/v1/catalog")
  [[ $answer == 200\ * ]] || fail "the import was refused: $answer $(head -c 500 "$work/imported")"
  echo "${answer#200 }"
}

# One round with $2 connections: clicks alone, then clicks with an import in their middle.
import_round() {
  local alone took
  run_wrk "$server_url" "$2" "$seconds" click
  count_answers clicks "$2"
  alone=$result_max
  write_catalog "of round $1 with $2"
  { sleep "$((seconds / 2))"; import_catalog >"$work/took"; } &
  local importing=$!
  run_wrk "$server_url" "$2" "$seconds" click
  wait "$importing" || fail "the import failed in round $1."
  count_answers clicks "$2"
  took=$(<"$work/took")
  printf 'round %2d, %2d connections: import %.3f s; slowest click %.1f ms, without an import %.1f ms\n' \
    "$1" "$2" "$took" "$result_max" "$alone"
}

compare_import() {
  local round
  write_catalog first
  echo "Import of $campaigns new campaigns without load: $(import_catalog) s"
  for ((round = 1; round <= rounds; ++round)); do
    import_round "$round" 4
    import_round "$round" 16
  done
  echo "refused answers $refused, socket errors $errors"
}
