// Reads the click ID of a postback: repairs what networks do to it, and explains what cannot be repaired.
#pragma once

#include "domain/postback_parameters.hpp"
#include "domain/secret_masking.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/postback.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// An ID of another tracker is not longer, in bytes; import takes no longer ones either.
inline constexpr std::size_t kLongestForeignId = 255;

/// How one value was understood as a click ID. Pure text; the parameter it came in does not matter.
///
/// Tried in this order, and the first that gives an ID of ours counts:
///   as it is (in either case, with Crockford's aliases);
///   without white space, quotes, brackets, braces and slashes at both ends;
///   percent-decoded once more, then trimmed likewise;
///   the same ID several times in one value, with anything but letters and digits between, or nothing.
/// An ID with anything else around it is not accepted: it would lose what was swallowed.
struct ClickIdRepair {
  enum class Outcome {
    plain,      ///< As we sent it.
    repaired,   ///< Ours after a repair; `note` says which.
    forged,     ///< Has the form of an ID but not our signature. `id` is what it says.
    several,    ///< Two different IDs of ours.
    swallowed,  ///< An ID of ours, but `rest` stands around it.
    malformed,  ///< No ID at all.
  };
  Outcome outcome = Outcome::malformed;
  ClickId id;
  std::string note;
  std::string rest;
};
ClickIdRepair repair_click_id(std::string_view value, const ClickIdKeys& keys);

/// Everything the click ID's explanation may look at.
struct ClickIdContext {
  const Postback& postback;
  const Network& network;  ///< Without an ID where the network is not known.
  const PostbackParameters& parameters;
  const ClickIdKeys& keys;
  const SecretMask& mask;
};

/// Sets `reading.click_id`, adding a warning when it was repaired, or `reading.refusal`.
void read_click_id(const ClickIdContext& context, Reading& reading);

/// The refusal of a request without a click ID: names a valid one under another parameter, `amp;click_id` from HTML
/// escaping, a missing `?`, and a JSON body sent as something else.
Verdict explain_missing_click_id(const ClickIdContext& context);

/// Where the click ID came unusable: names a valid one under another parameter in evidence and fix, if there is one.
void name_misplaced_click_id(const ClickIdContext& context, const Field& field, Verdict& verdict);

/// What to put where the click ID belongs, for this network's owner: ends without a full stop.
std::string right_click_id(const Network& network);

}  // namespace postback
