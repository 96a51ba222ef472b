// Reads a correction from its document.
#include "domain/object_reader.hpp"
#include "postback/domain/conversion_correction.hpp"

namespace postback {

std::variant<ConversionCorrection, Faults> read_correction(const Json& document) {
  Faults faults;
  ObjectReader reader(document, "", faults);
  ConversionCorrection correction;
  if (reader.find("status") != nullptr) {
    correction.status = parse_conversion_status(reader.choice("status", "", {"approved", "pending", "rejected"}));
  }
  correction.payout = reader.amount("payout");
  correction.amount = reader.amount("amount");
  if (reader.find("reason") != nullptr) correction.reason = reader.text("reason", 255);
  reader.finish();
  const bool nothing = !correction.status && !correction.payout && !correction.amount && !correction.reason;
  if (faults.empty() && nothing) reader.fault_here("says nothing to correct", "status, payout, amount or reason");
  if (!faults.empty()) return faults;
  return correction;
}

}  // namespace postback
