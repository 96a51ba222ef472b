// Making an API key in the store's file while no server runs: for who has lost the last admin key.
#pragma once

#include "postback/app/app.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/role.hpp"

#include <optional>
#include <string>

namespace postback {

struct NewKey {
  std::string id;
  std::string name;
  Role role = Role::viewer;
  std::optional<TimeMs> expires;
};

/// Adds the key with its line in the audit log; returns the secret. Errors: not_found (no store there),
/// invalid_argument (ID taken, expiry in the past), store_locked (a server runs), and all of opening and committing.
Result<std::string> create_key_in_store(const AppOptions& options, const NewKey& key);

}  // namespace postback
