// Planner: turns occurrences into deliveries, a bounded number at a time.
#pragma once

#include "lane.hpp"
#include "past_destinations.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/delivery.hpp"
#include "postback/store/delivery_items.hpp"
#include "postback/store/reader.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postback::delivery {

/// What was read and planned, but for the item that writes it.
struct Plan {
  std::vector<FactsPointer> facts;  ///< Of each delivery of the item.
  bool more = false;                ///< More occurrences are there.
  std::optional<TimeMs> oldest{};   ///< When the first of the occurrences came about.
};

/// Keeps what send percents left over. An occurrence that cannot be read or planned is passed over, so that those
/// behind it are planned, and tried again after a while. Used by one thread.
class Planner {
 public:
  static constexpr std::size_t kMostOccurrences = 500;
  static constexpr std::size_t kMostSetAside = 1'000;

  explicit Planner(Reader& reader) : reader_(reader), past_(reader) {}

  void remember(EntityNumber destination, SendRemainder remainder) { committed_[destination] = remainder; }

  /// Fills an item from the oldest occurrences; one without occurrences has nothing to write. No further occurrence is
  /// taken beyond `budget` deliveries. Errors: the reader's, where it reads nothing; nothing is planned
  /// then. Behind kMostSetAside that are set aside nothing is planned for a while.
  Result<Plan> plan(const Catalog& catalog, TimeMs now, std::size_t budget, PlanItem& item);
  /// The item was committed.
  void committed() { committed_ = planned_; }
  /// The store does not take what follows from this one.
  void set_aside(SnowflakeId occurrence) { set_aside_.insert(occurrence); }

 private:
  Result<FactsPointer> facts_of(const Catalog& destinations, const Occurrence& occurrence);
  Result<void> plan_one(const Catalog& catalog, TimeMs now, const Occurrence& occurrence, PlanItem& item, Plan& plan);
  Result<void> plan_fenced(const Catalog& catalog, TimeMs now, const Occurrence& occurrence, PlanItem& item,
                           Plan& plan);
  Plan finish(Plan plan, PlanItem& item) const;
  void forget_aside(TimeMs now);

  Reader& reader_;
  PastDestinations past_;
  std::unordered_map<EntityNumber, SendRemainder> committed_;
  std::unordered_map<EntityNumber, SendRemainder> planned_;
  std::set<SnowflakeId> set_aside_;  ///< Occurrences.
  TimeMs aside_since_{};
  std::set<std::pair<SnowflakeId, EntityNumber>> told_;  ///< By the item under way: conversions and destinations.
};

}  // namespace postback::delivery
