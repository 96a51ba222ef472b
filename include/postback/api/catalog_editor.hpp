// CatalogEditor: changes the catalog, one change at a time: check, commit, publish.
#pragma once

#include "postback/api/change_writer.hpp"
#include "postback/base/clock.hpp"
#include "postback/base/entropy.hpp"
#include "postback/base/result.hpp"
#include "postback/domain/catalog_file.hpp"
#include "postback/store/catalog_slot.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback::api {

/// Who asked for a change: for the revision and the audit log.
struct Author {
  std::string_view key;   ///< ID of the API key.
  std::string_view peer;  ///< Address of the caller.
};

/// What must hold when a change is made (RFC 9110 section 13). Empty: anything goes.
struct Precondition {
  /// If-Match: the revision of the entity, or of the catalog, is one of these.
  std::optional<std::vector<std::uint64_t>> revisions;
  bool exists = false;  ///< `If-Match: *`.
  bool is_new = false;  ///< `If-None-Match: *`.

  /// `revision`: of what is there, nothing when there is nothing.
  bool holds(std::optional<std::uint64_t> revision) const;
};

/// Why an edit was not made although its document is right.
enum class EditConflict : std::uint8_t {
  precondition_failed,
  not_found,  ///< Nothing to archive there.
  archived,   ///< The ID belongs to an archived entity: it is brought back by restoring a revision, not by a put.
};

/// An import or a restore: many edits that become one revision, all or none.
struct CatalogEdit {
  CatalogFile file;
  std::string_view action;  ///< For revision and audit log: `import` or `restore`.
  std::string detail;       ///< For the audit log.
  bool revives = false;     ///< Whether archived entities may be brought back, as by a restore.
  bool dry_run = false;     ///< Check only; nothing is changed.
};

/// Thread-safe. Concurrent changes wait for each other, since each is checked against the catalog that the one before
/// left. A change blocks its thread until it is committed, so never call this on an io thread.
class CatalogEditor {
 public:
  /// What became of a change. Error: store_busy when the recorder did not take or could not commit it.
  using Outcome = std::variant<CatalogChange, EditConflict, Faults, Error>;

  CatalogEditor(CatalogSlot& slot, ChangeWriter& writer, const Clock& clock, Entropy& entropy)
      : slot_(slot), writer_(writer), clock_(clock), entropy_(entropy) {}

  /// Puts `object` under `kind`/`id`. On return the change is durable and published.
  Outcome put(EntityKind kind, std::string_view id, Json object, const Precondition& precondition,
              const Author& author);
  /// Archives an entity: nothing may refer to it any more. One that is archived already stays as it is.
  Outcome archive(EntityKind kind, std::string_view id, const Precondition& precondition, const Author& author);
  /// Applies a whole set of edits; `precondition.revisions` are those of the catalog. What an edit leaves as it is, is
  /// not changed and not in the outcome.
  Outcome apply(const CatalogEdit& edit, const Precondition& precondition, const Author& author);

 private:
  Outcome commit(CatalogChange change, std::string_view action, std::string target, std::string detail,
                 const Author& author);

  CatalogSlot& slot_;
  ChangeWriter& writer_;
  const Clock& clock_;
  Entropy& entropy_;
  std::mutex mutex_;  ///< Held during a whole change.
};

}  // namespace postback::api
