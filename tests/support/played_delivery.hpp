// PlayedDelivery: a delivery put straight into a running server's store, as if it had been planned and tried.
#pragma once

#include "postback/domain/delivery.hpp"
#include "support/test_server.hpp"

#include <string>

namespace postback::testing {

struct PlayedDelivery {
  EntityNumber destination = 1;  ///< Its number: 1 is the one that was created first.
  DeliveryState state = DeliveryState::failed;
  SnowflakeId click = 0;
  SnowflakeId conversion = 0;           ///< Its first state, where there is one.
  bool tried = false;                   ///< Once, without success.
  std::string reason = "rate_limited";  ///< Of a tried one.
};

/// Stores it, newer than all before; its public ID. Throws when the store refuses.
std::string play_delivery(const TestServer& server, const PlayedDelivery& delivery);

/// The only value of a query of one row and column, as a number.
std::int64_t stored_number(const TestServer& server, const std::string& query);

}  // namespace postback::testing
