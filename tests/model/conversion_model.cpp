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

/// Whether both say the same of a conversion in this currency: the words for a known status do not count.
bool say_the_same(const Say& a, const Say& b, const std::string& currency) {
  const auto meaning = [&](const Say& say) {
    const bool paid = say.payout_kind == SumKind::number;
    const auto status = say.status == StatusKind::unknown ? "unknown: " + say.status_word
                                                          : std::string(to_string(status_of_new(say.status)));
    return std::make_tuple(status, paid ? std::optional(say.payout) : std::nullopt, say.amount,
                           say.currency.empty() ? currency : say.currency, say.reason);
  };
  return meaning(a) == meaning(b);
}

bool same_request(const Say& a, const Say& b) {
  return a.bytes == b.bytes && (a.time > b.time ? a.time - b.time : b.time - a.time) <= kResendWindow;
}

bool any_same_request(const Say& say, const ModelConversion& found) {
  return std::any_of(found.changes.begin(), found.changes.end(),
                     [&](const Say& change) { return same_request(say, change); });
}

bool by_time(const Say& say) {
  const auto event = canonical_event(say.event);
  return say.txid.empty() && (event == kAddedEvent || event == kNewEvent);
}

bool each_counts(const Say& say) { return say.txid.empty() && canonical_event(say.event) == kNewEvent; }

ConversionStatus next_status(const Say& say, const ModelConversion& found) {
  return say.status == StatusKind::unknown ? found.status : status_of_new(say.status);
}

bool is_resend(const Say& say, const ModelConversion& found) {
  if (!by_time(say)) return say_the_same(say, found.changes.back(), found.currency);
  if (!any_same_request(say, found)) return false;
  // The first request's bytes after a rejection reinstate.
  return say.bytes == found.changes.back().bytes || next_status(say, found) == found.status;
}

/// What makes or changes a conversion is remembered as its newest change, unless it is older than that.
void remember(const Say& say, ModelConversion& conversion) {
  if (conversion.changes.empty() || say.time >= conversion.changes.back().time) conversion.changes.push_back(say);
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
  if (!has_click(say.click.high)) return VerdictCode::click_unknown;
  if (offer_of(say.click.high) == OfferKind::foreign) return VerdictCode::network_mismatch;
  return std::nullopt;
}

OfferKind ConversionModel::offer_of(SnowflakeId click) const {
  std::vector<OfferKind> offers{clicks_.at(click)};
  if (const auto ctas = ctas_.find(click); ctas != ctas_.end()) {
    offers.insert(offers.end(), ctas->second.begin(), ctas->second.end());
  }
  const auto own =
      std::find_if(offers.rbegin(), offers.rend(), [](OfferKind offer) { return offer != OfferKind::foreign; });
  return own == offers.rend() ? OfferKind::foreign : *own;
}

/// What comes of a postback whose URL names no network, where that is not known to be acme; nothing where it is.
std::optional<Expected> ConversionModel::without_network(const Say& say) const {
  const auto refused = say.test ? VerdictResult::test : VerdictResult::refused;
  const auto wrong = say.token == TokenKind::missing ? VerdictCode::token_missing : VerdictCode::token_wrong;
  if (say.click_seen) {
    // The tokens that come are none of the network of a foreign offer.
    if (!say.acme_seen) return Expected{refused, wrong, 0};
    return std::nullopt;
  }
  if (say.token == TokenKind::right) return std::nullopt;
  return Expected{refused, VerdictCode::click_unknown, 0, !say.test};
}

Expected ConversionModel::postback(const Say& say) {
  if (say.dropped_in) {
    if (const auto expected = without_network(say)) return *expected;
  }
  return judged(say);
}

