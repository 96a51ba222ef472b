// Problem details (RFC 9457) for the endpoints that servers and scripts call.
#pragma once

#include "postback/http/exchange.hpp"

#include <cstdint>
#include <string_view>

namespace postback {

enum class TrackingProblem : std::uint8_t {
  invalid_parameter,
  invalid_document,
  token_missing,
  token_wrong,
  origin_not_allowed,
  not_found,
  campaign_paused,
  body_too_large,
  unsupported_media_type,
  store_unavailable,
};

/// `detail`: what happened, why, and what to do. `origin`: of a page that may read the answer; empty: none.
void answer_problem(http::Exchange& exchange, TrackingProblem problem, std::string_view detail,
                    std::string_view origin = {});
/// 200 with a JSON object.
void answer_json(http::Exchange& exchange, std::string_view json, std::string_view origin = {});

}  // namespace postback
