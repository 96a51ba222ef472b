// Looks for the shape of co_await expressions that g++ 12 compiles wrongly.
#include "support/tidy_checks.hpp"

#include <algorithm>

namespace postback::tidy {

namespace {

constexpr std::string_view kBlank = " \n\t";

std::size_t previous_character(std::string_view code, std::size_t position) {
  return position == 0 ? std::string_view::npos : code.find_last_not_of(kBlank, position - 1);
}

/// Whether the brace at `open` begins a block of statements rather than a braced value.
bool opens_block(std::string_view code, std::size_t open) {
  const auto before = previous_character(code, open);
  if (before == std::string_view::npos) return true;
  if (std::string_view(");{}").find(code[before]) != std::string_view::npos) return true;
  const auto head = code.substr(0, before + 1);
  return std::ranges::any_of(std::initializer_list<std::string_view>{"else", "do", "try", "noexcept", "mutable"},
                             [&](std::string_view word) { return head.ends_with(word); });
}

/// Where the statement that holds `at` begins: after the `;`, `{` or `}` before it.
std::size_t statement_begin(std::string_view code, std::size_t at) {
  int depth = 0;
  while (at > 0) {
    const char character = code[--at];
    if (character == ')' || character == ']') ++depth;
    if (character == '(' || character == '[') --depth;
    if (depth > 0) continue;
    if (character == ';' || (character == '{' && opens_block(code, at))) return at + 1;
    if (character == '}') {
      const auto next = code.find_first_not_of(kBlank, at + 1);
      if (next != std::string_view::npos && is_word(code[next])) return at + 1;
    }
  }
  return 0;
}

/// Where the lambda that begins at `open` with its captures ends; `open` when it is a subscript or attribute.
std::size_t lambda_end(std::string_view code, std::size_t open) {
  const auto before = previous_character(code, open);
  if (before != std::string_view::npos && (is_word(code[before]) || code[before] == ')' || code[before] == ']')) {
    return open;
  }
  const auto body = code.find_first_of("{;", open);
  if (body == std::string_view::npos || code[body] == ';') return open;
  int depth = 0;
  for (auto at = body; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return open;
}

/// What is wrong with the statement that begins at `begin`; empty when nothing is.
std::string_view statement_fault(std::string_view code, std::size_t begin) {
  int depth = 0;
  for (auto at = begin; at < code.size(); ++at) {
    const char character = code[at];
    if (character == '(') ++depth;
    if (character == ')') --depth;
    if (character == ';' && depth <= 0) break;
    if (character == '[') {
      const auto end = lambda_end(code, at);
      if (end == at) continue;
      const bool captures = code.find_first_not_of(kBlank, at + 1) != code.find(']', at);
      if (captures) return "a capturing lambda";
      at = end;
    } else if (character == '{') {
      if (depth <= 0 && opens_block(code, at)) break;
      return "a braced temporary";
    }
  }
  return {};
}

}  // namespace

Findings await_findings(const SourceFile& file) {
  Findings findings;
  if (!file.is_cpp()) return findings;
  const auto code = code_only(file.text);
  for (auto at = find_word(code, "co_await"); at != std::string::npos; at = find_word(code, "co_await", at + 1)) {
    const auto fault = statement_fault(code, statement_begin(code, at));
    if (fault.empty()) continue;
    findings.push_back(file.path + ":" + std::to_string(line_at(code, at)) + ": " + std::string(fault) +
                       " in an expression with co_await; name it on the line above and move it in");
  }
  return findings;
}

}  // namespace postback::tidy
