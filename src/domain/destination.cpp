// Names of triggers, of the states of deliveries, and of the ends of attempts.
#include "postback/domain/destination.hpp"

#include "postback/domain/delivery.hpp"

#include <algorithm>
#include <array>

namespace postback {
namespace {

using namespace std::string_view_literals;

/// In the order of Trigger, which starts at 1.
constexpr std::array kTriggers{"click"sv, "impression"sv, "cta"sv, "conversion"sv, "status_change"sv};
static_assert(kTriggers.size() == kTriggerCount);

constexpr std::array kStates{"pending"sv, "delivered"sv, "failed"sv, "withheld"sv, "cancelled"sv, "listed"sv};

/// In the order of AttemptReason.
constexpr std::array kReasons{"delivered"sv,
                              "wrong_status"sv,
                              "wrong_body"sv,
                              "redirect_not_followed"sv,
                              "gone"sv,
                              "rate_limited"sv,
                              "connect_failed"sv,
                              "connect_timeout"sv,
                              "timeout"sv,
                              "reset"sv,
                              "answer_too_large"sv,
                              "tls_failed"sv,
                              "name_not_resolved"sv,
                              "blocked_address"sv,
                              "invalid_request"sv,
                              "no_facts"sv};

template <class T, std::size_t N>
std::optional<T> parse(const std::array<std::string_view, N>& names, std::string_view text, std::size_t first) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<T>(static_cast<std::size_t>(found - names.begin()) + first);
}

}  // namespace

std::string_view to_string(Trigger trigger) { return kTriggers.at(static_cast<std::size_t>(trigger) - 1); }
std::optional<Trigger> parse_trigger(std::string_view text) { return parse<Trigger>(kTriggers, text, 1); }

std::string_view to_string(DeliveryState state) { return kStates.at(static_cast<std::size_t>(state)); }
std::optional<DeliveryState> parse_delivery_state(std::string_view text) {
  return parse<DeliveryState>(kStates, text, 0);
}

std::string_view to_string(AttemptReason reason) { return kReasons.at(static_cast<std::size_t>(reason)); }

}  // namespace postback
