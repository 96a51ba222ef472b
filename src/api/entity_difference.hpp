// What a change did to an entity, in words and field by field.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/role.hpp"

#include <span>
#include <string>
#include <string_view>

namespace postback::api {

/// Two states of one entity; null: there was none.
struct EntityStates {
  const EntityDocument* before = nullptr;
  const EntityDocument* after = nullptr;
};

/// `created`, `changed`, `archived`, `restored` or `removed`.
std::string_view change_name(const EntityStates& states);

/// `{"collection","id","change","differences":[{"field","before","after"}]}`; a field is named by a JSON pointer
/// (RFC 6901), and is null on the side where it does not stand. Secrets are masked for readers below admin. Without
/// `fields` the differences are left out.
void append_difference(std::string& out, const EntityStates& states, Role reader, bool fields);
std::string differences_json(std::span<const EntityStates> all, Role reader, bool fields);

}  // namespace postback::api
