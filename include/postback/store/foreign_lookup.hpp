// Looks up a click by the ID of another tracker, where a postback may carry one.
#pragma once

#include "postback/store/reader.hpp"

namespace postback {

/// Where `reading` is refused for an ID that is not ours, but under which a click was imported: sets
/// `postback.foreign_click` and reads again. Else nothing changes. Errors of reading.
Result<void> resolve_foreign_click(Reader& reader, const ClickIdKeys& keys, Postback& postback, Reading& reading);

}  // namespace postback
