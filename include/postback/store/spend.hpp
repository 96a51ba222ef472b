// SpendEntry: a line of the ledger of spend that became known later.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/click.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace postback {

/// What a campaign cost in a time. Never changed: a correction is another entry, of a negative sum where need be.
struct SpendEntry {
  SnowflakeId id = 0;  ///< Given by the store.
  EntityNumber campaign = 0;
  TimeMs from{};  ///< Inclusive.
  TimeMs to{};    ///< Exclusive.
  Micros amount = 0;
  std::string currency;
  std::string note;
  TimeMs time{};      ///< When it was uploaded.
  std::string actor;  ///< ID of the key.
};

/// Which entries are wanted, the newest first.
struct SpendQuery {
  std::size_t limit = 50;
  SnowflakeId before = 0;        ///< Only entries with a smaller ID; 0: from the newest.
  EntityNumber campaign = 0;     ///< 0: of all.
  std::optional<TimeMs> from{};  ///< Only entries whose time ends after it.
  std::optional<TimeMs> to{};    ///< Only entries whose time begins before it.
};

}  // namespace postback
