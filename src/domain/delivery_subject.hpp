// DeliverySubject: what an occurrence or a delivery is about, put together from what the store knows.
#pragma once

#include "domain/conversion_values.hpp"
#include "domain/postback_parameters.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/delivery.hpp"

#include <optional>
#include <string_view>

namespace postback {

/// Views the catalog and the facts, which must outlive it.
class DeliverySubject {
 public:
  /// `campaign` and `detail`: of impressions.
  DeliverySubject(const Catalog& catalog, const DeliveryFacts& facts, Trigger trigger, EntityNumber campaign,
                  std::string_view detail);
  DeliverySubject(const DeliverySubject&) = delete;
  DeliverySubject& operator=(const DeliverySubject&) = delete;

  /// Whether all is known that its trigger speaks of.
  bool is_known() const { return click_ != nullptr && (!of_conversion_ || conversion_ != nullptr); }
  /// Of an impression, one without an ID. Null: not known.
  const StoredClick* click() const { return click_; }
  /// Null where it is about none, or it is not known.
  const Conversion* conversion() const { return conversion_; }
  EntityNumber campaign() const { return click_ == nullptr ? 0 : click_->campaign; }
  const Offer* offer() const { return offer_; }
  /// The parameters of the network's request, those of a URL and a body alike.
  const Parameters* postback() const { return postback_ ? &postback_->parameters() : nullptr; }
  /// For conditions.
  KnownOfConversion known() const;

 private:
  const Catalog& catalog_;
  const bool of_conversion_;
  std::optional<StoredClick> impression_;
  const StoredClick* click_ = nullptr;
  const Conversion* conversion_ = nullptr;
  EntityNumber offer_number_ = 0;
  const Offer* offer_ = nullptr;
  std::optional<PostbackParameters> postback_;
};

/// Whether destinations with this trigger are told of conversions.
constexpr bool tells_of_conversions(Trigger trigger) {
  return trigger == Trigger::conversion || trigger == Trigger::status_change;
}

}  // namespace postback
