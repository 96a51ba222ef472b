// What an impression remembers of its visitor, for the destinations that are told of it: it has no row of its own.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Occurrence::detail: one JSON object with the facts of `visit` by the names of their tokens (`ip`, `external_id`,
/// `sub1`, ...) and `extra` (query text); absent ones are left out.
std::string impression_detail(const Click& visit);

/// The impression as if it were a click without an ID. `detail`: by impression_detail; anything else leaves it without
/// facts.
StoredClick read_impression(const Catalog& catalog, EntityNumber campaign, std::string_view detail);

}  // namespace postback
