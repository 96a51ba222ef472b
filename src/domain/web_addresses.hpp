// Hosts that visitors may be sent to, and origins that pages may call from.
#pragma once

#include "domain/object_reader.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// The field `hosts`: DNS names in lower case, each alone (`shop.example`) or with all below it (`.shop.example`).
std::vector<std::string> read_hosts(ObjectReader& reader);

/// The field `origins` as browsers write them: scheme, host and a port that is not the scheme's own, in lower case.
std::vector<std::string> read_origins(ObjectReader& reader);

/// Whether a visitor may be sent to `url`, which a stranger wrote: https on its own port, no user information, and one
/// of `hosts`. Never true for what a browser could read as another host.
bool is_allowed_target(std::string_view url, std::span<const std::string> hosts);

}  // namespace postback
