// ConversionModel: the checks in their order, a new conversion, a repeated one.
#include "conversion_model.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
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

constexpr std::chrono::seconds kResendWindow{60};

bool same_words(const Say& a, const Say& b) {
  const auto words = [](const Say& say) {
    const bool paid = say.payout_kind == SumKind::number;
    const auto status =
        say.status == StatusKind::unknown ? std::string("unknown") : std::string(to_string(status_of_new(say.status)));
    return std::make_tuple(status, say.status_word, paid ? std::optional(say.payout) : std::nullopt, say.amount,
                           say.currency, say.reason);
  };
  return words(a) == words(b);
}

bool same_request(const Say& a, const Say& b) { return a.bytes == b.bytes && a.time - b.time <= kResendWindow; }

bool by_time(const Say& say) {
  const auto event = canonical_event(say.event);
  return say.txid.empty() && (event == kAddedEvent || event == kNewEvent);
}

bool each_counts(const Say& say) { return say.txid.empty() && canonical_event(say.event) == kNewEvent; }

ConversionStatus next_status(const Say& say, const ModelConversion& found) {
  return say.status == StatusKind::unknown ? found.status : status_of_new(say.status);
}

bool is_resend(const Say& say, const ModelConversion& found) {
  if (!by_time(say)) return same_words(say, found.changes.back());
  if (same_request(say, found.changes.back())) return true;
  if (each_counts(say) || next_status(say, found) != found.status) return false;
  return std::any_of(found.changes.begin(), found.changes.end(),
                     [&](const Say& change) { return same_request(say, change); });
}

bool fits(Micros sum) { return sum >= -kLargestMicros && sum <= kLargestMicros; }

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
  const std::uint32_t slot = each_counts(say) ? conversions_of_[say.click.high] + 1 : 0;
  const Identity identity{say.click.high, canonical_event(say.event), say.txid, slot};
  const auto before = conversions_;
  auto* const found = spoken_of(say, identity);
  Expected expected = found == nullptr ? create(say, identity) : repeat(say, *found);
  if (!say.test) return expected;
  expected.result = VerdictResult::test;
  if (conversions_.size() > before.size()) {
    expected.number = 0;
    --conversions_of_[say.click.high];
  }
  conversions_ = before;
  return expected;
}

/// The conversion that the postback is about; null: a new one.
ModelConversion* ConversionModel::spoken_of(const Say& say, const Identity& identity) {
  if (!each_counts(say)) {
    const auto found = conversions_.find(identity);
    return found == conversions_.end() ? nullptr : &found->second;
  }
  std::vector<ModelConversion*> all;  // of the click and event, the newest first
  for (auto& [other, conversion] : conversions_) {
    if (std::get<0>(other) == say.click.high && std::get<1>(other) == std::get<1>(identity)) all.push_back(&conversion);
  }
  std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->number > b->number; });
  for (auto* conversion : all) {
    if (same_request(say, conversion->changes.back())) return conversion;
  }
  if (say.status != StatusKind::rejected || all.empty()) return nullptr;
  const auto open =
      std::find_if(all.begin(), all.end(), [](const auto* each) { return each->status != ConversionStatus::rejected; });
  return open == all.end() ? all.front() : *open;
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
  made.changes.push_back(say);
  conversions_[identity] = made;
  return {VerdictResult::accepted, VerdictCode::converted, made.number};
}

Expected ConversionModel::repeat(const Say& say, ModelConversion& found) {
  const Expected duplicate{VerdictResult::duplicate, VerdictCode::duplicate, found.number};
  const auto event = canonical_event(say.event);
  if (is_resend(say, found) || event == kIgnoredEvent) return duplicate;
  const auto next = next_status(say, found);
  if (next == ConversionStatus::pending && found.status != ConversionStatus::pending) {
    return {VerdictResult::refused, VerdictCode::status_transition, found.number};
  }
  if (event == kAddedEvent) return next == found.status ? add(say, found) : move(say, found, next);
  if (each_counts(say)) return move(say, found, next);
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
  if (moved) found.told.push_back(found.revision);
  found.changes.push_back(say);
  return {VerdictResult::accepted, VerdictCode::updated, found.number};
}

/// Nothing but status and reason change.
Expected ConversionModel::move(const Say& say, ModelConversion& found, ConversionStatus next) {
  const bool moved = replace(found.status, next);
  const bool reasoned = !say.reason.empty() && replace(found.reason, say.reason);
  if (!moved && !reasoned) return {VerdictResult::duplicate, VerdictCode::duplicate, found.number};
  if (moved || !say.status_word.empty()) found.original_status = say.status_word;
  ++found.revision;
  if (moved) found.told.push_back(found.revision);
  found.changes.push_back(say);
  return {VerdictResult::accepted, VerdictCode::updated, found.number};
}

Expected ConversionModel::add(const Say& say, ModelConversion& found) {
  if (say.status == StatusKind::unknown || found.status == ConversionStatus::rejected) {
    return move(say, found, found.status);
  }
  const bool priced = clicks_.at(say.click.high) == OfferKind::priced;
  const bool sent = say.payout_kind == SumKind::number;
  const Micros offers = priced && found.currency == kOfferCurrency ? kOfferPayout : 0;
  const Micros added = sent ? say.payout : offers;
  const bool foreign = sent && !say.currency.empty() && say.currency != found.currency;
  if ((added != 0 && foreign) || !fits(found.payout + added)) {
    return {VerdictResult::refused, VerdictCode::payout_invalid, found.number};
  }
  found.payout += added;
  bool changed = added != 0;
  if (say.amount && fits(found.amount.value_or(0) + *say.amount)) {
    changed |= replace(found.amount, std::optional(found.amount.value_or(0) + *say.amount));
  }
  if (!say.reason.empty()) changed |= replace(found.reason, say.reason);
  if (!changed) return {VerdictResult::duplicate, VerdictCode::duplicate, found.number};
  if (!say.status_word.empty()) found.original_status = say.status_word;
  ++found.revision;
  found.changes.push_back(say);
  return {VerdictResult::accepted, added == 0 ? VerdictCode::updated : VerdictCode::added, found.number};
}

std::map<std::pair<ConversionStatus, std::string>, Micros> ConversionModel::sums() const {
  std::map<std::pair<ConversionStatus, std::string>, Micros> sums;
  for (const auto& [identity, conversion] : conversions_)
    sums[{conversion.status, conversion.currency}] += conversion.payout;
  return sums;
}

}  // namespace postback::model
