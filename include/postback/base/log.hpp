// Logging: spdlog with key=value pairs, asynchronous, dropping (and counting) rather than blocking when full.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace postback {

enum class LogFormat : std::uint8_t {
  text,  ///< `2026-01-31T12:00:00.000Z info app.listening address=127.0.0.1:8080`
  json,  ///< {"time":"2026-01-31T12:00:00.000Z","level":"info","event":"app.listening","address":"127.0.0.1:8080"}
};

/// Makes the process's asynchronous logger on stderr the default one. Call once, early in main. Messages are
/// `event key=value ...` with `log_value` around what is not known to be harmless.
void start_logging(LogFormat format, spdlog::level::level_enum level);

/// From now on less grave events are left out. Any thread.
void set_log_level(spdlog::level::level_enum level);

/// Writes out what is queued and stops the logger's thread. Call once, last in main.
void stop_logging();

/// `value` safe for one log line: control characters, U+2028/9 and invalid UTF-8 escaped, quoted when it has spaces,
/// cut at 1 KiB.
std::string log_value(std::string_view value);

/// `text` with control characters, U+2028/9 and invalid UTF-8 escaped and nothing else changed: for whole lines.
std::string log_text(std::string_view text);

}  // namespace postback
