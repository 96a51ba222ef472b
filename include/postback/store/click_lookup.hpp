// Fetches what the matcher needs of a reading's click, on a reader thread.
#pragma once

#include "postback/store/reader.hpp"

#include <optional>

namespace postback {

/// The click that the reading names, with its whole row where the network's rules look at it; nothing if it is not
/// stored, or if the reading names none. Errors: the store's.
Result<std::optional<ClickFacts>> look_up_click(Reader& reader, const Reading& reading);

/// Fills `click.row` where the rules of the reading's network look at it.
Result<void> fetch_click_row(Reader& reader, const Reading& reading, ClickFacts& click);

}  // namespace postback
