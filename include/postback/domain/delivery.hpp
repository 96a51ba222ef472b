// Delivery: one outgoing postback with its attempts; and the occurrence that it tells of.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/destination.hpp"
#include "postback/domain/snowflake.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Something that destinations may be told of. Written in the transaction of what it speaks of, and removed in the one
/// that writes its deliveries: so a crash between them loses none and doubles none.
struct Occurrence {
  SnowflakeId id = 0;
  Trigger kind = Trigger::conversion;  ///< `conversion`: it began; `status_change`: its status is another one now.
  TimeMs time{};
  SnowflakeId click = 0;                  ///< 0 for impressions.
  SnowflakeId conversion = 0;             ///< Of conversions and their changes, else 0.
  std::uint32_t conversion_revision = 0;  ///< The state that is told.
  std::uint32_t cta = 0;                  ///< Of CTAs: the how-manieth of its click.
  EntityNumber campaign = 0;              ///< Of impressions.
  std::string detail{};                   ///< Of impressions: what is stored nowhere else; see impression_detail.hpp.
  std::uint64_t revision = 0;             ///< Of the catalog when it was stored; 0: stored by an earlier version.
};

/// The numbers are stored.
enum class DeliveryState : std::uint8_t {
  pending = 0,    ///< Waits for its (next) attempt.
  delivered = 1,  ///< The other side answered as expected.
  failed = 2,     ///< Given up.
  withheld = 3,   ///< Left out by the destination's send percent.
  cancelled = 4,  ///< By an operator.
  listed = 5,     ///< Stands in the destination's feed.
};
std::string_view to_string(DeliveryState state);
std::optional<DeliveryState> parse_delivery_state(std::string_view text);

/// A delivery as it is stored.
struct Delivery {
  SnowflakeId id = 0;  ///< Given by the store. Its public form is the idempotency key.
  EntityNumber destination = 0;
  Trigger trigger = Trigger::conversion;
  SnowflakeId click = 0;
  SnowflakeId conversion = 0;
  std::uint32_t conversion_number = 0;
  std::uint32_t conversion_revision = 0;
  std::uint32_t cta = 0;
  EntityNumber campaign = 0;
  std::string detail{};  ///< Of impressions: the occurrence's.
  DeliveryState state = DeliveryState::pending;
  std::uint32_t attempts = 0;
  TimeMs occurred{};  ///< When what it tells of happened.
  TimeMs created{};
  TimeMs retry_from{};  ///< When it was first due, or somebody had it tried again: give_up_after counts from here.
  std::optional<TimeMs> due{};       ///< Of a pending one: the next attempt.
  std::optional<TimeMs> finished{};  ///< When it got its final state.
  int http_status = 0;               ///< Of the last attempt's answer; 0: none.
  std::string reason{};              ///< Of the last attempt: to_string(AttemptReason), or why it was cancelled.
  SnowflakeId resend_of = 0;         ///< The delivery that somebody had sent once more by this one.
};

/// Why an attempt ended as it did. The names are stored and shown.
enum class AttemptReason : std::uint8_t {
  delivered,
  wrong_status,           ///< Another one than expected; 4xx and 5xx.
  wrong_body,             ///< The expected text does not stand in the answer.
  redirect_not_followed,  ///< 3xx.
  gone,                   ///< 410: pauses the destination.
  rate_limited,           ///< 429, 503 and the like: slow down.
  connect_failed,
  connect_timeout,
  timeout,           ///< No whole answer in time.
  reset,             ///< The connection broke before the answer was read.
  answer_too_large,  ///< More than is read of an answer.
  tls_failed,        ///< Certificate, host name or protocol; nothing was sent.
  name_not_resolved,
  blocked_address,  ///< Private, loopback and the like: permanent.
  invalid_request,  ///< What the template rendered cannot be sent: permanent.
  no_facts,         ///< Click or conversion is no longer known: permanent.
};
std::string_view to_string(AttemptReason reason);

/// One attempt as it is stored.
struct DeliveryAttempt {
  SnowflakeId delivery = 0;
  std::uint32_t number = 0;  ///< From 1.
  TimeMs time{};             ///< When it began.
  std::chrono::milliseconds duration{0};
  int http_status = 0;  ///< 0: no answer.
  AttemptReason reason = AttemptReason::delivered;
  std::string error{};    ///< In words; empty when delivered.
  std::string answer{};   ///< The first bytes of the answer's body, at most kAnswerKept; a stranger's text.
  std::string request{};  ///< Method and URL, secrets masked.
  std::string address{};  ///< Connected to; may be empty.
};
inline constexpr std::size_t kAnswerKept = 1024;

/// The parts of a network's request that {postback.NAME} reads.
struct PostbackText {
  std::string target;
  std::string content_type;
  std::string body;
};

/// All that a delivery may speak of.
struct DeliveryFacts {
  std::optional<StoredClick> click;
  std::optional<Conversion> conversion;  ///< As its revision left it.
  EntityNumber offer = 0;                ///< The conversion's, else the CTA's, else the click's.
  std::optional<PostbackText> postback;  ///< Only where it was asked for.
};

/// How many percents were left over by what was sent and withheld so far, in millionths: the remainder of the error
/// diffusion of one destination.
using SendRemainder = std::int64_t;

}  // namespace postback
