// Reads a pattern and draws a text from it in one pass.
//
//   alternatives = sequence *("|" sequence)
//   sequence     = *( ( "(" ["?:"] alternatives ")" / class / "\" character / character ) [quantifier] )
#include "support/pattern_text.hpp"

#include <stdexcept>
#include <vector>

namespace postback::testing {
namespace {

constexpr std::size_t kMostRepeats = 6;  ///< Where a pattern sets no upper bound, above the lower one.

std::string range(char first, char last) {
  std::string text;
  for (char c = first; c <= last; ++c) text += c;
  return text;
}

class Drawing {
 public:
  Drawing(std::string_view pattern, std::mt19937_64& random) : pattern_(pattern), random_(random) {}

  std::string draw() {
    auto text = alternatives();
    if (at_ < pattern_.size()) fail();
    return text;
  }

 private:
  [[noreturn]] void fail() const { throw std::invalid_argument("no text for the pattern " + std::string(pattern_)); }
  bool ends() const { return at_ >= pattern_.size(); }
  char take() { return ends() ? (fail(), '\0') : pattern_[at_++]; }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  std::string alternatives() {
    std::vector<std::string> texts{sequence()};
    while (take("|")) texts.push_back(sequence());
    return texts[below(texts.size())];
  }

  std::string sequence() {
    std::string text;
    while (!ends() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      if (take("^") || take("$")) continue;
      const auto start = at_;
      atom();
      const auto end = at_;
      const auto count = repeats();
      const auto behind = at_;
      for (std::size_t i = 0; i < count; ++i) {
        at_ = start;
        text += atom();
      }
      if (count > 0 && at_ != end) fail();
      at_ = behind;
    }
    return text;
  }

  std::string atom() {
    if (take("(")) {
      take("?:");
      if (!ends() && pattern_[at_] == '?') fail();
      auto text = alternatives();
      if (!take(")")) fail();
      return text;
    }
    const auto characters = take("[") ? characters_of_class() : take("\\") ? escaped() : single();
    return {characters[below(characters.size())]};
  }

  std::string single() {
    const char c = take();
    if (std::string_view("*+?{}]").find(c) != std::string_view::npos) fail();
    return c == '.' ? range(' ', '~') : std::string(1, c);
  }

  std::string escaped() {
    const char c = take();
    switch (c) {
      case 'd': return range('0', '9');
      case 'w': return range('a', 'z') + range('A', 'Z') + range('0', '9') + "_";
      case 's': return " \t";
      default: break;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) fail();
    return std::string(1, c);
  }

  std::string characters_of_class() {
    const bool inverted = take("^");
    std::string members;
    while (!take("]")) {
      auto part = take("\\") ? escaped() : std::string(1, take());
      if (part.size() == 1 && at_ + 1 < pattern_.size() && pattern_[at_] == '-' && pattern_[at_ + 1] != ']') {
        ++at_;
        part = range(part[0], take("\\") ? escaped().at(0) : take());
      }
      members += part;
    }
    if (!inverted) return members.empty() ? (fail(), members) : members;
    std::string others;
    for (const char c : range(' ', '~'))
      if (members.find(c) == std::string::npos) others += c;
    return others.empty() ? (fail(), others) : others;
  }

  std::size_t number() {
    std::size_t value = 0;
    if (ends() || pattern_[at_] < '0' || pattern_[at_] > '9') fail();
    while (!ends() && pattern_[at_] >= '0' && pattern_[at_] <= '9')
      value = value * 10 + static_cast<std::size_t>(pattern_[at_++] - '0');
    return value;
  }

  std::size_t repeats() {
    if (take("?")) return below(2);
    if (take("*")) return below(kMostRepeats + 1);
    if (take("+")) return 1 + below(kMostRepeats);
    if (!take("{")) return 1;
    const auto least = number();
    auto most = least;
    if (take(",")) most = !ends() && pattern_[at_] != '}' ? number() : least + kMostRepeats;
    if (!take("}") || most < least) fail();
    return least + below(most - least + 1);
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::mt19937_64& random_;
};

}  // namespace

std::string text_matching(std::string_view pattern, std::mt19937_64& random) { return Drawing(pattern, random).draw(); }

}  // namespace postback::testing
