// The process's logger on spdlog, and values that cannot break a log line.
#include "postback/base/log.hpp"

#include "base/utf8.hpp"

#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>

namespace postback {
namespace {

/// Lines waiting for the writing thread; when full, the oldest is dropped, since nobody may wait for a slow terminal.
constexpr std::size_t kQueuedLines = 8192;
constexpr std::size_t kLargestValue = 1024;
constexpr std::string_view kCutMark = "...";

void append_escape(std::string& out, char letter, unsigned number, unsigned digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '\\';
  out += letter;
  while (digits-- > 0) out += kDigits[(number >> (4 * digits)) & 15U];
}

/// `bytes` (one character, or what is not one) as it appears in a log line.
std::string escaped(std::string_view bytes, const Utf8Character& character) {
  std::string out;
  if (!character.valid) {
    for (const char byte : bytes) append_escape(out, 'x', static_cast<unsigned char>(byte), 2);
    return out;
  }
  const char32_t code_point = character.code_point;
  if (code_point == U'"' || code_point == U'\\') return std::string{"\\"}.append(bytes);
  const bool control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
  if (control || code_point == 0x2028 || code_point == 0x2029) {
    append_escape(out, 'u', static_cast<unsigned>(code_point), 4);
    return out;
  }
  return std::string{bytes};
}

}  // namespace

void start_logging(spdlog::level::level_enum level) {
  spdlog::init_thread_pool(kQueuedLines, 1);
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::async_logger>("postbackd", std::move(sink), spdlog::thread_pool(),
                                                       spdlog::async_overflow_policy::overrun_oldest);
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
  logger->set_level(level);
  spdlog::set_default_logger(std::move(logger));
}

void stop_logging() {
  if (const auto pool = spdlog::thread_pool()) {
    const std::size_t dropped = pool->overrun_counter();
    if (dropped > 0) spdlog::warn("log_lines_dropped count={}", dropped);
  }
  spdlog::shutdown();
}

std::string log_value(std::string_view value) {
  std::string out;
  bool quoted = value.empty();
  bool cut = false;
  while (!value.empty() && !cut) {
    const Utf8Character character = read_utf8(value);
    const std::string_view bytes = value.substr(0, character.length);
    const std::string text = escaped(bytes, character);
    constexpr std::size_t kRoom = kLargestValue - kCutMark.size() - 2;  // two quotes
    cut = out.size() + text.size() > kRoom;
    out += cut ? kCutMark : std::string_view{text};
    quoted = quoted || text.front() == ' ' || text.front() == '=' || text == "\\\"";
    value.remove_prefix(character.length);
  }
  return quoted ? "\"" + out + "\"" : out;
}

}  // namespace postback
