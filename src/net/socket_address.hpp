// Between the system's socket addresses and ours.
#pragma once

#include "postback/net/address_guard.hpp"

#include <sys/socket.h>

#include <optional>

namespace postback::net {

/// Nothing for what is neither IPv4 nor IPv6.
std::optional<Endpoint> endpoint_of(const sockaddr& address);

}  // namespace postback::net
