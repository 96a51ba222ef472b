// A whole catalog as one JSON file: its collections and their objects.
#include "app/catalog_file.hpp"

#include "postback/base/strict_json.hpp"

#include <set>
#include <string>
#include <utility>

namespace postback {
namespace {

/// Works on one file.
class CatalogFile {
 public:
  void read(const Json& file) {
    for (const auto& [name, content] : file.items()) {
      if (const auto kind = parse_collection(name)) {
        collection(*kind, content);
      } else if (content.is_structured()) {
        faults_.push_back({name, "is no collection", "networks, offers, sources or campaigns"});
      }
    }
  }

  std::variant<std::vector<EntityDocument>, Faults> take() {
    if (!faults_.empty()) return std::move(faults_);
    return std::move(documents_);
  }

 private:
  void collection(EntityKind kind, const Json& content) {
    const std::string name(collection_name(kind));
    if (!content.is_array()) {
      faults_.push_back({name, "is not a list", "a list of objects, each with its id"});
      return;
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < content.size(); ++i) {
      object(kind, name + "[" + std::to_string(i) + "]", content[i], ids);
    }
  }

  void object(EntityKind kind, const std::string& place, Json value, std::set<std::string>& ids) {
    const auto id = value.is_object() ? value.find("id") : value.end();
    if (!value.is_object() || id == value.end() || !id->is_string() || !is_slug(id->get_ref<const std::string&>())) {
      faults_.push_back({place, "has no valid id", "an object with an id of a-z, 0-9, _ and -, at most 64"});
      return;
    }
    EntityDocument document;
    document.kind = kind;
    document.id = id->get<std::string>();
    document.number = static_cast<EntityNumber>(ids.size() + 1);
    if (!ids.insert(document.id).second) {
      faults_.push_back({place + ".id", "\"" + document.id + "\" stands twice", "an id of its own for each"});
      return;
    }
    for (const char* added : {"id", "revision", "updated"}) value.erase(added);
    if (kind == EntityKind::network) complete_token(document.id, value);
    document.json = value.dump();
    documents_.push_back(std::move(document));
  }

  static void complete_token(const std::string& id, Json& network) {
    const auto token = network.find("token");
    if (token != network.end() && !token->is_null() && *token != "") return;
    network.erase("token");
    const auto security = network.find("security");
    const bool open =
        security != network.end() && security->is_object() && security->value("token", Json(true)) == false;
    if (!open) network["token"] = "made-when-stored-" + id;
  }

  std::vector<EntityDocument> documents_;
  Faults faults_;
};

}  // namespace

std::variant<std::vector<EntityDocument>, Faults> read_catalog_file(std::string_view text) {
  const auto parsed = parse_strict_json(text);
  if (!parsed) return Faults{{"(file)", parsed.error().detail, "one JSON object"}};
  if (!parsed->is_object()) return Faults{{"(file)", "is not an object", "one JSON object"}};
  CatalogFile file;
  file.read(*parsed);
  return file.take();
}

}  // namespace postback
