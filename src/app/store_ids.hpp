// Starting the generator of a store's IDs so that none is given twice.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/snowflake.hpp"
#include "postback/store/store.hpp"

#include <memory>

namespace postback {

/// Goes on behind the newest stored ID, or under a new node number when that lies ahead of the clock. `clock` must
/// outlive the generator. Errors: those of Store::reserve_node.
Result<std::unique_ptr<SnowflakeGenerator>> start_ids(Store& store, const Clock& clock, const StoreIdentity& identity);

}  // namespace postback
