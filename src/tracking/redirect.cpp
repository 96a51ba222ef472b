// The answers that send a visitor on.
#include "tracking/redirect.hpp"

#include <string>

namespace postback {
namespace {

/// For the value of an attribute in double quotes (HTML 13.1.2.3).
void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
}

std::string refreshing_page(std::string_view location) {
  std::string page =
      "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Redirecting</title>"
      "<meta name=\"referrer\" content=\"no-referrer\"><meta http-equiv=\"refresh\" content=\"0;url=";
  append_html(page, location);
  page += "\"></head><body><a rel=\"noreferrer\" href=\"";
  append_html(page, location);
  return page += "\">Continue</a></body></html>\n";
}

}  // namespace

int redirect_status(RedirectMode mode) {
  switch (mode) {
    case RedirectMode::found: return 302;
    case RedirectMode::see_other: return 303;
    case RedirectMode::temporary: return 307;
    case RedirectMode::meta_refresh: break;
  }
  return 200;
}

void write_redirect(http::ResponseWriter& writer, RedirectMode mode, std::string_view location) {
  writer.header("Cache-Control", "no-store");
  if (mode != RedirectMode::meta_refresh) return writer.header("Location", location).finish();
  writer.header("Referrer-Policy", "no-referrer");
  writer.finish(refreshing_page(location), "text/html; charset=utf-8");
}

}  // namespace postback
