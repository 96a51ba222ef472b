// ConditionPatterns: the regular expressions of conditions, each compiled once however many conditions have it.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <unordered_map>

namespace postback {

/// Used by one thread, for as long as documents are being read together. Campaigns are often copies of each other, and
/// a compiled pattern takes some kilobytes.
class ConditionPatterns {
 public:
  /// Not to be used unless it is ok(). Letters match either case; nothing is captured.
  std::shared_ptr<const RE2> compile(const std::string& text);

 private:
  std::unordered_map<std::string, std::shared_ptr<const RE2>> compiled_;
};

}  // namespace postback
