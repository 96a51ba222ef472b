// Masks the values of a request's token and signature where they stand, whatever they are and however many.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace postback {

/// The names under which one request's token and signature are looked for. Views them.
struct CredentialNames {
  std::span<const std::string> token;
  std::span<const std::string> sign;

  /// Whether a parameter of this name is a credential; also with the `amp;` that HTML escaping leaves.
  bool hold(std::string_view parameter) const;
  /// Whether the member of this name of a JSON object may be one. `inner`: of one that stands in another.
  bool hold_member(std::string_view member, bool inner) const;
};

/// A query or form body, undecoded.
std::string mask_credentials(std::string_view pairs, const CredentialNames& names);
/// A target: what stands behind its first `?`.
std::string mask_target_credentials(std::string_view target, const CredentialNames& names);
/// A JSON body, valid or not. What is masked is text then, also where it was a number.
std::string mask_json_credentials(std::string_view body, const CredentialNames& names);

}  // namespace postback
