// Copying clicks into the spool and handing them out again.
#include "store/click_spool.hpp"

#include "postback/base/check.hpp"

#include <algorithm>
#include <new>
#include <string_view>

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

bool ClickSpool::add(const Click& click) noexcept try {
  auto entry = std::make_unique<Entry>();
  entry->item.click = click;
  std::size_t length = 0;
  for_each_text(entry->item.click, [&](std::string_view text) { length += text.size(); });
  entry->texts.reserve(length);
  for_each_text(entry->item.click, [&](std::string_view& text) {
    const auto start = entry->texts.size();
    entry->texts += text;
    text = std::string_view(entry->texts).substr(start);
  });
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= most_clicks_ || bytes_ + weight(*entry) > most_bytes_) return false;
  bytes_ += weight(*entry);
  entries_.push_back(std::move(entry));
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

std::vector<Item*> ClickSpool::oldest(std::size_t count) {
  const std::lock_guard lock(mutex_);
  std::vector<Item*> items;
  items.reserve(std::min(count, entries_.size()));
  for (std::size_t i = 0; i < entries_.size() && i < count; ++i) items.push_back(&entries_[i]->item);
  return items;
}

void ClickSpool::drop(std::size_t count) {
  const std::lock_guard lock(mutex_);
  check(count <= entries_.size(), "the spool drops no more than it holds");
  for (std::size_t i = 0; i < count; ++i) bytes_ -= weight(*entries_[i]);
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count));
}

std::size_t ClickSpool::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace postback
