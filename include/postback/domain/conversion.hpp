// Conversion: what a network reported for a click, identified by (click, event, txid), with its current state.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/click_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postback {

enum class ConversionStatus : std::uint8_t { pending = 0, approved = 1, rejected = 2 };
std::string_view to_string(ConversionStatus status);
std::optional<ConversionStatus> parse_conversion_status(std::string_view text);

/// A conversion's current state, as stored and as the matcher changes it. `id` and `number` are given by the store.
struct Conversion {
  SnowflakeId id = 0;  ///< The ID of the postback that created it: time-ordered.
  SnowflakeId click = 0;
  std::uint32_t number = 0;  ///< The n of `<click>-<n>`, from 1 within its click.
  std::string event;         ///< Lower-case slug; `conversion` when the network named none.
  std::string txid;          ///< Empty: the click's single base slot.
  ConversionStatus status = ConversionStatus::approved;
  std::string original_status;  ///< The network's own word, empty if it sent none.
  Micros payout = 0;
  std::optional<Micros> amount;
  std::string currency;
  std::string reason;
  TimeMs time{};               ///< When the visitor converted (the network's word within bounds, else the arrival).
  TimeMs updated{};            ///< Arrival of the postback that changed it last.
  std::uint32_t revision = 0;  ///< Number of the last change, from 1.
  std::uint32_t slot = 0;      ///< Tells conversions of one event without a transaction ID apart, under `new`; else 0.
  std::uint32_t offer = 0;     ///< Number of the offer it belongs to; 0: the click's.
  std::optional<TimeMs> hold_until{};  ///< Held as pending by a rule; the end of time: until somebody decides.
  std::uint64_t request_hash = 0;      ///< Of target and body of the request that changed it last.
  std::string last_said;  ///< What the last postback that changed it said, in canonical form; equal text is a resend.
};

}  // namespace postback
