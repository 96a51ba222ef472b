// Reads which links are wanted.
#include "domain/ascii.hpp"
#include "domain/ascii_text.hpp"
#include "domain/object_reader.hpp"
#include "postback/domain/link_builder.hpp"

#include <algorithm>

namespace postback {

std::variant<LinkRequest, Faults> read_link_request(const Json& object) {
  Faults faults;
  ObjectReader reader(object, {}, faults);
  LinkRequest request;
  request.campaign = reader.required_text("campaign", "the ID of a campaign");
  request.network = reader.text("network");
  request.event = reader.text("event", 64);
  std::transform(request.event.begin(), request.event.end(), request.event.begin(), ascii_lower);
  if (!request.event.empty() && !is_slug(request.event)) {
    reader.fault("event", "is not an event's name", "1 to 64 letters, digits, - or _, such as \"sale\"");
  }
  request.domain = to_ascii_lower(reader.text("domain", 300));
  request.source_params = reader.boolean("source_params", true);
  reader.finish();
  if (!faults.empty()) return faults;
  return request;
}

}  // namespace postback
