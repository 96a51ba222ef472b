// Tested headers: those that the rules of a campaign look at, as they are recorded with a click.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/visitor.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Replaces `text` by one line `name: value` for each of the campaign's tested headers that the request has: as much of
/// it as rules see. Names are in lower case.
void write_tested_headers(const Campaign& campaign, const Visitor& visitor, std::string& text);

/// The value of `name` (any case) in such lines; empty: none.
std::string_view find_tested_header(std::string_view text, std::string_view name);

}  // namespace postback
