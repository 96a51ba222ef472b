// What operators do to deliveries: try again, cancel, send once more.
#pragma once

#include "postback/store/delivery_items.hpp"

#include "call.hpp"

namespace postback::api {

/// `POST /api/v1/deliveries/retry`, `cancel` and `resend`: by ID, or a page of those that a filter finds. An answer is
/// given when what it names is durable.
http::Response change_deliveries(DeliveryChangeItem::Action action, const Call& call);

}  // namespace postback::api
