// Reads what an administrator says of an API key.
#include "postback/domain/key_draft.hpp"

#include "domain/object_reader.hpp"
#include "postback/base/time_text.hpp"

namespace postback {

std::variant<KeyDraft, Faults> read_key_draft(const Json& object) {
  constexpr std::string_view kRoles = "viewer, operator or admin";
  Faults faults;
  ObjectReader reader(object, {}, faults);
  KeyDraft draft;
  draft.name = reader.required_text("name", "a name for people, such as \"Reports of the agency\"");
  const std::string role = reader.required_text("role", kRoles);
  if (const auto known = parse_role(role)) {
    draft.role = *known;
  } else if (!role.empty()) {
    reader.fault("role", "\"" + role + "\" is not a role", std::string(kRoles));
  }
  if (const std::string expires = reader.text("expires"); !expires.empty()) {
    draft.expires = parse_rfc3339(expires);
    if (!draft.expires) {
      reader.fault("expires", "is not an RFC 3339 time", "a time such as \"2027-01-31T00:00:00Z\", or null for never");
    }
  }
  reader.finish();
  if (!faults.empty()) return faults;
  return draft;
}

}  // namespace postback
