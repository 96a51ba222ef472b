// /healthz, /readyz and /metrics: answered at once on the connection's thread, without a key.
#pragma once

#include "postback/api/routes.hpp"
#include "postback/http/response.hpp"

namespace postback::api {

/// 200 as long as the process answers.
http::Response healthz();
/// 200 when the store takes what is given, else 503; the body says how much waits.
http::Response readyz(const Services& services);
/// All figures in the Prometheus text format 0.0.4.
http::Response metrics(const Services& services);

}  // namespace postback::api
