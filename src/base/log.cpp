// The process's logger on spdlog, and values that cannot break a log line.
#include "postback/base/log.hpp"

#include "base/log_line.hpp"
#include "base/utf8.hpp"

#include <spdlog/async.h>
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
  const bool control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
  if (control || code_point == 0x2028 || code_point == 0x2029) {
    append_escape(out, 'u', static_cast<unsigned>(code_point), 4);
    return out;
  }
  return std::string{bytes};
}

std::string escaped_value(std::string_view bytes, const Utf8Character& character) {
  if (bytes == "\"" || bytes == "\\") return std::string{"\\"}.append(bytes);
  return escaped(bytes, character);
}

/// Our lines instead of spdlog's patterns, which know nothing of what may stand in a message.
class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const auto time = std::chrono::time_point_cast<std::chrono::milliseconds>(message.time);
    const auto line =
        format_log_line(format_, time, {level.data(), level.size()}, {message.payload.data(), message.payload.size()});
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(format_); }

 private:
  const LogFormat format_;
};

}  // namespace

void start_logging(LogFormat format, spdlog::level::level_enum level) {
  spdlog::init_thread_pool(kQueuedLines, 1);
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::async_logger>("postbackd", std::move(sink), spdlog::thread_pool(),
                                                       spdlog::async_overflow_policy::overrun_oldest);
  logger->set_formatter(std::make_unique<LineFormatter>(format));
  logger->set_level(level);
  spdlog::set_default_logger(std::move(logger));
}

void set_log_level(spdlog::level::level_enum level) { spdlog::default_logger()->set_level(level); }

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
    const std::string text = escaped_value(bytes, character);
    constexpr std::size_t kRoom = kLargestValue - kCutMark.size() - 2;  // two quotes
    cut = out.size() + text.size() > kRoom;
    out += cut ? kCutMark : std::string_view{text};
    quoted = quoted || text.front() == ' ' || text.front() == '=' || text == "\\\"";
    value.remove_prefix(character.length);
  }
  return quoted ? "\"" + out + "\"" : out;
}

std::string log_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Character character = read_utf8(text);
    out += escaped(text.substr(0, character.length), character);
    text.remove_prefix(character.length);
  }
  return out;
}

}  // namespace postback
