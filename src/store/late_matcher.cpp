// Steps through the postbacks that wait.
#include "postback/store/late_matcher.hpp"

#include "postback/base/log.hpp"

#include <utility>

namespace postback {

Result<bool> LateMatcher::step(Reader& reader) {
  const auto waiting = reader.waiting(after_, kStep);
  if (!waiting) return waiting.error();
  std::vector<StoredPostback> rows;
  for (const auto& each : *waiting) {
    const auto click = reader.click_facts(each.click);
    if (!click) return click.error();
    if (!*click) continue;
    LogQuery query;
    query.row = each.postback;
    auto page = reader.postbacks(query);
    if (!page) return page.error();
    for (auto& row : page->rows) rows.push_back(std::move(row));
  }
  if (!rows.empty()) {
    const auto replayed = replayer_.replay(reader, std::move(rows), {.cause = kCausedByLateMatch, .fire = true});
    if (!replayed) return replayed.error();
    std::size_t matched = 0;
    for (const auto& row : *replayed) matched += row.outcome == ReplayedRow::Outcome::changed ? 1 : 0;
    if (matched > 0) spdlog::info("matcher.late_matches postbacks={}", matched);
  }
  if (!waiting->empty()) after_ = waiting->back();
  return waiting->size() == kStep;
}

}  // namespace postback
