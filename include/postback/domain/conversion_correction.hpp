// What an operator corrects in a conversion by hand.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/conversion.hpp"

#include <optional>
#include <string>
#include <variant>

namespace postback {

/// Each member that is set replaces the conversion's.
struct ConversionCorrection {
  std::optional<ConversionStatus> status{};  ///< Any change of it is allowed; it ends a hold.
  std::optional<Micros> payout{};
  std::optional<Micros> amount{};
  std::optional<std::string> reason{};
};

/// Reads `{"status","payout","amount","reason"}`, of which at least one must be there. Sums are not negative.
std::variant<ConversionCorrection, Faults> read_correction(const Json& document);

/// Corrects `conversion` as its next revision; nothing differs: false, and it stays as it is. What its network said
/// last is kept, so that a resend of it changes nothing.
bool correct(const ConversionCorrection& correction, TimeMs now, Conversion& conversion);

/// Makes a conversion that was held approved, as its next revision.
void release(TimeMs now, Conversion& conversion);

}  // namespace postback
