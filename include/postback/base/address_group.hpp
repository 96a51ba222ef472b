// What counts as one caller where requests are counted by address.
#pragma once

#include <string>
#include <string_view>

namespace postback {

/// An IPv4 address as it is, or the /64 network of an IPv6 address, which one machine has to itself. For use as a key.
std::string address_group(std::string_view peer);

}  // namespace postback
