// Steps through the postbacks that wait.
#include "postback/store/late_matcher.hpp"

#include "postback/base/log.hpp"

#include <map>
#include <utility>
#include <vector>

namespace postback {
namespace {

/// A row that cannot be matched is told of and passed over: the others must not wait for it.
void report(const std::vector<ReplayedRow>& rows) {
  std::size_t matched = 0;
  for (const auto& row : rows) {
    if (row.outcome == ReplayedRow::Outcome::changed) ++matched;
    if (row.outcome != ReplayedRow::Outcome::refused) continue;
    spdlog::warn(
        "matcher.not_matched postback={} code={} reason={} action=\"passed over; if no click can mend it, it waits no "
        "longer\"",
        row.id, row.code, log_value(row.message));
  }
  if (matched > 0) spdlog::info("matcher.late_matches postbacks={}", matched);
}

}  // namespace

Result<bool> LateMatcher::step(Reader& reader) {
  const auto waiting = reader.waiting(after_, kStep);
  if (!waiting) return waiting.error();
  std::vector<StoredPostback> rows;
  std::map<SnowflakeId, std::vector<EntityNumber>> proved_to;
  for (const auto& each : *waiting) {
    const auto click = reader.click_facts(each.click);
    if (!click) return click.error();
    if (!*click) continue;
    proved_to.emplace(each.postback, each.proved_to);
    LogQuery query;
    query.row = each.postback;
    auto page = reader.postbacks(query);
    if (!page) return page.error();
    for (auto& row : page->rows) rows.push_back(std::move(row));
  }
  if (!rows.empty()) {
    const auto replayed =
        replayer_.replay(reader, std::move(rows), {.cause = kCausedByLateMatch, .fires = true, .waiting = &proved_to});
    if (!replayed) return replayed.error();
    report(*replayed);
  }
  if (!waiting->empty()) after_ = waiting->back();
  return waiting->size() == kStep;
}

}  // namespace postback
