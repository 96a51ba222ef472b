// One line of the log: the message as it is, or its pairs as members of a JSON object.
#include "base/log_line.hpp"

#include "base/utf8.hpp"
#include "postback/base/json_text.hpp"
#include "postback/base/time_text.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace postback {
namespace {

constexpr std::size_t kLargestValue = 1024;
constexpr std::string_view kCutMark = "...";

bool is_key_character(char character, bool first) {
  const bool lower = character >= 'a' && character <= 'z';
  return lower || (!first && ((character >= '0' && character <= '9') || character == '_'));
}

/// The length of a key at the start of `text` when `=` follows it; 0 if there is none.
std::size_t key_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_key_character(text[length], length == 0)) ++length;
  return length < text.size() && text[length] == '=' ? length : 0;
}

/// The length of the value at the start of `text`, quotes included.
std::size_t value_length(std::string_view text) {
  if (!text.starts_with('"')) return std::min(text.find(' '), text.size());
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

void append_utf8(std::string& out, unsigned code_point) {
  const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0U | (code_point >> 6));
    byte(0x80U | (code_point & 0x3FU));
  } else {
    byte(0xE0U | (code_point >> 12));
    byte(0x80U | ((code_point >> 6) & 0x3FU));
    byte(0x80U | (code_point & 0x3FU));
  }
}

/// The value behind its quotes and escapes.
std::string unescaped(std::string_view value) {
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    if (value.ends_with('"')) value.remove_suffix(1);
  }
  std::string out;
  while (!value.empty()) {
    std::size_t taken = 1;
    if (value.starts_with("\\\"") || value.starts_with("\\\\")) {
      out += value[1];
      taken = 2;
    } else if (unsigned code_point = 0;
               value.size() >= 6 && value.starts_with("\\u") &&
               std::from_chars(value.data() + 2, value.data() + 6, code_point, 16).ptr == value.data() + 6) {
      append_utf8(out, code_point);
      taken = 6;
    } else {
      out += value.front();
    }
    value.remove_prefix(taken);
  }
  return out;
}

/// A JSON string that leaves no control character in the line, DEL and C1 included.
void append_string(std::string& out, std::string_view value) {
  std::string quoted;
  append_json_string(quoted, value);
  for (std::string_view rest = quoted; !rest.empty();) {
    const Utf8Character character = read_utf8(rest);
    if (character.code_point >= 0x7F && character.code_point < 0xA0) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out.append("\\u00") += kDigits[character.code_point >> 4];
      out += kDigits[character.code_point & 15U];
    } else {
      out += rest.substr(0, character.length);
    }
    rest.remove_prefix(character.length);
  }
}

/// Writes the members of one object.
class Members {
 public:
  void add(std::string_view key, std::string_view value) {
    std::string name(key);
    for (unsigned number = 2; !names_.insert(name).second; ++number) {
      name.assign(key).append("_").append(std::to_string(number));
    }
    out_ += out_.empty() ? '{' : ',';
    out_.append("\"").append(name).append("\":");
    const bool cut = value.size() > kLargestValue;
    std::string text(cut ? utf8_prefix(value, kLargestValue - kCutMark.size()) : value);
    append_string(out_, cut ? text.append(kCutMark) : text);
  }
  std::string close() { return std::move(out_) + "}"; }

 private:
  std::set<std::string> names_;
  std::string out_;
};

std::string json_line(TimeMs time, std::string_view level, std::string_view message) {
  Members members;
  members.add("time", format_rfc3339(time));
  members.add("level", level);
  std::string words;
  bool event_ended = false;
  const auto end_event = [&] {
    if (!event_ended) members.add("event", std::exchange(words, {}));
    event_ended = true;
  };
  while (!message.empty()) {
    const auto key = key_length(message);
    std::size_t length = 0;
    if (key == 0) {
      length = std::min(message.find(' '), message.size());
      words.append(words.empty() || length == 0 ? "" : " ").append(message.substr(0, length));
    } else {
      end_event();
      length = value_length(message.substr(key + 1));
      members.add(message.substr(0, key), unescaped(message.substr(key + 1, length)));
      length += key + 1;
    }
    message.remove_prefix(length);
    if (message.starts_with(' ')) message.remove_prefix(1);
  }
  end_event();
  if (!words.empty()) members.add("text", words);
  return members.close();
}

}  // namespace

std::string format_log_line(LogFormat format, TimeMs time, std::string_view level, std::string_view message) {
  if (format == LogFormat::json) return json_line(time, level, message) + "\n";
  return format_rfc3339(time).append(" ").append(level).append(" ").append(log_text(message)).append("\n");
}

}  // namespace postback
