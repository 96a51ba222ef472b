// Names and HTTP statuses of verdicts.
#include "postback/domain/verdict.hpp"

namespace postback {

std::string_view to_string(VerdictResult result) {
  switch (result) {
    case VerdictResult::accepted: return "accepted";
    case VerdictResult::duplicate: return "duplicate";
    case VerdictResult::refused: return "refused";
    case VerdictResult::test: return "test";
  }
  return "unknown";
}

std::string_view to_string(VerdictCode code) {
  switch (code) {
    case VerdictCode::converted: return "converted";
    case VerdictCode::updated: return "updated";
    case VerdictCode::added: return "added";
    case VerdictCode::duplicate: return "duplicate";
    case VerdictCode::ignored_by_rule: return "ignored_by_rule";
    case VerdictCode::click_id_missing: return "click_id_missing";
    case VerdictCode::click_id_unreplaced: return "click_id_unreplaced";
    case VerdictCode::click_id_malformed: return "click_id_malformed";
    case VerdictCode::click_id_forged: return "click_id_forged";
    case VerdictCode::parameter_repeated: return "parameter_repeated";
    case VerdictCode::event_unknown: return "event_unknown";
    case VerdictCode::currency_unknown: return "currency_unknown";
    case VerdictCode::payout_invalid: return "payout_invalid";
    case VerdictCode::unparseable: return "unparseable";
    case VerdictCode::token_missing: return "token_missing";
    case VerdictCode::signature_missing: return "signature_missing";
    case VerdictCode::token_wrong: return "token_wrong";
    case VerdictCode::signature_wrong: return "signature_wrong";
    case VerdictCode::signature_stale: return "signature_stale";
    case VerdictCode::ip_not_allowed: return "ip_not_allowed";
    case VerdictCode::https_required: return "https_required";
    case VerdictCode::network_disabled: return "network_disabled";
    case VerdictCode::network_unknown: return "network_unknown";
    case VerdictCode::network_mismatch: return "network_mismatch";
    case VerdictCode::click_unknown: return "click_unknown";
    case VerdictCode::status_transition: return "status_transition";
    case VerdictCode::click_expired: return "click_expired";
    case VerdictCode::too_large: return "too_large";
    case VerdictCode::rate_limited: return "rate_limited";
    case VerdictCode::store_unavailable: return "store_unavailable";
  }
  return "unknown";
}

int http_status(VerdictCode code) {
  switch (code) {
    case VerdictCode::converted:
    case VerdictCode::updated:
    case VerdictCode::added:
    case VerdictCode::duplicate:
    case VerdictCode::ignored_by_rule: return 200;
    case VerdictCode::click_id_missing:
    case VerdictCode::click_id_unreplaced:
    case VerdictCode::click_id_malformed:
    case VerdictCode::click_id_forged:
    case VerdictCode::parameter_repeated:
    case VerdictCode::event_unknown:
    case VerdictCode::currency_unknown:
    case VerdictCode::payout_invalid:
    case VerdictCode::unparseable: return 400;
    case VerdictCode::token_missing:
    case VerdictCode::signature_missing: return 401;
    case VerdictCode::token_wrong:
    case VerdictCode::signature_wrong:
    case VerdictCode::signature_stale:
    case VerdictCode::ip_not_allowed:
    case VerdictCode::https_required:
    case VerdictCode::network_disabled: return 403;
    case VerdictCode::network_unknown:
    case VerdictCode::network_mismatch:
    case VerdictCode::click_unknown: return 404;
    case VerdictCode::status_transition: return 409;
    case VerdictCode::click_expired: return 410;
    case VerdictCode::too_large: return 413;
    case VerdictCode::rate_limited: return 429;
    case VerdictCode::store_unavailable: return 503;
  }
  return 500;
}

}  // namespace postback
