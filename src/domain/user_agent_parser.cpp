// UserAgentParser: which patterns may match is told from the fixed parts in the text; RE2 decides.
#include "domain/text_scanner.hpp"
#include "postback/domain/user_agent.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace postback {
namespace {

enum List : std::size_t { kBots, kBrowsers, kSystems, kDevices, kListCount };

constexpr std::string_view kOther = "Other";
constexpr std::string_view kCaptured = "$1";
/// Shorter fixed parts than this say too little to be looked for.
constexpr int kShortestPart = 2;
/// Most memory for each pattern's automaton, in bytes. RE2 starts an automaton anew when it is full.
constexpr std::int64_t kPatternMemory = 1 << 22;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// The only line of `lines` that stands in `text`; empty when there are more, or none.
std::string_view only_line_in(std::string_view text, std::string_view lines) {
  std::string_view only;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    if (text.find(line) == std::string_view::npos) continue;
    if (!only.empty()) return {};
    only = line;
  }
  return only;
}

/// One list of patterns, of which the first match counts.
struct PatternList {
  re2::FilteredRE2 patterns{kShortestPart};
  std::vector<const UserAgentPattern*> taken;  ///< By RE2's number of the pattern.
  std::unordered_set<std::string_view> names;

  void fill(std::span<const UserAgentPattern> from, std::vector<std::string_view>& left_out) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes, whatever a visitor sends
    options.set_log_errors(false);
    options.set_max_mem(kPatternMemory);
    for (const UserAgentPattern& each : from) {
      int number = 0;
      if (patterns.Add(piece(each.pattern), options, &number) == re2::RE2::NoError) {
        taken.push_back(&each);
      } else {
        left_out.push_back(each.pattern);
      }
    }
  }
};

}  // namespace

struct UserAgentParser::Lists {
  std::array<PatternList, kListCount> of;
  TextScanner scanner;
  std::span<const DeviceOfSystem> system_devices;

  /// The number of the first pattern that matches, or -1.
  int first_match(std::size_t list, std::string_view text, Scratch& scratch) const {
    const auto& patterns = of[list].patterns;
    patterns.AllPotentials(scratch.parts[list], &scratch.candidates);
    for (const int number : scratch.candidates) {
      const auto& pattern = patterns.GetRE2(number);
      if (pattern.Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0)) return number;
    }
    return -1;
  }
};

UserAgentParser::UserAgentParser(const UserAgentPatterns& patterns) : lists_(std::make_unique<Lists>()) {
  const std::array<std::span<const UserAgentPattern>, kListCount> given{patterns.bots, patterns.browsers,
                                                                        patterns.systems, patterns.devices};
  for (unsigned list = 0; list < kListCount; ++list) {
    PatternList& filled = lists_->of[list];
    filled.fill(given[list], left_out_);
    if (filled.taken.empty()) continue;  // RE2 prepares no empty list
    std::vector<std::string> parts;
    filled.patterns.Compile(&parts);
    for (std::size_t i = 0; i < parts.size(); ++i) lists_->scanner.add(parts[i], list, static_cast<int>(i));
  }
  lists_->scanner.build();
  lists_->of[kBrowsers].names.insert(patterns.browser_names.begin(), patterns.browser_names.end());
  lists_->of[kSystems].names.insert(patterns.system_names.begin(), patterns.system_names.end());
  lists_->system_devices = patterns.system_devices;
}

UserAgentParser::~UserAgentParser() = default;

UserAgentFacts UserAgentParser::parse(std::string_view text, Scratch& scratch) const {
  UserAgentFacts facts;
  if (text.empty()) return facts;
  scratch.parts.resize(kListCount);
  for (auto& parts : scratch.parts) parts.clear();
  if (scratch.seen.empty() || ++scratch.scan == 0) {
    scratch.seen.assign(lists_->scanner.places(), 0);
    scratch.scan = 1;
  }
  lists_->scanner.scan(text, scratch.seen, scratch.scan,
                       [&scratch](unsigned list, int number) { scratch.parts[list].push_back(number); });
  if (const int bot = lists_->first_match(kBots, text, scratch); bot >= 0) {
    facts.bot = true;
    facts.preview = lists_->of[kBots].taken[static_cast<std::size_t>(bot)]->meaning == "preview";
  }
  facts.os = family(kSystems, text, scratch);
  facts.browser = family(kBrowsers, text, scratch);
  facts.device = facts.bot ? "bot" : device(facts.os, text, scratch);
  facts.bot = facts.device == "bot";
  return facts;
}

std::string_view UserAgentParser::family(std::size_t list, std::string_view text, Scratch& scratch) const {
  const int number = lists_->first_match(list, text, scratch);
  if (number < 0) return kOther;
  const UserAgentPattern& matched = *lists_->of[list].taken[static_cast<std::size_t>(number)];
  const auto place = matched.meaning.find(kCaptured);
  if (place == std::string_view::npos) return matched.meaning;
  std::string_view captured = only_line_in(text, matched.captures);
  if (captured.empty()) {
    // Capturing takes RE2 several times as long as matching.
    std::array<re2::StringPiece, 2> groups;
    const auto& pattern = lists_->of[list].patterns.GetRE2(number);
    pattern.Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));
    captured = {groups[1].data(), groups[1].size()};
  }
  scratch.name.assign(matched.meaning.substr(0, place));
  scratch.name.append(captured).append(matched.meaning.substr(place + kCaptured.size()));
  const auto known = lists_->of[list].names.find(scratch.name);
  return known == lists_->of[list].names.end() ? kOther : *known;
}

std::string_view UserAgentParser::device(std::string_view os, std::string_view text, Scratch& scratch) const {
  const int number = lists_->first_match(kDevices, text, scratch);
  if (number >= 0) {
    if (const auto type = lists_->of[kDevices].taken[static_cast<std::size_t>(number)]->meaning; !type.empty())
      return type;
  }
  for (const DeviceOfSystem& each : lists_->system_devices) {
    if (each.system == os && text.find(each.text) != std::string_view::npos) return each.device;
  }
  return "other";
}

}  // namespace postback
