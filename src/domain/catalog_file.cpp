// Reads the collections of a catalog file and checks what they would change.
#include "postback/domain/catalog_file.hpp"

#include <set>
#include <utility>

namespace postback {
namespace {

std::string known_members() {
  std::string names;
  for (const auto kind : kEntityKinds) names.append(names.empty() ? "" : ", ").append(collection_name(kind));
  return names;
}

/// Works on one file.
class FileReader {
 public:
  explicit FileReader(CatalogFile& file) : file_(file) {}

  void read(Json& content) {
    if (!content.is_object()) return fault("(document)", "is not an object", "one JSON object with " + known_members());
    for (auto& [name, value] : content.items()) {
      if (const auto kind = parse_collection(name)) {
        read_collection(*kind, name, value);
      } else if (name == "format") {
        if (value != kCatalogFormat) {
          fault(name, "is not one that can be imported", "\"" + std::string(kCatalogFormat) + "\"");
        }
      } else if (name != "revision" && name != "exported") {
        fault(name, "is not a collection of the catalog", known_members());
      }
    }
  }

 private:
  void fault(std::string field, std::string problem, std::string expected) {
    file_.faults.push_back({std::move(field), std::move(problem), std::move(expected)});
  }

  void read_collection(EntityKind kind, const std::string& name, Json& entities) {
    if (!entities.is_array()) return fault(name, "is not an array", "an array of objects, each with its \"id\"");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < entities.size(); ++i) {
      const auto place = name + "[" + std::to_string(i) + "]";
      auto read = read_entity_object(std::move(entities[i]));
      if (const auto* wrong = std::get_if<Fault>(&read)) {
        fault(wrong->field == "id" ? place + ".id" : place, wrong->problem, wrong->expected);
        continue;
      }
      auto& entity = std::get<EntityObject>(read);
      if (!entity.id) {
        fault(place + ".id", "is missing", "the object's ID");
      } else if (!seen.insert(*entity.id).second) {
        fault(place + ".id", "stands twice in this collection", "each ID once");
      } else {
        file_.edits.push_back({kind, std::move(*entity.id), std::move(entity.object), false});
      }
    }
  }

  CatalogFile& file_;
};

/// No larger than what a put takes: one transaction holds a whole entity, and clicks wait for it.
constexpr std::size_t kLargestEntity = 1024 * 1024;

Faults too_large(const CatalogChange& change) {
  Faults faults;
  for (const auto& entity : change.entities) {
    if (entity.after->json.size() <= kLargestEntity) continue;
    faults.push_back({std::string(collection_name(entity.after->kind)) + "/" + entity.after->id,
                      "has " + std::to_string(entity.after->json.size()) + " bytes", "at most 1 MiB for one object"});
  }
  return faults;
}

Faults archived_in_the_way(const Catalog& current, std::span<const EntityEdit> edits) {
  Faults faults;
  for (const EntityEdit& edit : edits) {
    const auto* before = current.document(edit.kind, edit.id);
    if (before == nullptr || !before->archived || edit.archived) continue;
    faults.push_back({std::string(collection_name(edit.kind)) + "/" + edit.id + ": id",
                      "belongs to an archived " + std::string(to_string(edit.kind)),
                      "another ID, or restore the revision in which it was still there"});
  }
  return faults;
}

}  // namespace

std::variant<EntityObject, Fault> read_entity_object(Json value) {
  if (!value.is_object()) return Fault{"(document)", "is not an object", "one JSON object"};
  EntityObject entity;
  if (const auto id = value.find("id"); id != value.end()) {
    if (!id->is_string() || !is_slug(id->get_ref<const std::string&>())) {
      return Fault{"id", "is not a slug", "1 to 64 of a-z, 0-9, _ and -, the first one a letter or digit"};
    }
    entity.id = id->get<std::string>();
  }
  for (const char* const own : {"id", "archived", "revision", "updated"}) value.erase(own);
  entity.object = std::move(value);
  return entity;
}

CatalogFile read_catalog_file(Json content) {
  CatalogFile file;
  FileReader(file).read(content);
  return file;
}

void archive_the_rest(CatalogFile& file, const Catalog& catalog) {
  std::set<std::pair<EntityKind, std::string_view>> kept;
  for (const EntityEdit& edit : file.edits) kept.insert({edit.kind, edit.id});
  std::vector<EntityEdit> rest;
  for (const auto& document : catalog.documents()) {
    if (document->archived || kept.contains({document->kind, document->id})) continue;
    rest.push_back({document->kind, document->id, Json{}, true});
  }
  file.edits.insert(file.edits.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
}

std::variant<CatalogChange, Faults> check_catalog_file(const CatalogFile& file, const Catalog& current, TimeMs now,
                                                       Entropy& entropy) {
  Faults faults = file.faults;
  const auto add = [&](const Faults& more) { faults.insert(faults.end(), more.begin(), more.end()); };
  add(archived_in_the_way(current, file.edits));
  auto changed = change_catalog(current, file.edits, Unchanged::left_out, now, entropy);
  if (const auto* found = std::get_if<Faults>(&changed)) {
    for (const Fault& fault : *found) {
      // What an unreadable object would have been is not known, so nothing is said of who refers to it.
      if (file.faults.empty() || !fault.problem.starts_with("there is no ")) faults.push_back(fault);
    }
  }
  if (const auto* change = std::get_if<CatalogChange>(&changed)) add(too_large(*change));
  if (!faults.empty()) return faults;
  return changed;
}

}  // namespace postback
