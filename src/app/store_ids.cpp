// The generator of IDs from what a store knows of the newest one.
#include "app/store_ids.hpp"

#include "postback/base/log.hpp"

namespace postback {

Result<std::unique_ptr<SnowflakeGenerator>> start_ids(Store& store, const Clock& clock, const StoreIdentity& identity) {
  if (snowflake_time(identity.newest) < clock.wall()) {
    return std::make_unique<SnowflakeGenerator>(clock, identity.node, identity.newest);
  }
  // The newest ID lies ahead of the clock: under a new node number the clock can be followed and nothing repeats.
  const auto reserved = store.reserve_node();
  if (!reserved) return reserved.error();
  spdlog::warn("app.clock_behind_newest_id node={} detail=\"IDs go on under a new node number\"", *reserved);
  return std::make_unique<SnowflakeGenerator>(clock, *reserved, SnowflakeId{0});
}

}  // namespace postback
