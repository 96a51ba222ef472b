// Walks JSON text byte by byte: everything here is valid JSON already, or is compiled to find out.
#include "domain/json_template.hpp"

#include "domain/ascii.hpp"
#include "postback/base/json_text.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::string_view kJsonSpace = " \t\r\n";

/// Copies one JSON text and leaves out what is empty.
class Pruning {
 public:
  Pruning(std::string& out, std::string_view json) : out_(out), rest_(json) {}

  /// Copies the next value; whether it is an empty one.
  bool copy_value() {
    skip_space();
    if (rest_.starts_with('{')) return copy_all('{', '}');
    if (rest_.starts_with('[')) return copy_all('[', ']');
    if (rest_.starts_with('"')) return copy_string();
    const std::string_view word = take(rest_.find_first_of(",]} \t\r\n"));
    out_ += word;
    return word == "null";
  }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  void skip_space() { take(std::min(rest_.find_first_not_of(kJsonSpace), rest_.size())); }

  bool copy_string() {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2U : 1U;
    const std::string_view string = take(end + 1);
    out_ += string;
    return string.size() <= 2 || string.find(kEmptyMark) != std::string_view::npos;
  }

  /// An object or array.
  bool copy_all(char open, char close) {
    take(1);
    out_ += open;
    bool empty = true;
    for (skip_space(); !rest_.empty() && rest_.front() != close; skip_space()) {
      if (rest_.front() == ',') {
        take(1);
        continue;
      }
      const std::size_t before = out_.size();
      if (!empty) out_ += ',';
      if (copy_entry(open == '{'))
        out_.resize(before);
      else
        empty = false;
    }
    take(1);
    out_ += close;
    return empty;
  }

  bool copy_entry(bool member) {
    if (!member) return copy_value();
    copy_string();
    skip_space();
    out_ += take(1);
    return copy_value();
  }

  std::string& out_;
  std::string_view rest_;
};

/// Takes the digits at the start of `text`; how many there were.
std::size_t take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_ascii_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

}  // namespace

std::vector<JsonPlace> find_json_places(std::string_view masked, const std::vector<TokenText>& tokens) {
  std::vector<JsonPlace> places;
  places.reserve(tokens.size());
  bool quoted = false;
  std::size_t opened = 0;
  std::size_t at = 0;
  for (const TokenText& token : tokens) {
    for (; at < token.begin; ++at) {
      if (quoted && masked[at] == '\\') {
        ++at;
      } else if (masked[at] == '"') {
        quoted = !quoted;
        opened = at;
      }
    }
    at = token.end;
    const bool closes = token.end < masked.size() && masked[token.end] == '"';
    places.push_back({quoted, quoted && opened + 1 == token.begin && closes});
  }
  return places;
}

bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t whole = take_digits(text);
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  return text.empty();
}

void append_json_content(std::string& out, std::string_view value) {
  std::string quoted;
  append_json_string(quoted, value);
  out.append(quoted, 1, quoted.size() - 2);
}

void append_without_empty(std::string& out, std::string_view json) {
  std::string pruned;
  Pruning(pruned, json).copy_value();
  std::erase(pruned, kEmptyMark);  // of an outermost text
  out += pruned;
}

}  // namespace postback
