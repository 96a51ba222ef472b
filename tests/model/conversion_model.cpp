// ConversionModel: the checks in their order, a new conversion, a repeated one.
#include "conversion_model.hpp"

#include <cctype>
#include <utility>

namespace postback::model {
namespace {

ConversionStatus status_of_new(StatusKind said) {
  switch (said) {
    case StatusKind::pending:
    case StatusKind::unknown: return ConversionStatus::pending;
    case StatusKind::rejected: return ConversionStatus::rejected;
    default: return ConversionStatus::approved;
  }
}

std::string canonical_event(const std::string& sent) {
  if (sent.empty()) return "conversion";
  std::string event;
  for (const char letter : sent) event += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return event;
}

template <class Value>
bool replace(Value& current, const Value& given) {
  return std::exchange(current, given) != given;
}

}  // namespace

std::optional<VerdictCode> ConversionModel::refusal(const Say& say) const {
  if (say.token == TokenKind::missing) return VerdictCode::token_missing;
  if (say.token == TokenKind::wrong) return VerdictCode::token_wrong;
  switch (say.click_kind) {
    case ClickKind::missing: return VerdictCode::click_id_missing;
    case ClickKind::unreplaced: return VerdictCode::click_id_unreplaced;
    case ClickKind::malformed: return VerdictCode::click_id_malformed;
    case ClickKind::forged: return VerdictCode::click_id_forged;
    default: break;
  }
  if (!say.currency_known) return VerdictCode::currency_unknown;
  if (say.payout_kind == SumKind::invalid) return VerdictCode::payout_invalid;
  const auto click = clicks_.find(say.click.high);
  if (click == clicks_.end()) return VerdictCode::click_unknown;
  if (click->second == OfferKind::foreign) return VerdictCode::network_mismatch;
  return std::nullopt;
}

Expected ConversionModel::postback(const Say& say) {
  if (const auto code = refusal(say)) {
    return {say.test ? VerdictResult::test : VerdictResult::refused, *code, 0};
  }
  const Identity identity{say.click.high, canonical_event(say.event), say.txid};
  const auto before = conversions_;
  const auto found = conversions_.find(identity);
  Expected expected = found == conversions_.end() ? create(say, identity) : repeat(say, found->second);
  if (!say.test) return expected;
  expected.result = VerdictResult::test;
  if (conversions_.size() > before.size()) {
    expected.number = 0;
    --conversions_of_[say.click.high];
  }
  conversions_ = before;
  return expected;
}

Expected ConversionModel::create(const Say& say, const Identity& identity) {
  const bool priced = clicks_.at(say.click.high) == OfferKind::priced;
  ModelConversion made;
  made.number = ++conversions_of_[say.click.high];
  made.status = status_of_new(say.status);
  made.original_status = say.status_word;
  made.amount = say.amount;
  made.reason = say.reason;
  made.currency = priced ? kOfferCurrency : kNetworkCurrency;
  if (say.payout_kind == SumKind::number) {
    made.payout = say.payout;
    if (!say.currency.empty()) made.currency = say.currency;
  } else if (priced) {
    made.payout = kOfferPayout;
  } else if (!say.currency.empty()) {
    made.currency = say.currency;
  }
  conversions_[identity] = made;
  return {VerdictResult::accepted, VerdictCode::converted, made.number};
}

Expected ConversionModel::repeat(const Say& say, ModelConversion& found) {
  const Expected duplicate{VerdictResult::duplicate, VerdictCode::duplicate, found.number};
  if (canonical_event(say.event) == kIgnoredEvent) return duplicate;
  const auto next = say.status == StatusKind::unknown ? found.status : status_of_new(say.status);
  if (next == ConversionStatus::pending && found.status != ConversionStatus::pending) {
    return {VerdictResult::refused, VerdictCode::status_transition, found.number};
  }
  const bool moved = replace(found.status, next);
  bool changed = moved;
  if (say.payout_kind == SumKind::number) {
    changed |= replace(found.payout, say.payout);
    if (!say.currency.empty()) changed |= replace(found.currency, say.currency);
  }
  if (say.amount) changed |= replace(found.amount, say.amount);
  if (!say.reason.empty()) changed |= replace(found.reason, say.reason);
  if (!changed) return duplicate;
  if (moved || !say.status_word.empty()) found.original_status = say.status_word;
  ++found.revision;
  return {VerdictResult::accepted, VerdictCode::updated, found.number};
}

std::map<std::pair<ConversionStatus, std::string>, Micros> ConversionModel::sums() const {
  std::map<std::pair<ConversionStatus, std::string>, Micros> sums;
  for (const auto& [identity, conversion] : conversions_)
    sums[{conversion.status, conversion.currency}] += conversion.payout;
  return sums;
}

}  // namespace postback::model
