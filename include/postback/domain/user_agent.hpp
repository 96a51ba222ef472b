// UserAgentParser: device type, operating system, browser and bot from a User-Agent header.
#pragma once

#include "postback/domain/user_agent_patterns.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// All empty for an empty user agent. The texts are constants of the program.
struct UserAgentFacts {
  std::string_view device;   ///< desktop, mobile, tablet, tv, console, bot or other.
  std::string_view os;       ///< Family without version; `Other` when no pattern knows it.
  std::string_view browser;  ///< Likewise.
  bool bot = false;
  bool preview = false;  ///< A bot that shows people a link before they follow it.

  bool operator==(const UserAgentFacts&) const = default;
};

/// Immutable and shared by threads. Making one takes about 0.1 s, parsing some microseconds: only the patterns of whose
/// fixed parts enough stand in the text are tried, and all these parts are found in one pass over it. Takes time linear
/// in the length of the text.
class UserAgentParser {
 public:
  explicit UserAgentParser(const UserAgentPatterns& patterns);
  ~UserAgentParser();

  /// What a thread needs to parse without allocating each time.
  struct Scratch {
    std::vector<std::uint32_t> seen;  ///< By place in the scanner: the last scan that came by.
    std::uint32_t scan = 0;
    std::vector<std::vector<int>> parts;  ///< By list: the fixed parts that were found.
    std::vector<int> candidates;
    std::string name;
  };
  UserAgentFacts parse(std::string_view text, Scratch& scratch) const;

  /// Patterns that RE2 does not take; they never match.
  const std::vector<std::string_view>& left_out() const { return left_out_; }

 private:
  struct Lists;
  std::string_view family(std::size_t list, std::string_view text, Scratch& scratch) const;
  std::string_view device(std::string_view os, std::string_view text, Scratch& scratch) const;

  std::unique_ptr<Lists> lists_;
  std::vector<std::string_view> left_out_;
};

}  // namespace postback
