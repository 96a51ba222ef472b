# Reads `shape side round requests/s p50 p99 µs/request` (tabs) and prints medians beside medians of the rounds' ratios.
BEGIN { FS = "\t"; split("requests/s|p50 ms|p99 ms|processor µs/request", title, "|") }
{
  if (!($1 in seen)) { seen[$1] = 1; shapes[++shape_count] = $1 }
  if ($3 > rounds) rounds = $3
  for (i = 1; i <= 4; ++i) value[$1, $2, $3, i] = $(3 + i)
}
function sort_list(list, count,    i, j, held) {
  for (i = 2; i <= count; ++i) {
    held = list[i]
    for (j = i - 1; j >= 1 && list[j] > held; --j) list[j + 1] = list[j]
    list[j + 1] = held
  }
}
function median(list, count) {
  sort_list(list, count)
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}
function median_of(shape, side, figure,    list, r) {
  for (r = 1; r <= rounds; ++r) list[r] = value[shape, side, r, figure]
  return median(list, rounds)
}
function ratio_text(shape, figure,    list, r, below, middle) {
  for (r = 1; r <= rounds; ++r) {
    below = value[shape, "nginx", r, figure]
    if (below + 0 == 0) return "-"
    list[r] = value[shape, "postbackd", r, figure] / below
  }
  middle = median(list, rounds)
  return sprintf("%8.2f  (%.2f to %.2f)", middle, list[1], list[rounds])
}
END {
  printf "%-36s %12s %12s   %s\n", "medians of " rounds " rounds", "nginx", "postbackd", "ratio (least to most)"
  for (s = 1; s <= shape_count; ++s) {
    print shapes[s]
    for (i = 1; i <= 4; ++i) {
      form = i == 1 ? "%12.0f" : "%12.2f"
      printf "  %-34s " form " " form "   %s\n", title[i], median_of(shapes[s], "nginx", i),
        median_of(shapes[s], "postbackd", i), ratio_text(shapes[s], i)
    }
  }
}
