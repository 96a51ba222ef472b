// Answers that several visitor endpoints give, and what of a request they share.
#pragma once

#include "postback/http/exchange.hpp"

#include <string_view>

namespace postback {

/// Whether a browser loads the link before anybody clicked it; it asks again when it is clicked.
bool is_prefetch(const http::Request& request);

void answer_redirect(http::Exchange& exchange, std::string_view location);
/// To a campaign's fallback URL, or 404 when that is empty.
void answer_fallback(http::Exchange& exchange, std::string_view fallback_url);
void answer_not_found(http::Exchange& exchange);
/// 503 without a body: a prefetch, which is to come again for real.
void answer_prefetch(http::Exchange& exchange);
void answer_no_content(http::Exchange& exchange);

/// A transparent picture of one pixel, 43 bytes.
void answer_pixel(http::Exchange& exchange);
std::string_view pixel_gif();

}  // namespace postback
