// Postback: an incoming request of a network, as bytes; Reading: what it says, as far as the catalog alone can tell.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/money.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/verdict.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// A request to /postback/{network}[/{event}]. All views belong to the request being answered.
struct Postback {
  std::string_view method;   ///< `GET` or `POST`.
  std::string_view target;   ///< Origin form, as it arrived.
  std::string_view query;    ///< Part of target after `?`, undecoded.
  std::string_view network;  ///< First path segment after /postback/, decoded.
  std::string_view event;    ///< Second one, decoded; empty if absent.
  std::string_view content_type;
  std::string_view headers;  ///< The header block as it arrived.
  std::string_view body;
  bool body_too_large = false;  ///< The body exceeded its limit and was not kept.
  std::string_view peer;        ///< Address of the caller.
  TimeMs arrival{};
};

/// Longest body of a postback, in bytes.
inline constexpr std::size_t kLongestPostbackBody = 64 * 1024;

/// Fills `network` and `event` from what follows /postback/, `network[/event]`, each segment decoded on its own. An
/// empty event, as behind a trailing slash, is none; a path with more than that is no network's name.
void read_postback_path(std::string_view path, std::string& network, std::string& event);

/// How the request authenticated: for the log.
enum class Authentication : std::uint8_t { none, token, open };
std::string_view to_string(Authentication authentication);

/// What a postback says. Owns its texts; holds the catalog it was read with.
struct Reading {
  std::shared_ptr<const Catalog> catalog;
  const Network* network = nullptr;
  TimeMs arrival{};
  Authentication authentication = Authentication::none;
  bool test = false;

  /// Set when the request is refused whatever the store holds.
  std::optional<Verdict> refusal;

  ClickId click_id;   ///< Valid and ours when `refusal` is empty (0 otherwise, unless it was read all the same).
  std::string event;  ///< Lower-case slug, never empty when `refusal` is empty.
  std::string txid;
  ConversionStatus status = ConversionStatus::approved;
  bool status_unknown =
      false;  ///< The word means nothing to us: pending for a new conversion, no change for an old one.
  std::string original_status;
  std::optional<Micros> payout;  ///< Empty: missing or unreplaced; the offer's counts.
  /// What arrived as payout though the network's payout is fixed; it counts only where the offer has none.
  std::optional<Micros> spare_payout;
  std::string spare_currency;  ///< Written next to spare_payout.
  std::optional<Micros> amount;
  std::string amount_currency;  ///< Written next to the amount; never the conversion's currency.
  std::string currency;         ///< Empty: the offer's, else the network's counts.
  std::string reason;
  std::optional<TimeMs> time;
  std::vector<std::string> warnings;

  /// What the log keeps of the request: secrets masked.
  std::string logged_network;  ///< The path segment that names the network.
  std::string logged_target;
  std::string logged_headers;
  std::string logged_body;
};

}  // namespace postback
