// KeyDraft: what an administrator says of an API key.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/role.hpp"

#include <optional>
#include <string>
#include <variant>

namespace postback {

struct KeyDraft {
  std::string name;  ///< For people.
  Role role = Role::viewer;
  std::optional<TimeMs> expires;  ///< Not accepted from this time on.
};

/// Reads `{"name":…,"role":…,"expires":…}`; name and role are required. All faults at once, by field.
std::variant<KeyDraft, Faults> read_key_draft(const Json& object);

}  // namespace postback
