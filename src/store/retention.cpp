// Finds what is old enough and has it forgotten, unless that would be suspiciously much.
#include "postback/store/retention.hpp"

#include "postback/base/log.hpp"
#include "postback/base/time_text.hpp"

#include <algorithm>
#include <array>

namespace postback {

namespace {

constexpr TimeMs kOrigin{std::chrono::milliseconds{kSnowflakeEpochMs}};
constexpr TimeMs kEnd = kOrigin + std::chrono::milliseconds{std::int64_t{1} << 41};

std::string_view name_of(ForgetTable table) {
  constexpr std::array<std::string_view, kForgetTableCount> kNames{"clicks", "postbacks", "deliveries"};
  return kNames.at(static_cast<std::size_t>(table));
}

template <class Row>
Result<SnowflakeId> first_row(const Result<LogPage<Row>>& page) {
  if (!page) return page.error();
  return page->rows.empty() ? SnowflakeId{0} : page->rows.front().id;
}

}  // namespace

Result<bool> Retention::step(Reader& reader) {
  bool more = false;
  std::optional<Error> failure;
  for (const auto table : {ForgetTable::click, ForgetTable::postback, ForgetTable::delivery}) {
    const auto stepped = step_in(reader, table);
    if (!stepped) failure = stepped.error();
    more = more || (stepped && *stepped);
  }
  if (failure) return *failure;
  return more;
}

unsigned Retention::days(ForgetTable table) const {
  switch (table) {
    case ForgetTable::click: return rules_.click_days;
    case ForgetTable::postback: return rules_.postback_days;
    case ForgetTable::delivery: break;
  }
  return rules_.delivery_days;
}

std::atomic<std::uint64_t>& Retention::forgotten(ForgetTable table) {
  switch (table) {
    case ForgetTable::click: return figures_.clicks_forgotten;
    case ForgetTable::postback: return figures_.postbacks_forgotten;
    case ForgetTable::delivery: break;
  }
  return figures_.deliveries_forgotten;
}

/// The oldest row that was not forgotten yet; 0 for none.
Result<SnowflakeId> Retention::oldest_kept(Reader& reader, ForgetTable table) const {
  const auto forgotten_to = reader.forgotten_to(table);
  if (!forgotten_to) return forgotten_to.error();
  LogQuery query;
  query.oldest_first = true;
  query.after = *forgotten_to;
  query.limit = 1;
  if (table == ForgetTable::click) return first_row(reader.clicks(query));
  if (table == ForgetTable::delivery) return first_row(reader.deliveries(query));
  return first_row(reader.postbacks(query));
}

Result<bool> Retention::step_in(Reader& reader, ForgetTable table) {
  const unsigned kept_days = days(table);
  if (kept_days == 0) return false;
  const TimeMs cutoff = clock_.wall() - std::chrono::days{kept_days};
  if (cutoff <= kOrigin || cutoff >= kEnd) return false;
  const auto oldest = oldest_kept(reader, table);
  if (!oldest) return oldest.error();
  const SnowflakeId before = make_snowflake(cutoff, 0, 0);
  if (*oldest == 0 || *oldest >= before) {
    hold_back(table, false, {}, {});
    return false;
  }
  if (goes_too_far(table, snowflake_time(*oldest), cutoff)) return false;
  ItemWaiter::Counted<ForgetItem> item;
  item.table = table;
  item.before = before;
  item.most = rules_.step_rows;
  if (auto done = items_.commit(item); !done) return done.error();
  forgotten(table).fetch_add(item.forgotten, std::memory_order_relaxed);
  return item.more;
}

/// Rows are forgotten as they grow old, so that on an ordinary day only the newest of the old ones are left. Much at
/// once means that the clock jumped, or that retention was just switched on: nobody but the operator knows which.
bool Retention::goes_too_far(ForgetTable table, TimeMs oldest, TimeMs cutoff) {
  const auto kept = std::max(clock_.wall() - oldest, std::chrono::milliseconds{1});
  const bool too_much = (cutoff - oldest).count() * 100 / kept.count() > rules_.most_percent;
  const bool held = too_much && !(rules_.confirmed_before && cutoff <= *rules_.confirmed_before);
  hold_back(table, held, oldest, cutoff);
  return held;
}

void Retention::hold_back(ForgetTable table, bool held, TimeMs oldest, TimeMs cutoff) {
  bool& before = held_[static_cast<std::size_t>(table)];
  if (before == held) return;
  before = held;
  figures_.held_back.fetch_add(held ? 1 : std::uint64_t{0} - 1, std::memory_order_relaxed);
  if (!held) return;
  spdlog::error(
      "retention.held_back table={} oldest={} would_forget_before={} most_percent={} action=\"check the clock; if it "
      "is "
      "right, set retention.confirmed_before to a time after would_forget_before and restart\"",
      name_of(table), format_rfc3339(oldest), format_rfc3339(cutoff), rules_.most_percent);
}

}  // namespace postback
