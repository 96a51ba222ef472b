// The script /t.js, for pages that visitors reach without a tracking link.
#pragma once

#include "postback/http/exchange.hpp"

#include <string_view>

namespace postback {

std::string_view page_script();
void answer_page_script(http::Exchange& exchange);

}  // namespace postback
