// The links of a campaign over the API.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `POST /api/v1/links`: 200 with the tracking link, the postback URL and a test of both, and with what is missing for
/// those that are null. Operators see `***` in place of the network's token.
http::Response make_links(const Call& call);

}  // namespace postback::api
