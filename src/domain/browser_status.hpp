// The status of a conversion that a browser reports.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/postback.hpp"

namespace postback {

/// Nobody believes a browser its status: whatever the request says, the status is the offer's, and pending where the
/// offer has none or is not known (null).
void take_status_of_offer(const Offer* offer, Reading& reading);

}  // namespace postback
