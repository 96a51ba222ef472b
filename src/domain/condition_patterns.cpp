// Compiles patterns within their bound of memory.
#include "domain/condition_patterns.hpp"

#include <cstdint>

namespace postback {
namespace {

constexpr std::int64_t kPatternMemory = 256 * 1024;  // For each, once compiled and in use.

}  // namespace

std::shared_ptr<const RE2> ConditionPatterns::compile(const std::string& text) {
  auto& pattern = compiled_[text];
  if (pattern != nullptr) return pattern;
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_never_capture(true);
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  return pattern = std::make_shared<const RE2>(text, options);
}

}  // namespace postback