Expected ConversionModel::late(const Say& say) {
  Say now = say;
  now.click_seen = true;
  now.acme_seen = offer_of(say.click.high) != OfferKind::foreign;
  if (const auto expected = without_network(now)) return *expected;
  if (refusal(now)) return judged(now);
  const auto before = conversions_;
  const auto numbers = conversions_of_;
  const std::uint32_t slot = each_counts(now) ? conversions_of_[now.click.high] + 1 : 0;
  const auto* const found = spoken_of(now, {now.click.high, canonical_event(now.event), now.txid, slot});
  const bool later = found != nullptr && found->changes.back().time > now.time;
  const auto expected = judged(now);
  const bool undoes = expected.code == VerdictCode::updated || expected.code == VerdictCode::status_transition;
  if (!later || !undoes) return expected;
  conversions_ = before;
  conversions_of_ = numbers;
  return {VerdictResult::duplicate, VerdictCode::duplicate, expected.number};
}

bool ConversionModel::replay(const Say& say) {
  for (auto& [identity, conversion] : conversions_) {
    const Say& newest = conversion.changes.back();
    if (newest.click.high != say.click.high || newest.time != say.time || newest.bytes != say.bytes) continue;
    if (canonical_event(newest.event) != canonical_event(say.event) || newest.txid != say.txid) continue;
    const auto next = say.status_word == kApprovedWord ? ConversionStatus::approved : ConversionStatus::rejected;
    const bool ignored = conversion.reason == kIgnoredReason;
    const auto before = std::make_pair(conversion.status, conversion.held);
    if (ignored && conversion.revision == 1) {
      conversion.status = ConversionStatus::rejected;
    } else if (conversion.status != next) {
      conversion.held = next == ConversionStatus::approved && !ignored && conversion.payout == kHeldPayout;
      conversion.status = conversion.held ? ConversionStatus::pending : next;
    }
    if (before == std::make_pair(conversion.status, conversion.held)) return false;
    conversion.original_status = say.status_word;
    ++conversion.revision;
    if (before.first != conversion.status) conversion.told.push_back(conversion.revision);
    return true;
  }
  return false;
}

Expected ConversionModel::judged(const Say& say) {
  if (const auto code = refusal(say)) {
    const bool waits = *code == VerdictCode::click_unknown && !say.test;
    return {say.test ? VerdictResult::test : VerdictResult::refused, *code, 0, waits};
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
    if (any_same_request(say, *conversion)) return conversion;
  }
  if (say.status != StatusKind::rejected || all.empty()) return nullptr;
  const auto open =
      std::find_if(all.begin(), all.end(), [](const auto* each) { return each->status != ConversionStatus::rejected; });
  return open == all.end() ? all.front() : *open;
}

Expected ConversionModel::create(const Say& say, const Identity& identity) {
  ModelConversion made;
  made.offer = offer_of(say.click.high);
  const bool priced = made.offer == OfferKind::priced;
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
  remember(say, made);
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
  remember(say, found);
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
  remember(say, found);
  return {VerdictResult::accepted, VerdictCode::updated, found.number};
}

Expected ConversionModel::add(const Say& say, ModelConversion& found) {
  if (say.status == StatusKind::unknown) return {VerdictResult::duplicate, VerdictCode::duplicate, found.number};
  if (found.status == ConversionStatus::rejected) return move(say, found, found.status);
  const bool priced = found.offer == OfferKind::priced;
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
  remember(say, found);
  return {VerdictResult::accepted, added == 0 ? VerdictCode::updated : VerdictCode::added, found.number};
}

std::uint64_t ConversionModel::count_of(OfferKind offer) const {
  return static_cast<std::uint64_t>(std::count_if(conversions_.begin(), conversions_.end(), [offer](const auto& each) {
    return each.second.offer == offer && each.second.status != ConversionStatus::rejected;
  }));
}

std::map<std::pair<ConversionStatus, std::string>, Micros> ConversionModel::sums() const {
  std::map<std::pair<ConversionStatus, std::string>, Micros> sums;
  for (const auto& [identity, conversion] : conversions_)
    sums[{conversion.status, conversion.currency}] += conversion.payout;
  return sums;
}

}  // namespace postback::model
