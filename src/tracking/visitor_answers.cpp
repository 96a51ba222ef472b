// Writing the answers that visitors get.
#include "tracking/visitor_answers.hpp"

#include "domain/ascii_text.hpp"

#include <algorithm>

namespace postback {
namespace {

using namespace std::string_view_literals;

/// GIF89a, 1 x 1, one transparent colour.
constexpr auto kPixel =
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF"
    "\x21\xF9\x04\x01\x00\x00\x00\x00"
    "\x2C\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3B"sv;
static_assert(kPixel.size() == 43);

}  // namespace

bool is_prefetch(const http::Request& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const http::Header& header) {
    return (equal_ignoring_case(header.name, "sec-purpose") || equal_ignoring_case(header.name, "purpose") ||
            equal_ignoring_case(header.name, "x-moz")) &&
           header.value.find("prefetch") != std::string_view::npos;
  });
}

void answer_redirect(http::Exchange& exchange, std::string_view location) {
  exchange.respond(302).header("Location", location).header("Cache-Control", "no-store").finish();
  exchange.finish();
}

void answer_fallback(http::Exchange& exchange, std::string_view fallback_url) {
  if (fallback_url.empty()) return answer_not_found(exchange);
  answer_redirect(exchange, fallback_url);
}

void answer_not_found(http::Exchange& exchange) {
  exchange.respond(404)
      .header("Cache-Control", "no-store")
      .finish("There is no active tracking link at this address.\n", "text/plain; charset=utf-8");
  exchange.finish();
}

void answer_prefetch(http::Exchange& exchange) {
  exchange.respond(503).header("Cache-Control", "no-store").finish();
  exchange.finish();
}

void answer_no_content(http::Exchange& exchange) {
  exchange.respond(204).header("Cache-Control", "no-store").finish();
  exchange.finish();
}

std::string_view pixel_gif() { return kPixel; }

void answer_pixel(http::Exchange& exchange) {
  exchange.respond(200)
      .header("Cache-Control", "no-store")
      .header("Cross-Origin-Resource-Policy", "cross-origin")
      .header("X-Content-Type-Options", "nosniff")
      .finish(kPixel, "image/gif");
  exchange.finish();
}

}  // namespace postback
