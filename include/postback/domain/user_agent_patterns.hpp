// UserAgentPatterns: what user agents are recognised by; packaged ones are made at build time from public lists.
#pragma once

#include <span>
#include <string_view>

namespace postback {

/// A pattern in RE2's syntax and what a match says. `meaning` of a bot: `bot`, or `preview` for what shows people a
/// link before they follow it; of a device: its type, or empty when the pattern does not tell; else a family, in which
/// $1 stands for what the first group captured. `captures`: what that can be, one text a line, when it is known.
struct UserAgentPattern {
  std::string_view pattern;
  std::string_view meaning;
  std::string_view captures{};
};

/// The device type of an operating system, where the user agent contains `text`; the first that fits counts.
struct DeviceOfSystem {
  std::string_view system;
  std::string_view text;
  std::string_view device;
};

/// Lists in which the first match counts. All texts are constants of the program.
struct UserAgentPatterns {
  std::span<const UserAgentPattern> bots;
  std::span<const UserAgentPattern> browsers;
  std::span<const UserAgentPattern> systems;
  std::span<const UserAgentPattern> devices;
  std::span<const std::string_view> browser_names;  ///< Every family that may be given; another is `Other`.
  std::span<const std::string_view> system_names;
  std::span<const DeviceOfSystem> system_devices;
};

/// uap-core's and crawler-user-agents' patterns, as scripts/data/package.json pins them.
UserAgentPatterns packaged_user_agent_patterns();

}  // namespace postback
