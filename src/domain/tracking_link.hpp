// The link that a traffic source sends visitors to.
#pragma once

#include "postback/domain/link_builder.hpp"

#include <string_view>

namespace postback {

/// Fills `tracking_link` and `test_link`, with notes and what is missing. `base_url` may be empty.
void build_tracking_link(const Campaign& campaign, const LinkRequest& request, std::string_view base_url, Links& links);

}  // namespace postback
