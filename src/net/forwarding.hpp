// Forwarding: whom a request is from when it came by way of proxies that are trusted.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/http/request.hpp"

#include <span>

namespace postback::net {

/// For a request whose caller is one of `proxies`. Sets `peer` to the right-most address in X-Forwarded-For (all such
/// fields together) that is no trusted proxy; the left-most where all are; the last that was read where something else
/// than an address follows. An address may have a port, as some proxies write it. Sets `secure` by the last word of
/// X-Forwarded-Proto, and `forwarded`.
void take_forwarding(std::span<const AddressRange> proxies, http::Request& request);

}  // namespace postback::net
