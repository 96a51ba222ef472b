// Quotes what arrived and words the parts that all verdicts share.
#include "domain/verdict_text.hpp"

#include "postback/base/json_text.hpp"

#include <utility>

namespace postback {

std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return std::string(utf8_prefix(text, bytes)) + "…";
}

std::string quoted(const SecretMask& mask, std::string_view value) {
  if (value.empty()) return "(empty)";
  return "`" + shortened(mask.text(value), kLongestQuote) + "`";
}

Verdict refusal(VerdictCode code, std::string message, std::string evidence, std::string fix) {
  Verdict verdict;
  verdict.result = VerdictResult::refused;
  verdict.code = code;
  verdict.message = std::move(message);
  verdict.evidence = shortened(evidence, kLongestEvidence);
  verdict.fix = std::move(fix);
  return verdict;
}

void make_test(Verdict& verdict) {
  verdict.result = VerdictResult::test;
  verdict.message = "Test, nothing was recorded; a real postback would be answered: " + verdict.message;
}

}  // namespace postback
