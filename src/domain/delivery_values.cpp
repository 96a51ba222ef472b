// Works out the values of one delivery.
#include "domain/delivery_values.hpp"

#include "domain/half_even.hpp"
#include "postback/base/address_range.hpp"
#include "postback/domain/delivery_rendering.hpp"

#include <algorithm>
#include <chrono>

namespace postback {
namespace {

std::string seconds_text(TimeMs time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

/// What the other side calls `word`: its word for that, else for the event, else the same.
std::string theirs(const Destination& destination, std::string_view word, std::string_view event) {
  for (const std::string_view sought : {word, event}) {
    const auto found = std::ranges::find(destination.words, sought, &std::pair<std::string, std::string>::first);
    if (found != destination.words.end()) return found->second;
  }
  return std::string(word);
}

}  // namespace

std::string conversion_id_text(SnowflakeId click, std::uint32_t number, const ClickIdKeys& keys) {
  return to_string(keys.sign(click)) + "-" + std::to_string(number);
}

DeliveryValues::DeliveryValues(const Catalog& catalog, const Destination& destination, const Delivery& delivery,
                               const DeliverySubject& subject, const ClickIdKeys& keys, std::uint64_t random) {
  const StoredClick& click = *subject.click();
  const ClickId id = click.id == 0 ? ClickId{} : keys.sign(click.id);
  values_.click = recorded_values(catalog, subject.offer(), click, id, recorded_);
  recorded_.random = std::to_string(random % 10'000'000'000);
  values_.click[Token::random] = recorded_.random;
  if (click.id == 0) values_.click[Token::timestamp] = recorded_.timestamp = seconds_text(delivery.occurred);
  if (!parse_address(click.ip)) values_.click[Token::ip] = {};
  values_.postback = subject.postback();
  set(OutgoingToken::delivery_id, delivery_text(delivery.id));
  if (subject.conversion() != nullptr) {
    set_conversion(destination, *subject.conversion(), keys);
  } else {
    set(OutgoingToken::event, theirs(destination, to_string(delivery.trigger), {}));
    set(OutgoingToken::conversion_time, seconds_text(delivery.occurred));
  }
}

Parameters DeliveryValues::with_ids(const Parameters* parameters) const {
  Parameters kept;
  if (parameters == nullptr) return kept;
  const std::array ids{values_.click[Token::external_id], values_.click[Token::clickid], values_[OutgoingToken::txid]};
  for (const Parameter& each : parameters->all()) {
    if (!each.value.empty() && std::ranges::find(ids, each.value) != ids.end()) kept.add_copy(each.name, each.value);
  }
  return kept;
}

void DeliveryValues::leave_out_free_values() {
  query_with_ids_ = with_ids(values_.click.query);
  postback_with_ids_ = with_ids(values_.postback);
  values_.click.query = &query_with_ids_;
  values_.postback = &postback_with_ids_;
  for (unsigned n = 0; n < kSubIdCount; ++n) values_.click[sub_token(n)] = {};
  for (const Token token : {Token::referrer, Token::user_agent}) values_.click[token] = {};
}

void DeliveryValues::set(OutgoingToken token, std::string text) {
  std::string& kept = texts_[static_cast<std::size_t>(token)];
  kept = std::move(text);
  values_[token] = kept;
}

void DeliveryValues::set_conversion(const Destination& destination, const Conversion& conversion,
                                    const ClickIdKeys& keys) {
  const std::string_view status = to_string(conversion.status);
  set(OutgoingToken::payout, format_decimal(share_of(conversion.payout, destination.share)));
  if (conversion.amount) set(OutgoingToken::amount, format_decimal(*conversion.amount));
  set(OutgoingToken::currency, conversion.currency);
  set(OutgoingToken::txid, conversion.txid);
  set(OutgoingToken::event, theirs(destination, conversion.event, {}));
  set(OutgoingToken::status, theirs(destination, status, conversion.event));
  set(OutgoingToken::original_status, conversion.original_status);
  set(OutgoingToken::reason, conversion.reason);
  set(OutgoingToken::conversion_id, conversion_id_text(conversion.click, conversion.number, keys));
  set(OutgoingToken::conversion_time, seconds_text(conversion.time));
}

}  // namespace postback
