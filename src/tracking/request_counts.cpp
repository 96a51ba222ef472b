// Counting within minutes.
#include "postback/tracking/request_counts.hpp"

#include "postback/base/address_group.hpp"

namespace postback {

void RequestCounts::begin_minute(std::chrono::milliseconds now) {
  if (now < start_ + kMinute) return;
  start_ = now;
  refused_ = others_ = logged_ = 0;
  peers_.clear();
  networks_.clear();
}

std::size_t& RequestCounts::count_of(std::string_view peer) {
  auto group = address_group(peer);
  if (const auto found = peers_.find(group); found != peers_.end()) return found->second;
  if (peers_.size() >= most_peers_) return others_;
  return peers_[std::move(group)];
}

RequestCounts::Refused RequestCounts::note_refused(std::string_view peer, std::chrono::milliseconds now) {
  const std::lock_guard lock(mutex_);
  begin_minute(now);
  auto& of_peer = count_of(peer);
  ++of_peer;
  ++refused_;
  Refused refused;
  if (limits_.unauthenticated_per_peer != 0 && of_peer > limits_.unauthenticated_per_peer) {
    refused.limit = Limit::peer;
  } else if (limits_.unauthenticated_in_all != 0 && refused_ > limits_.unauthenticated_in_all) {
    refused.limit = Limit::all;
  }
  if (refused.limit != Limit::none) refused.wait = start_ + kMinute - now;
  refused.logged = of_peer <= limits_.logged_per_peer && logged_ < limits_.logged_in_all;
  if (refused.logged) ++logged_;
  return refused;
}

std::chrono::milliseconds RequestCounts::note_authenticated(EntityNumber network, std::uint32_t most,
                                                            std::chrono::milliseconds now) {
  const std::lock_guard lock(mutex_);
  begin_minute(now);
  auto& count = networks_[network];
  if (count >= most) return start_ + kMinute - now;
  ++count;
  return std::chrono::milliseconds{0};
}

}  // namespace postback
