// check(): an invariant that stays on in release builds; breaking one is a bug and ends the process.
#pragma once

#include <source_location>
#include <string_view>

namespace postback {

/// Logs `what` with its place and aborts. Never returns.
[[noreturn]] void check_failed(std::string_view what, std::source_location where);

/// Ends the process when `condition` is false. For bugs only, never for input or faults of the machine.
inline void check(bool condition, std::string_view what, std::source_location where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    check_failed(what, where);
}

}  // namespace postback
