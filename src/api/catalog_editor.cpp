// Changes the catalog through the recorder and publishes what was committed.
#include "postback/api/catalog_editor.hpp"

#include <algorithm>

namespace postback::api {
namespace {

/// Entities written in one transaction: so few that clicks waiting behind them are not held up by more than about a
/// millisecond.
constexpr std::size_t kEntitiesPerPart = 100;
constexpr std::size_t kBytesPerPart = 256 * 1024;

/// How many of the documents from `from` on go into one part; at least one.
std::size_t part_size(std::span<const EntityDocument* const> documents, std::size_t from) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (from + count < documents.size() && count < kEntitiesPerPart && (count == 0 || bytes < kBytesPerPart)) {
    bytes += documents[from + count++]->json.size();
  }
  return count;
}

std::optional<std::uint64_t> revision_of(const EntityDocument* document) {
  return document == nullptr ? std::nullopt : std::optional(document->revision);
}

std::string path_of(EntityKind kind, std::string_view id) {
  return std::string(collection_name(kind)).append("/").append(id);
}

}  // namespace

bool Precondition::holds(std::optional<std::uint64_t> revision) const {
  if (revision ? is_new : exists) return false;
  return !revisions || (revision && std::find(revisions->begin(), revisions->end(), *revision) != revisions->end());
}

CatalogEditor::Outcome CatalogEditor::put(EntityKind kind, std::string_view id, Json object,
                                          const Precondition& precondition, const Author& author) {
  const std::lock_guard lock(mutex_);
  const auto current = slot_.current();
  const auto* before = current->document(kind, id);
  if (!precondition.holds(revision_of(before))) return EditConflict::precondition_failed;
  if (before != nullptr && before->archived) return EditConflict::archived;
  const EntityEdit edit{kind, std::string(id), std::move(object), false};
  auto changed = change_catalog(*current, {&edit, 1}, Unchanged::kept, clock_.wall(), entropy_);
  if (auto* faults = std::get_if<Faults>(&changed)) return seen_from(std::move(*faults), edit);
  return commit(std::move(std::get<CatalogChange>(changed)), "put", path_of(kind, id),
                before == nullptr ? "created" : "replaced", author);
}

CatalogEditor::Outcome CatalogEditor::archive(EntityKind kind, std::string_view id, const Precondition& precondition,
                                              const Author& author) {
  const std::lock_guard lock(mutex_);
  const auto current = slot_.current();
  const auto* before = current->document(kind, id);
  if (before == nullptr) return EditConflict::not_found;
  if (!precondition.holds(revision_of(before))) return EditConflict::precondition_failed;
  const EntityEdit edit{kind, std::string(id), Json{}, true};
  auto changed = change_catalog(*current, {&edit, 1}, Unchanged::left_out, clock_.wall(), entropy_);
  if (auto* faults = std::get_if<Faults>(&changed)) return std::move(*faults);
  return commit(std::move(std::get<CatalogChange>(changed)), "delete", path_of(kind, id), "archived", author);
}

CatalogEditor::Outcome CatalogEditor::apply(const CatalogEdit& edit, const Precondition& precondition,
                                            const Author& author) {
  const std::lock_guard lock(mutex_);
  const auto current = slot_.current();
  if (!precondition.holds(current->revision())) return EditConflict::precondition_failed;
  auto changed = edit.revives ? change_catalog(*current, edit.file.edits, Unchanged::left_out, clock_.wall(), entropy_)
                              : check_catalog_file(edit.file, *current, clock_.wall(), entropy_);
  if (auto* faults = std::get_if<Faults>(&changed)) return std::move(*faults);
  auto& change = std::get<CatalogChange>(changed);
  if (edit.dry_run) return std::move(change);
  return commit(std::move(change), edit.action, "catalog", edit.detail, author);
}

/// Writes the entities in parts, each a transaction of its own with the clicks that wait, then puts all of them in
/// force at once. A change that stops half-way leaves nothing that counts.
CatalogEditor::Outcome CatalogEditor::commit(CatalogChange change, std::string_view action, std::string target,
                                             std::string detail, const Author& author) {
  if (change.entities.empty()) return change;
  const TimeMs now = change.entities.front().after->updated;
  std::vector<const EntityDocument*> documents;
  documents.reserve(change.entities.size());
  for (const auto& entity : change.entities) documents.push_back(entity.after.get());
  for (std::size_t from = 0; from < documents.size();) {
    const auto size = part_size(documents, from);
    OperatorChange part;
    part.revision = change.revision;
    part.first = from == 0;
    part.documents = std::span(documents).subspan(from, size);
    from += size;
    if (from == documents.size()) {
      part.seal = Revision{change.revision, now, std::string(author.key), std::string(action), documents.size()};
      part.audit = AuditEntry{.time = now,
                              .actor = std::string(author.key),
                              .peer = std::string(author.peer),
                              .action = std::string(action),
                              .target = std::move(target),
                              .revision = change.revision,
                              .detail = std::move(detail)};
    }
    if (auto committed = writer_.commit(part); !committed) return committed.error();
  }
  // Only now: nobody may be routed by a change that a crash could undo.
  slot_.publish(change.next);
  return change;
}

}  // namespace postback::api
