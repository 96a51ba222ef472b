// Destination: where outgoing postbacks go, when, and what they say: compiled from its document when the catalog loads.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/condition.hpp"
#include "postback/domain/outgoing_template.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {

/// What a destination is told of. The numbers are stored.
enum class Trigger : std::uint8_t {
  click = 1,
  impression = 2,
  cta = 3,
  conversion = 4,     ///< Once per conversion: as soon as it meets the condition, at its beginning or later.
  status_change = 5,  ///< Each time an existing conversion gets another status.
};
inline constexpr std::size_t kTriggerCount = 5;
std::string_view to_string(Trigger trigger);
std::optional<Trigger> parse_trigger(std::string_view text);

/// Numbers of the campaigns, offers, networks and sources that it is about, each sorted; an empty list is all of them.
struct DestinationScope {
  std::vector<EntityNumber> campaigns;
  std::vector<EntityNumber> offers;
  std::vector<EntityNumber> networks;
  std::vector<EntityNumber> sources;
  bool everything() const { return campaigns.empty() && offers.empty() && networks.empty() && sources.empty(); }
};

enum class BodyType : std::uint8_t { none, json, form, text };

/// Which answers count as success.
struct ExpectedAnswer {
  std::vector<std::pair<int, int>> statuses{{200, 299}};  ///< Ranges, inclusive.
  std::string body{};                                     ///< Must stand in the answer's first bytes; empty: any.
};

/// When a delivery that failed is tried again; see postback/delivery/retry_plan.hpp.
struct RetrySettings {
  std::chrono::seconds give_up_after{3 * 24 * 3600};  ///< From when it was first due. 0: one try.
  std::chrono::seconds first{10};                     ///< Upper bound of the first pause; doubled with each attempt.
  std::chrono::seconds longest{3600};                 ///< Upper bound of any pause.
};

/// One column of a feed.
struct FeedColumn {
  std::string name;
  OutgoingTemplate value;
  bool required = false;  ///< A conversion without this value has no row.
};

struct Destination {
  EntityNumber number = 0;
  bool archived = false;
  std::string id;
  std::string name;
  std::string profile;  ///< ID of the ready-made one its defaults come from; `generic` for none.
  bool paused = false;  ///< By its document: what it would be told is written down and waits.
  Trigger trigger = Trigger::conversion;
  DestinationScope scope;
  Condition when;                    ///< Over outgoing_fields(); its status, event, reason and payout lists included.
  std::int64_t send = 100'000'000;   ///< Millionths of a percent that are sent; the rest is withheld.
  std::int64_t share = 100'000'000;  ///< Millionths of a percent of the payout that are told.
  std::chrono::seconds delay{0};
  std::string method = "GET";  ///< GET, POST, PUT or PATCH; or FEED: rows of a file that the other side fetches.
  OutgoingTemplate url;        ///< Empty for a feed.
  std::vector<std::pair<std::string, OutgoingTemplate>> headers;
  BodyType body_type = BodyType::none;
  OutgoingTemplate body;
  bool omit_empty = false;  ///< JSON: members that are empty or null are left out.
  ExpectedAnswer expect;
  std::vector<std::string> signing_secrets;  ///< Raw bytes of Standard Webhooks secrets; empty: not signed.
  RetrySettings retry;
  std::chrono::seconds timeout{15};  ///< Of one attempt, in total.
  std::vector<std::string> secrets;  ///< Texts to be masked wherever a rendered request is shown.
  std::string feed_token;            ///< Of a feed: what its fetcher authenticates with.
  std::string feed_start;            ///< Lines that stand before the names of the columns, with their line ends.
  std::vector<FeedColumn> feed_columns;
  /// What the other side calls our statuses and events: {status} and {event} are its words where it has them.
  std::vector<std::pair<std::string, std::string>> words;
  bool reads_postback = false;  ///< Its condition or a template looks at a parameter of the network's request.

  bool is_feed() const { return method == "FEED"; }
  /// Scheme, host and port, as in `https://crm.example:8443`: what shares connections, limits and a circuit breaker.
  std::string_view origin() const { return url.origin(); }
};

}  // namespace postback
