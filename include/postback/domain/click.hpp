// Click: one visit to a tracking link, as it is recorded.
#pragma once

#include "postback/base/money.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/template.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// The number under which a catalog entity is stored in click rows; never reused. 0 means none.
using EntityNumber = std::uint32_t;

/// A click about to be recorded. All views belong to the request being answered and live until its answer is written.
struct Click {
  ClickId id;
  EntityNumber campaign = 0;
  EntityNumber offer = 0;
  EntityNumber source = 0;
  std::uint32_t path = 0;      ///< Which of the campaign's paths, from 0.
  std::uint64_t revision = 0;  ///< The catalog revision that routed it.
  std::optional<Micros> cost;
  std::string_view cost_currency;
  std::string_view external_id;
  std::string_view external_name;  ///< The parameter it came in, when the source allows several; else empty.
  std::array<std::string_view, kSubIdCount> sub{};
  std::string_view extra;  ///< Parameters that the source does not map, as query text.
  std::string_view ip;
  std::string_view user_agent;
  std::string_view referrer;
  std::string_view language;
  EntityNumber lander = 0;
  std::uint32_t rule = 0;  ///< 0: the campaign's default paths; n: its n-th rule.
  std::string_view country;
  std::string_view region;
  std::string_view city;
  std::string_view device;  ///< Of the user agent, like the next three.
  std::string_view os;
  std::string_view browser;
  bool bot = false;
  std::optional<bool> unique;
  std::string_view tested_headers;  ///< Those that the campaign's rules look at, as `name: value` lines.
};

struct StoredClick;

/// What the matcher needs to know of a stored click.
struct ClickFacts {
  SnowflakeId id = 0;
  EntityNumber campaign = 0;
  /// Whom a new conversion belongs to: the last one its visitor chose on a lander, until settle_offer() has looked at
  /// who calls.
  EntityNumber offer = 0;
  std::uint64_t revision = 0;  ///< The catalog revision that routed it.
  /// The whole row, where the network's rules look at it; may be null.
  std::shared_ptr<const StoredClick> row{};
  /// Every offer it led to, each once: those chosen on a lander, the newest first, then the click's own. Empty: `offer`
  /// is the only one.
  std::vector<EntityNumber> offers{};
};

/// A click as read back from the store.
struct StoredClick {
  SnowflakeId id = 0;
  EntityNumber campaign = 0;
  EntityNumber offer = 0;
  EntityNumber source = 0;
  std::uint32_t path = 0;
  std::uint64_t revision = 0;
  std::optional<Micros> cost;
  std::string cost_currency;
  std::string external_id;
  std::string external_name;
  std::array<std::string, kSubIdCount> sub;
  std::string extra;
  std::string ip;
  std::string user_agent;
  std::string referrer;
  std::string language;
  EntityNumber lander = 0;
  std::uint32_t rule = 0;
  std::string country;
  std::string region;
  std::string city;
  std::string device;
  std::string os;
  std::string browser;
  bool bot = false;
  std::optional<bool> unique;
  std::string tested_headers;
};

}  // namespace postback
