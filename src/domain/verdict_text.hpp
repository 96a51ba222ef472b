// VerdictText: the words of verdicts, with what arrived quoted safely.
#pragma once

#include "domain/secret_masking.hpp"
#include "postback/domain/verdict.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Longest quoted value, and longest evidence as a whole, in bytes.
inline constexpr std::size_t kLongestQuote = 80;
inline constexpr std::size_t kLongestEvidence = 300;

/// `text` cut at `bytes` without halving a UTF-8 character, with an ellipsis if anything was cut.
std::string shortened(std::string_view text, std::size_t bytes);

/// A value as it arrived, in back quotes: secrets masked, long ones cut. An empty one is `(empty)`.
std::string quoted(const SecretMask& mask, std::string_view value);

/// A refusal, with its evidence cut at kLongestEvidence.
Verdict refusal(VerdictCode code, std::string message, std::string evidence, std::string fix);

/// Turns a verdict into what test=1 gets: the same code and words, and that nothing was recorded.
void make_test(Verdict& verdict);

}  // namespace postback
