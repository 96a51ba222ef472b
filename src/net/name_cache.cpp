// Keeps and forgets answers.
#include "net/name_cache.hpp"

#include <utility>

namespace postback::net {

std::optional<Resolver::Answer> NameCache::find(const std::string& name, Time now) const {
  const auto found = entries_.find(name);
  if (found == entries_.end() || now >= found->second.until) return std::nullopt;
  return found->second.answer;
}

void NameCache::keep(const std::string& name, Resolver::Answer answer, Time now) {
  const auto until = now + (answer ? settings_.kept : settings_.failure_kept);
  const bool fresh = entries_.insert_or_assign(name, Entry{std::move(answer), until}).second;
  if (fresh) order_.push_back(name);
  if (entries_.size() <= settings_.most_kept) return;
  entries_.erase(order_.front());
  order_.pop_front();
}

}  // namespace postback::net
