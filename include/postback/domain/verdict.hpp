// Verdict: what was decided about a postback, and why, in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

enum class VerdictResult : std::uint8_t { accepted, duplicate, refused, test };

/// Stable codes; other people's scripts rely on their names.
enum class VerdictCode : std::uint8_t {
  converted,
  updated,
  added,
  duplicate,
  ignored_by_rule,
  click_id_missing,
  click_id_unreplaced,
  click_id_malformed,
  click_id_forged,
  parameter_repeated,
  event_unknown,
  currency_unknown,
  payout_invalid,
  unparseable,
  token_missing,
  signature_missing,
  token_wrong,
  signature_wrong,
  signature_stale,
  ip_not_allowed,
  https_required,
  network_disabled,
  network_unknown,
  network_mismatch,
  click_unknown,
  status_transition,
  click_expired,
  too_large,
  rate_limited,
  store_unavailable,
};
inline constexpr std::size_t kVerdictCodeCount = static_cast<std::size_t>(VerdictCode::store_unavailable) + 1;

std::string_view to_string(VerdictResult result);
std::string_view to_string(VerdictCode code);
/// The HTTP status that a code is answered with (spec section 4), unless the result is `test`.
int http_status(VerdictCode code);

/// The caller sees result, code, message and warnings; evidence and fix are for operators only.
struct Verdict {
  VerdictResult result = VerdictResult::refused;
  VerdictCode code = VerdictCode::unparseable;
  std::string message;   ///< One sentence: what happened and why.
  std::string evidence;  ///< What exactly arrived that led to it, secrets masked.
  std::string fix;       ///< What to change, and where; empty when nothing needs mending.
  std::vector<std::string> warnings;
  int http() const { return result == VerdictResult::test ? 200 : http_status(code); }
};

}  // namespace postback
