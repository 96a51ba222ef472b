// How an offer's URL comes to carry our click ID.
#pragma once

#include "domain/object_reader.hpp"
#include "postback/domain/catalog.hpp"

#include <optional>
#include <string>

namespace postback {

/// The URL `text`, which has no {clickid}, with the network's click parameter added; nothing, with a fault that says
/// how it must look, where there is none or where it cannot be added.
std::optional<std::string> with_click_id(ObjectReader& reader, const std::string& text, const Network& network);

}  // namespace postback
