// KeyEditor: creates, changes and revokes API keys, one change at a time: check, commit, publish.
#pragma once

#include "postback/api/api_keys.hpp"
#include "postback/api/catalog_editor.hpp"
#include "postback/api/change_writer.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/entropy.hpp"
#include "postback/domain/key_draft.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

namespace postback::api {

/// A key as a change left it.
struct KeyChange {
  StoredKey key;
  std::string secret{};  ///< The key itself, when it was created: nobody can see it again.
};

/// Why a key was not changed although its document is right.
enum class KeyConflict : std::uint8_t {
  precondition_failed,
  not_found,   ///< Nothing to revoke there.
  revoked,     ///< The ID belongs to a revoked key.
  last_admin,  ///< Afterwards no key that is in force could change keys.
  too_many,    ///< The store has KeyEditor::kMostKeys, revoked ones included.
};

/// Thread-safe. A change blocks its thread until it is committed, so never call this on an io thread.
class KeyEditor {
 public:
  /// Every request is compared with every key; so many take well under a millisecond.
  static constexpr std::size_t kMostKeys = 10'000;

  /// What became of a change. Faults: the expiry of a new key lies in the past. Error: store_busy when the recorder did
  /// not take or could not commit it.
  using Outcome = std::variant<KeyChange, KeyConflict, Faults, Error>;

  KeyEditor(ApiKeySlot& slot, ChangeWriter& writer, const Clock& clock, Entropy& entropy)
      : slot_(slot), writer_(writer), clock_(clock), entropy_(entropy) {}

  /// Creates the key `id`, or changes its name, role and expiry. `precondition.revisions` are versions of the key. On
  /// return the change is durable and in force.
  Outcome put(std::string_view id, const KeyDraft& draft, const Precondition& precondition, const Author& author);
  /// Revokes a key for good. One that is revoked already stays as it is.
  Outcome revoke(std::string_view id, const Precondition& precondition, const Author& author);

 private:
  Outcome create(std::string_view id, const KeyDraft& draft, const ApiKeys& current, const Author& author);
  Outcome commit(StoredKey key, const ApiKeys& current, std::string_view action, std::string detail,
                 const Author& author);

  ApiKeySlot& slot_;
  ChangeWriter& writer_;
  const Clock& clock_;
  Entropy& entropy_;
  std::mutex mutex_;  ///< Held during a whole change.
};

}  // namespace postback::api
