// Profiles of the API: what is known of affiliate networks and traffic sources, and ready-made destinations.
#pragma once

#include "call.hpp"

namespace postback::api {

/// `kind` (network, source, destination), `limit` and `cursor`; ordered by ID.
http::Response list_profiles(const Call& call);
http::Response get_profile(const Call& call);

}  // namespace postback::api
