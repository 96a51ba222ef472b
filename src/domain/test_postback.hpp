// A postback that a person sends to see that all is set up.
#pragma once

#include "domain/link_query.hpp"
#include "postback/domain/catalog.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Writes example values under the network's names, a placeholder for the click ID.
void write_test_values(const Campaign& campaign, const Network& network, LinkQuery& query);

/// What to do with it: a sentence or two. `click_param` may be empty.
std::string test_postback_note(std::string_view click_param);

}  // namespace postback
