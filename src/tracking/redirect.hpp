// Answers that send a visitor on, in the campaign's redirect mode.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/http/response.hpp"

#include <string_view>

namespace postback {

/// The status that an answer in this mode has: 302, 303, 307, or 200 for a page that refreshes itself.
int redirect_status(RedirectMode mode);

/// Writes headers and body behind the status, but for `finish` of the exchange: Location, or the page of meta refresh,
/// which tells the next server nothing of where the visitor came from. `location` is a URL that was rendered.
void write_redirect(http::ResponseWriter& writer, RedirectMode mode, std::string_view location);

}  // namespace postback
