// Checks what code calls and how long its functions are.
#include "support/tidy_checks.hpp"

#include <algorithm>
#include <array>

namespace postback::tidy {

namespace {

constexpr std::size_t kLongestFunction = 70;

struct BannedCall {
  std::string_view name;
  std::string_view reason;
};
constexpr std::array kBannedEverywhere{
    BannedCall{"rand", "take an Entropy, or a seeded generator in a test"},
    BannedCall{"srand", "take an Entropy, or a seeded generator in a test"},
    BannedCall{"strcpy", "it does not know the buffer's size"},
    BannedCall{"strcat", "it does not know the buffer's size"},
    BannedCall{"sprintf", "it does not know the buffer's size"},
    BannedCall{"vsprintf", "it does not know the buffer's size"},
    BannedCall{"system", "no shell is needed"},
};
constexpr std::array kBannedSleeps{
    BannedCall{"sleep_for", "wait for what must happen, not for time"},
    BannedCall{"sleep_until", "wait for what must happen, not for time"},
    BannedCall{"usleep", "wait for what must happen, not for time"},
    BannedCall{"nanosleep", "wait for what must happen, not for time"},
    BannedCall{"sleep", "wait for what must happen, not for time"},
};

/// Whether `name` is called at `at` as a function of the library, not as a member of something.
bool is_library_call(std::string_view code, std::string_view name, std::size_t at) {
  const auto next = code.find_first_not_of(" \n", at + name.size());
  if (next == std::string_view::npos || code[next] != '(') return false;
  const auto before = code.substr(0, at);
  return !before.ends_with('.') && !before.ends_with("->");
}

void find_calls(const SourceFile& file, std::string_view code, const BannedCall& call, Findings& findings) {
  for (auto at = find_word(code, call.name); at != std::string_view::npos; at = find_word(code, call.name, at + 1)) {
    if (!is_library_call(code, call.name, at)) continue;
    findings.push_back(file.path + ":" + std::to_string(line_at(code, at)) + ": " + std::string(call.name) + ": " +
                       std::string(call.reason));
  }
}

void find_text(const SourceFile& file, std::string_view code, std::string_view text, std::string_view reason,
               Findings& findings) {
  const auto at = code.find(text);
  if (at == std::string_view::npos) return;
  findings.push_back(file.path + ":" + std::to_string(line_at(code, at)) + ": " + std::string(text) + ": " +
                     std::string(reason));
}

struct Block {
  std::size_t begin;  ///< Position of its head: what stands before its brace.
  std::size_t open;   ///< Position of its brace.
};

/// Whether the text before a brace is that of a function rather than of a type, a namespace or a value.
bool is_function_head(std::string_view head) {
  head.remove_prefix(std::min(head.find_first_not_of(" \n\t"), head.size()));
  if (head.find(')') == std::string_view::npos) return false;
  const auto last = head.find_last_not_of(" \n\t");
  if (last == std::string_view::npos || head[last] == '=') return false;
  return std::ranges::none_of(
      std::initializer_list<std::string_view>{"namespace", "class", "struct", "enum", "union", "extern"},
      [&](std::string_view word) { return head.starts_with(word); });
}

}  // namespace

Findings banned_call_findings(const SourceFile& file) {
  Findings findings;
  if (!file.is_cpp()) return findings;
  const auto code = code_only(file.text);
  for (const auto& call : kBannedEverywhere) find_calls(file, code, call, findings);
  // Waiting for another process needs a bounded poll; it stands once, in the tests' support library.
  if (!file.is_below("tests/support/")) {
    for (const auto& call : kBannedSleeps) find_calls(file, code, call, findings);
  }
  find_text(file, code, "using namespace std;", "name what is meant", findings);
  const bool speaks_to_people = file.is_below("src/app/") || file.path == "src/main.cpp" || file.is_below("tests/");
  if (!speaks_to_people) find_text(file, code, "std::cout", "only app/ speaks to the terminal", findings);
  return findings;
}

Findings function_length_findings(const SourceFile& file) {
  Findings findings;
  if (!file.is_cpp()) return findings;
  const auto code = code_only(file.text);
  std::vector<Block> blocks;
  std::size_t head = 0;
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (code[at] == '{') blocks.push_back({head, at});
    if (code[at] == '}' && !blocks.empty()) {
      const auto block = blocks.back();
      blocks.pop_back();
      const auto lines = line_at(code, at) - line_at(code, block.open);
      const auto text = std::string_view(code).substr(block.begin, block.open - block.begin);
      if (lines > kLongestFunction + 1 && is_function_head(text)) {
        findings.push_back(file.path + ":" + std::to_string(line_at(code, block.open)) + ": a function of " +
                           std::to_string(lines - 1) + " lines; split it");
      }
    }
    if (code[at] == '{' || code[at] == '}' || code[at] == ';') head = at + 1;
  }
  return findings;
}

}  // namespace postback::tidy
