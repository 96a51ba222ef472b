// One conversion: with all its revisions, and corrections by hand.
#pragma once

#include "call.hpp"

namespace postback::api {

/// GET /api/v1/conversions/{id}
http::Response get_conversion(const Call& call);

/// PATCH /api/v1/conversions/{id}: a revision with the cause `correction`, and a line of the audit log. A correction
/// that changes nothing leaves it as it is.
http::Response correct_conversion(const Call& call);

}  // namespace postback::api
