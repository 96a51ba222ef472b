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

/// How the request authenticated: for the log.
enum class Authentication : std::uint8_t {
  none,
  token,
  open,       ///< The network asks for nothing.
  signature,  ///< HMAC in `sign`.
  webhook,    ///< Standard Webhooks headers.
  browser,    ///< A browser's conversion, which the offer allows.
  key,        ///< An operator's API key.
};
std::string_view to_string(Authentication authentication);
std::optional<Authentication> parse_authentication(std::string_view text);

/// Whose parameter names a request uses, by the shape of its URL.
enum class PostbackShape : std::uint8_t {
  own,      ///< /postback/{network}[/{event}]: the network's profile gives the names.
  voluum,   ///< /postback?cid=
  keitaro,  ///< /{key}/postback?subid=
  binom,    ///< /click.php?cnv_id=
  generic,  ///< /postback?click_id=
  browser,  ///< /pixel.gif, /pixel.js, /convert
  manual,   ///< An operator's, over the API.
};
std::string_view to_string(PostbackShape shape);

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
  PostbackShape shape = PostbackShape::own;
  std::string_view path_key{};       ///< Keitaro's {key}, decoded.
  bool secure = false;               ///< It came by HTTPS, here or at a trusted proxy.
  std::string_view forwarded_for{};  ///< X-Forwarded-For as it arrived from a peer that is no trusted proxy.
  /// How it authenticated when it arrived: it is judged again and not authenticated anew.
  std::optional<Authentication> authenticated{};
  /// The click that Reading::foreign_id stands for, once it was looked up; none (0): read on its own.
  ClickId foreign_click{};
  /// Of one that waited for its click to tell its network: Reading::proved_to as it was then. It is authenticated now,
  /// by this and by what else the log has; its secrets are masked. Null: as it arrives.
  const std::vector<EntityNumber>* proved_to = nullptr;
};

/// Longest body of a postback, in bytes.
inline constexpr std::size_t kLongestPostbackBody = 64 * 1024;

/// Most networks that share one token and are noted for a postback whose network is not known yet.
inline constexpr std::size_t kMostProvedTo = 1'000;

/// Fills `network` and `event` from what follows /postback/, `network[/event]`, each segment decoded on its own. An
/// empty event, as behind a trailing slash, is none; a path with more than that is no network's name.
void read_postback_path(std::string_view path, std::string& network, std::string& event);

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
  /// No ID of ours, but perhaps one of another tracker whose clicks were imported: looked up before `refusal` counts.
  std::string foreign_id{};
  std::uint64_t request_hash = 0;  ///< Of target and body, as they arrived.
  /// Its URL leaves its network to a click that is not here yet: it is refused now, and authenticated when the click
  /// is.
  bool awaits_network = false;
  std::vector<EntityNumber> proved_to{};  ///< Then the networks whose token it carried, at most kMostProvedTo.

  /// What the log keeps of the request: secrets masked.
  std::string logged_network;  ///< The path segment that names the network.
  std::string logged_target;
  std::string logged_headers;
  std::string logged_body;
};

}  // namespace postback
