// Changes the API's keys through the recorder and publishes what was committed.
#include "postback/api/key_editor.hpp"

#include "postback/base/time_text.hpp"

#include <algorithm>

namespace postback::api {
namespace {

std::optional<std::uint64_t> version_of(const StoredKey* key) {
  return key == nullptr ? std::nullopt : std::optional(key->version);
}

/// Whether no key but `changed` could change keys, and `changed` could no longer do so.
bool leaves_no_admin(const ApiKeys& current, const StoredKey& before, const StoredKey& changed, TimeMs now) {
  // One that ends some day does not count: after that day nobody could make keys any more.
  const auto can_administer = [now](const StoredKey& key) {
    return key.role == Role::admin && is_in_force(key, now) && !key.expires;
  };
  if (!can_administer(before) || can_administer(changed)) return false;
  return std::none_of(current.all().begin(), current.all().end(),
                      [&](const StoredKey& key) { return key.id != changed.id && can_administer(key); });
}

std::string described(const StoredKey& key) {
  return "role " + std::string(to_string(key.role)) + ", " +
         (key.expires ? "expires " + format_rfc3339(*key.expires) : "never expires");
}

}  // namespace

KeyEditor::Outcome KeyEditor::put(std::string_view id, const KeyDraft& draft, const Precondition& precondition,
                                  const Author& author) {
  const std::lock_guard lock(mutex_);
  const auto current = slot_.current();
  const auto* before = current->find(id);
  if (!precondition.holds(version_of(before))) return KeyConflict::precondition_failed;
  if (before == nullptr) return create(id, draft, *current, author);
  if (before->revoked) return KeyConflict::revoked;
  StoredKey changed = *before;
  changed.name = draft.name;
  changed.role = draft.role;
  changed.expires = draft.expires;
  if (leaves_no_admin(*current, *before, changed, clock_.wall())) return KeyConflict::last_admin;
  auto detail = described(*before) + " -> " + described(changed);
  return commit(std::move(changed), *current, "key.update", std::move(detail), author);
}

KeyEditor::Outcome KeyEditor::create(std::string_view id, const KeyDraft& draft, const ApiKeys& current,
                                     const Author& author) {
  if (current.all().size() >= kMostKeys) return KeyConflict::too_many;
  const TimeMs now = clock_.wall();
  if (draft.expires && *draft.expires <= now) {
    return Faults{{"expires", "is in the past", "a time to come, or null for never"}};
  }
  auto secret = make_api_key(entropy_);
  StoredKey key{.id = std::string(id),
                .name = draft.name,
                .sha256 = hash_api_key(secret),
                .role = draft.role,
                .created = now,
                .version = 0,
                .expires = draft.expires};
  auto detail = described(key);
  auto outcome = commit(std::move(key), current, "key.create", std::move(detail), author);
  if (auto* change = std::get_if<KeyChange>(&outcome)) change->secret = std::move(secret);
  return outcome;
}

KeyEditor::Outcome KeyEditor::revoke(std::string_view id, const Precondition& precondition, const Author& author) {
  const std::lock_guard lock(mutex_);
  const auto current = slot_.current();
  const auto* before = current->find(id);
  if (before == nullptr) return KeyConflict::not_found;
  if (!precondition.holds(version_of(before))) return KeyConflict::precondition_failed;
  if (before->revoked) return KeyChange{*before};
  StoredKey changed = *before;
  changed.revoked = clock_.wall();
  if (leaves_no_admin(*current, *before, changed, *changed.revoked)) return KeyConflict::last_admin;
  return commit(std::move(changed), *current, "key.revoke", described(*before), author);
}

KeyEditor::Outcome KeyEditor::commit(StoredKey key, const ApiKeys& current, std::string_view action, std::string detail,
                                     const Author& author) {
  key.updated = clock_.wall();
  ++key.version;
  OperatorChange change;
  change.key = key;
  change.audit = AuditEntry{.time = key.updated,
                            .actor = std::string(author.key),
                            .peer = std::string(author.peer),
                            .action = std::string(action),
                            .target = "keys/" + key.id,
                            .detail = std::move(detail)};
  if (auto committed = writer_.commit(change); !committed) return committed.error();
  // Only now: a key must not open anything that a crash could close again.
  slot_.publish(current.with(key));
  return KeyChange{std::move(key)};
}

}  // namespace postback::api
