// One line of the log, as text or as a JSON object.
#pragma once

#include "postback/base/clock.hpp"
#include "postback/base/log.hpp"

#include <string>
#include <string_view>

namespace postback {

/// The line with its end.
///
///   message = event *( SP ( pair / word ) )      ; event: everything before the first pair
///   pair    = key "=" value                      ; key: [a-z][a-z0-9_]*
///   value   = DQUOTE *( character / escape ) DQUOTE / *( character but SP )
///   escape  = "\" DQUOTE / "\\" / "\u" 4HEXDIG / "\x" 2HEXDIG      ; as log_value makes them
///
/// Text has the message as it is, with control characters escaped. JSON is always one valid object: `time`, `level`,
/// `event`, then a text for each pair with its escapes undone (but for `\x`, which has no character), cut at 1 KiB.
/// Words after the first pair go to the member `text`. A key that is taken gets a number: `path_2`.
std::string format_log_line(LogFormat format, TimeMs time, std::string_view level, std::string_view message);

}  // namespace postback
