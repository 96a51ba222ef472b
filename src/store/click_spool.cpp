// Copying visits into the spool and handing them out again.
#include "store/click_spool.hpp"

#include "domain/click_copy.hpp"
#include "postback/base/check.hpp"

#include <algorithm>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace postback {

namespace {

/// Calls `visit` with every text of a click.
template <class Visit>
void for_each_text(Click& click, Visit visit) {
  for (auto* text : {&click.cost_currency, &click.external_id, &click.external_name, &click.extra, &click.ip,
                     &click.user_agent, &click.referrer, &click.language, &click.country, &click.region, &click.city,
                     &click.device, &click.os, &click.browser, &click.tested_headers})
    visit(*text);
  for (auto& text : click.sub) visit(text);
}

}  // namespace

ClickSpool::Entry ClickSpool::copied(const ClickItem& click) {
  auto item = std::make_unique<SpooledClick>();
  item->click = click.click;
  item->told = click.told;
  std::size_t length = 0;
  for_each_text(item->click, [&](std::string_view text) { length += text.size(); });
  // On the heap even when short: a view must stay right when the entry is moved.
  Entry entry{.item = nullptr};
  entry.texts.reserve(std::max(length, sizeof(std::string)));
  for_each_text(item->click, [&](std::string_view& text) {
    const auto start = entry.texts.size();
    entry.texts += text;
    text = std::string_view(entry.texts).substr(start);
  });
  entry.weight = sizeof(Entry) + sizeof *item + entry.texts.capacity();
  entry.item = std::move(item);
  return entry;
}

template <class Kind>
ClickSpool::Entry ClickSpool::copied(const Item& item) {
  const auto& visit = static_cast<const Kind&>(item);
  auto copy = std::make_unique<Spooled<Kind>>();
  std::size_t texts = 0;
  copy->told = visit.told;
  if constexpr (std::is_same_v<Kind, CtaItem>) {
    copy->cta = visit.cta;
  } else {
    copy->impressions = visit.impressions;
    copy->told_time = visit.told_time;
    if (visit.told) copy->told_detail = visit.told_detail;
    texts = copy->told_detail.capacity();
  }
  return {.item = std::move(copy), .weight = sizeof(Entry) + sizeof(Spooled<Kind>) + texts};
}

ClickSpool::Entry ClickSpool::copied(const Item& visit) {
  check(is_visit(visit.kind), "only what visitors do is spooled");
  if (visit.kind == ItemKind::click) return copied(static_cast<const ClickItem&>(visit));
  return visit.kind == ItemKind::cta ? copied<CtaItem>(visit) : copied<ImpressionItem>(visit);
}

bool ClickSpool::is_half_full(const Entry& next) const {
  return entries_.size() >= most_clicks_ / 2 || bytes_ + next.weight > most_bytes_ / 2;
}

bool ClickSpool::count_with_others(const Impressions& impressions) {
  for (ImpressionItem* item : open_) {
    if (!item->impressions.is_summed_with(impressions)) continue;
    item->impressions.count += impressions.count;
    return true;
  }
  return false;
}

bool ClickSpool::add(const Item& visit) noexcept try {
  auto entry = copied(visit);
  const std::lock_guard lock(mutex_);
  auto* const impression =
      visit.kind == ItemKind::impression ? static_cast<ImpressionItem*>(entry.item.get()) : nullptr;
  if (impression != nullptr && impression->told && is_half_full(entry)) {
    impression->told = false;
    entry.weight -= std::exchange(impression->told_detail, {}).capacity();
  }
  const bool counted = impression != nullptr && !impression->told;
  if (counted && count_with_others(impression->impressions)) return true;
  if (entries_.size() >= most_clicks_ || bytes_ + entry.weight > most_bytes_) return false;
  if (counted) open_.push_back(impression);
  bytes_ += entry.weight;
  entries_.push_back(std::move(entry));
  if (visit.kind == ItemKind::click) clicks_.insert(static_cast<SpooledClick&>(*entries_.back().item));
  length_.store(entries_.size());
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

std::vector<Item*> ClickSpool::oldest(std::size_t count) {
  const std::lock_guard lock(mutex_);
  open_.clear();  // What is handed out is read without the lock from now on.
  std::vector<Item*> items;
  items.reserve(std::min(count, entries_.size()));
  for (std::size_t i = 0; i < entries_.size() && i < count; ++i) items.push_back(entries_[i].item.get());
  return items;
}

void ClickSpool::drop(std::size_t count) {
  const std::lock_guard lock(mutex_);
  check(count <= entries_.size(), "the spool drops no more than it holds");
  for (std::size_t i = 0; i < count; ++i) bytes_ -= entries_[i].weight;
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count));
  length_.store(entries_.size());
}

std::optional<StoredClick> ClickSpool::find(SnowflakeId id) const {
  if (size() == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto found = clicks_.find(id);
  return found == clicks_.end() ? std::nullopt : std::optional(stored_copy(found->click));
}

}  // namespace postback
