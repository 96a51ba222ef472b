// What conditions about conversions may look at, and how a conversion with its click answers them: for the rules of
// networks and for destinations.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/condition.hpp"
#include "postback/domain/conversion.hpp"
#include "postback/domain/parameters.hpp"

#include <span>
#include <string>
#include <string_view>

namespace postback {

/// Fields of a conversion and its click.
std::span<const ConditionField> conversion_fields();
/// The same, then what outgoing postbacks can look at besides: the network, parameters of its request, cost and times.
std::span<const ConditionField> outgoing_fields();
/// Whether a condition over outgoing_fields() looks at a parameter of the network's request.
bool looks_at_postback(const Condition& condition);

/// What is known; all of it must outlive the ConversionValues. What is not known is empty.
struct KnownOfConversion {
  const Catalog& catalog;
  const Conversion* conversion = nullptr;
  const StoredClick* click = nullptr;
  EntityNumber campaign = 0;
  EntityNumber offer = 0;
  const Parameters* postback = nullptr;
  TimeMs occurred{};         ///< For outgoing_fields() only.
  std::uint64_t random = 0;  ///< The same.
};

class ConversionValues final : public ConditionValues {
 public:
  explicit ConversionValues(const KnownOfConversion& facts) : facts_(facts) {}
  std::string_view value(std::size_t index, std::string_view name) const override;

 private:
  std::string_view of_catalog(std::size_t index) const;
  std::string_view of_event(std::size_t index) const;
  std::string_view of_query(std::string_view name) const;

  const KnownOfConversion facts_;
  mutable std::string text_;
  mutable Parameters parameters_;
  mutable bool read_parameters_ = false;
};

}  // namespace postback
