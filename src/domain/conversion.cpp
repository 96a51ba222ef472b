// Names of conversion statuses.
#include "postback/domain/conversion.hpp"

namespace postback {

std::string_view to_string(ConversionStatus status) {
  switch (status) {
    case ConversionStatus::pending: return "pending";
    case ConversionStatus::approved: return "approved";
    case ConversionStatus::rejected: return "rejected";
  }
  return "unknown";
}

std::optional<ConversionStatus> parse_conversion_status(std::string_view text) {
  for (const auto status : {ConversionStatus::pending, ConversionStatus::approved, ConversionStatus::rejected}) {
    if (text == to_string(status)) return status;
  }
  return std::nullopt;
}

}  // namespace postback
