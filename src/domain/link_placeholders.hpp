// Placeholders: what stands in a link for a value until its sender fills it in.
#pragma once

#include "postback/domain/catalog.hpp"

#include <string>
#include <string_view>

namespace postback {

struct Placeholder {
  std::string text;  ///< As it stands in the link.
  std::string note;  ///< A sentence: what to put there.
};

/// For a field of a network's postback URL whose macro is not known: the text says what to replace, in words that a
/// postback is known by when somebody forgot to.
Placeholder postback_placeholder(const Network& network, PostbackField field, std::string_view click_param);

/// For a parameter of a source's tracking link whose macro is not known; `meaning` says what it carries.
Placeholder source_placeholder(const Source& source, std::string_view parameter, std::string_view meaning);

}  // namespace postback
