// Logging: spdlog with key=value pairs, asynchronous, dropping (and counting) rather than blocking when full.
#pragma once

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

namespace postback {

/// Makes the process's asynchronous logger on stderr the default one. Call once, early in main.
void start_logging(spdlog::level::level_enum level);

/// Writes out what is queued and stops the logger's thread. Call once, last in main.
void stop_logging();

/// `value` safe for one log line: control characters, U+2028/9 and invalid UTF-8 escaped, quoted when it has spaces,
/// cut at 1 KiB.
std::string log_value(std::string_view value);

}  // namespace postback
