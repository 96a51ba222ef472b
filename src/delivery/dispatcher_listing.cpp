// Deliveries of a destination that is a feed now: they are listed there, and not sent.
#include "dispatcher_work.hpp"
#include "postback/base/log.hpp"
#include "read_fault.hpp"

#include <algorithm>
#include <chrono>

namespace postback::delivery {
namespace {

/// Later than anything is due.
constexpr TimeMs kEver{std::chrono::hours{24 * 365 * 10'000}};

}  // namespace

/// A step of one feed; what is under way is left to its answer. Errors: those of the store; a feed whose rows cannot be
/// read is left alone until something of it changes.
Result<void> Dispatcher::Work::give_listing(const Moment& moment, OutboxItems& items) {
  Lane* const feed = taking ? lanes_.feed_to_list() : nullptr;
  if (feed == nullptr) return {};
  feed->let_go();
  const auto rows = parts_.reader.due_deliveries(feed->destination(), kEver, {}, DeliveryChangeItem::kMost);
  if (!rows && is_of_the_store(rows.error())) return rows.error();
  if (!rows) {
    spdlog::error("delivery.unreadable destination={} detail={} action=\"its deliveries wait; others are sent\"",
                  log_value(feed->document->id), log_value(rows.error().detail));
    feed->set_store_due(std::nullopt);
    return {};
  }
  auto& item = items.listing.emplace();
  item.action = DeliveryChangeItem::Action::list;
  item.now = moment.wall;
  for (const Delivery& delivery : *rows) {
    if (!feed->holds(delivery.id)) item.deliveries.push_back(delivery.id);
  }
  listing_ = {feed->destination(), rows->size() == DeliveryChangeItem::kMost && !item.deliveries.empty()};
  if (!item.deliveries.empty()) return {};
  items.listing.reset();
  feed->set_store_due(std::nullopt);
  return {};
}

/// Whether what was given was committed.
bool Dispatcher::Work::take_listing_back(const OutboxItems& items) {
  if (!items.listing) return true;
  if (items.listing->outcome == ItemOutcome::rejected) {
    spdlog::error("delivery.not_listed destination={} action=\"tried again at the next start\"", listing_.first);
    lanes_.of(listing_.first).set_store_due(std::nullopt);
    return true;
  }
  if (items.listing->outcome != ItemOutcome::committed) return false;
  const auto count = items.listing->changed.size();
  parts_.figures.results[static_cast<std::size_t>(DeliveryState::listed)].add(count);
  pending_ -= std::min<std::uint64_t>(pending_, count);
  const auto& [destination, more] = listing_;
  if (!more) lanes_.of(destination).set_store_due(std::nullopt);
  return true;
}

}  // namespace postback::delivery
