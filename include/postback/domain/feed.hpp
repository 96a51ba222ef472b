// Feed: a destination's conversions as a CSV file (RFC 4180) that the other side fetches.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/delivery.hpp"

#include <string>

namespace postback {

/// What stands before the rows: the feed's first lines and the names of its columns. Lines end in CRLF.
std::string feed_head(const Destination& destination);

/// One row with its line end. Empty: a value that each row must have is missing, such as the click ID of the source, or
/// the click or conversion is not known.
std::string feed_row(const Catalog& catalog, const Destination& destination, const Delivery& delivery,
                     const DeliveryFacts& facts, const ClickIdKeys& keys);

}  // namespace postback
