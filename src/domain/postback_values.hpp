// Reads event, transaction ID, status, money and time of a postback from its fields.
#pragma once

#include "domain/postback_parameters.hpp"
#include "domain/secret_masking.hpp"
#include "postback/domain/postback.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Longest transaction ID, reason and status word that are kept, in bytes. A longer transaction ID is cut and ends in a
/// hash of the whole, so that two different ones stay different.
inline constexpr std::size_t kLongestKeptText = 255;

/// Where the readers below take from and write to. Each adds warnings; only read_money and check_event can refuse.
struct ValueContext {
  PostbackShape shape;
  const Network& network;
  const PostbackParameters& parameters;
  const SecretMask& mask;
  Reading& reading;
};

/// The slug for an event as a network wrote it: lower case, other characters as `_`. When letters outside ASCII or
/// anything beyond 64 characters is dropped, a hash of the whole is appended, so that two different events stay
/// different. Empty only for blank text.
std::string event_slug(std::string_view text);

/// Whether `field` says nothing: absent or blank; or an unreplaced macro or placeholder, with a warning that it counts
/// as `instead`.
bool counts_as_blank(const ValueContext& context, const Field& field, PostbackField which, std::string_view instead);

/// The event of the path, else of the parameter, else `conversion`; a status word may override it.
void read_event(const ValueContext& context, std::string_view path_event);
/// Refuses an event that is not among those that the network lists, if it lists any. Call behind read_event and
/// read_status, which may name another event.
void check_event(const ValueContext& context);
/// `txid`; an unreplaced macro counts as blank.
void read_txid(const ValueContext& context);
/// `status` and `original_status`; missing is approved, a word nobody knows (or a macro) is pending with
/// `status_unknown`.
void read_status(const ValueContext& context);
/// `payout`, `amount` and `currency`. Refuses with payout_invalid or currency_unknown, but never for the amount, nor
/// for either where the payout is fixed.
void read_money(const ValueContext& context);
/// `reason` and `time`.
void read_reason_and_time(const ValueContext& context);

}  // namespace postback
