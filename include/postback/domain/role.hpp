// Role: what an API key may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace postback {

/// Each role may do what those before it may. viewer: reports, and the catalog with its secrets masked; operator_: also
/// logs, explain and links; admin: everything, and sees the secrets of networks.
enum class Role : std::uint8_t { viewer, operator_, admin };

std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

}  // namespace postback
