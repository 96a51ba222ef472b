// A click that a server gave out and whose row it has not, as after a crash with the spool in memory.
#pragma once

#include "postback/domain/click_id.hpp"
#include "postback/domain/snowflake.hpp"
#include "support/other_connection.hpp"
#include "support/test_server.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <string>

namespace postback::testing {

/// When every lost click was given out.
constexpr TimeMs kLostAt{std::chrono::milliseconds{1'750'000'000'000}};

/// Signed with the key in the server's store; `number` tells several apart.
inline ClickId lost_click(const TestServer& server, unsigned number = 7) {
  const auto bytes = OtherConnection(server.store_file()).rows("SELECT bytes FROM click_id_key").at(0).at(0);
  ClickIdKeys::Key key{};
  std::ranges::copy_n(bytes.begin(), key.bytes.size(), key.bytes.begin());
  return ClickIdKeys({key}).sign(make_snowflake(kLostAt, 1, number));
}

/// A row for POST /api/v1/clicks/import that brings `lost` back.
inline nlohmann::json import_row(const ClickId& lost) {
  return {{"foreign_id", to_string(lost)}, {"campaign", "summer"}, {"time", "2025-06-15T15:06:40Z"}};
}

}  // namespace postback::testing
