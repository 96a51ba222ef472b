// Edits of the catalog: completes the user's objects, then lets the whole catalog be built with them.
#include "postback/domain/catalog_change.hpp"

#include "domain/catalog_entities.hpp"
#include "postback/domain/destination_profiles.hpp"
#include "postback/domain/webhook_signature.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

namespace postback {
namespace {

constexpr std::size_t kTokenBytes = 16;

bool has_text(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && !found->is_null() && *found != "";
}

bool opts_out_of_token(const Json& object) {
  const auto security = object.find("security");
  return security != object.end() && security->is_object() && security->value("token", Json(true)) == Json(false);
}

/// Whether the edit leaves every word of the entity as it is stored.
bool keeps_words(const EntityEdit& edit, const EntityDocument* before) {
  if (before == nullptr) return false;
  if (edit.archived) return true;
  Json object = edit.object;
  if (object.is_object()) object.erase("id");
  return object == Json::parse(before->json, nullptr, false);
}

/// A network keeps its token unless the body has one; without any it gets a random one, unless it needs none.
void complete_token(Json& object, const EntityDocument* before, Entropy& entropy) {
  if (has_text(object, "token")) return;
  object.erase("token");
  if (before != nullptr) {
    const Json old = Json::parse(before->json, nullptr, false);
    if (old.is_object() && has_text(old, "token")) {
      object["token"] = old["token"];
      return;
    }
  }
  if (!opts_out_of_token(object)) object["token"] = random_hex(entropy, kTokenBytes);
}

/// A source has a token only when it is asked for: `new` makes one, `off` takes it away. What is not named stays.
void settle_source_token(Json& object, const EntityDocument* before, Entropy& entropy) {
  const auto given = object.find("token");
  if (given != object.end() && *given == "new") {
    object["token"] = random_hex(entropy, kTokenBytes);
  } else if (given != object.end() && *given == "off") {
    object["token"] = nullptr;
  } else if (!has_text(object, "token") && before != nullptr) {
    const Json old = Json::parse(before->json, nullptr, false);
    if (old.is_object() && has_text(old, "token")) object["token"] = old["token"];
  }
}

/// The profile that a destination's object names, if there is one of that name.
const DestinationProfile* profile_of(const Json& destination) {
  const auto profile = destination.find("profile");
  if (profile == destination.end() || !profile->is_string()) return nullptr;
  return built_in_destination_profiles().find(profile->get_ref<const std::string&>());
}

/// A feed keeps its token as a network does; what a profile signs keeps its secrets, unless the body speaks of signing.
void complete_secrets(Json& object, const EntityDocument* before, Entropy& entropy) {
  const DestinationProfile* const profile = profile_of(object);
  const Json old = before == nullptr ? Json() : Json::parse(before->json, nullptr, false);
  const bool is_feed =
      has_text(object, "method") ? object["method"] == "FEED" : profile != nullptr && profile->is_feed();
  if (is_feed && !has_text(object, "feed_token")) {
    const bool kept = old.is_object() && has_text(old, "feed_token");
    object["feed_token"] = kept ? old["feed_token"] : Json(random_hex(entropy, kTokenBytes));
  }
  if (profile == nullptr || !profile->is_signed || object.contains("signing")) return;
  if (old.is_object() && old.contains("signing"))
    object["signing"] = old["signing"];
  else
    object["signing"]["secrets"] = Json::array({new_webhook_secret(entropy)});
}

/// Turns edits into documents.
class Editing {
 public:
  Editing(const Catalog& current, TimeMs now, Entropy& entropy) : current_(current), now_(now), entropy_(entropy) {
    for (const EntityKind kind : kEntityKinds) {
      auto& last = last_number_[static_cast<std::size_t>(kind) - 1];
      for (const auto& document : current.documents(kind)) last = std::max(last, document->number);
    }
  }

  ParsedDocument document(const EntityEdit& edit) {
    const EntityDocument* before = current_.document(edit.kind, edit.id);
    ParsedDocument made;
    EntityDocument& document = made.document;
    document.kind = edit.kind;
    document.id = edit.id;
    document.revision = current_.revision() + 1;
    document.updated = now_;
    document.archived = edit.archived;
    made.stored = edit.stored || keeps_words(edit, before);
    made.object = edit.archived && before != nullptr ? Json::parse(before->json) : edit.object;
    if (edit.kind == EntityKind::network && made.object.is_object()) complete_token(made.object, before, entropy_);
    if (edit.kind == EntityKind::source && made.object.is_object()) settle_source_token(made.object, before, entropy_);
    if (edit.kind == EntityKind::destination && made.object.is_object())
      complete_secrets(made.object, before, entropy_);
    if (edit.kind == EntityKind::campaign && made.object.is_object()) settle_state(made.object, document);
    document.number = before != nullptr ? before->number : ++last_number_[static_cast<std::size_t>(edit.kind) - 1];
    return made;
  }

 private:
  /// A campaign says in its own words that it is archived.
  static void settle_state(Json& object, EntityDocument& document) {
    if (document.archived) object["state"] = "archived";
    const auto state = object.find("state");
    document.archived = state != object.end() && *state == "archived";
  }

  const Catalog& current_;
  const TimeMs now_;
  Entropy& entropy_;
  std::array<EntityNumber, kEntityKindCount> last_number_{};
};

bool same(const EntityDocument* before, const EntityDocument& after) {
  return before != nullptr && before->archived == after.archived && before->json == after.json;
}

CatalogChange change_between(const Catalog& current, std::span<const EntityEdit> edits,
                             std::shared_ptr<const Catalog> next) {
  CatalogChange change;
  change.revision = next->revision();
  for (const EntityEdit& edit : edits) {
    change.entities.push_back({current.share(edit.kind, edit.id), next->share(edit.kind, edit.id)});
  }
  std::sort(change.entities.begin(), change.entities.end(), [](const EntityChange& a, const EntityChange& b) {
    return std::tie(a.after->kind, a.after->id) < std::tie(b.after->kind, b.after->id);
  });
  change.next = std::move(next);
  return change;
}

}  // namespace

Faults seen_from(Faults faults, const EntityEdit& edit) {
  const std::string prefix = std::string(collection_name(edit.kind)) + "/" + edit.id + ": ";
  for (Fault& fault : faults) {
    if (fault.field.starts_with(prefix)) fault.field.erase(0, prefix.size());
  }
  return faults;
}

std::variant<CatalogChange, Faults> change_catalog(const Catalog& current, std::span<const EntityEdit> edits,
                                                   Unchanged unchanged, TimeMs now, Entropy& entropy) {
  Editing editing(current, now, entropy);
  std::vector<ParsedDocument> documents;
  documents.reserve(edits.size());
  for (const EntityEdit& edit : edits) documents.push_back(editing.document(edit));
  Catalog::BuildResult built = current.with(std::move(documents), current.revision() + 1);
  if (auto* faults = std::get_if<Faults>(&built)) return std::move(*faults);
  auto next = std::get<std::shared_ptr<const Catalog>>(std::move(built));
  if (unchanged == Unchanged::kept) return change_between(current, edits, std::move(next));

  // What means the same as before shows only now, in canonical form: then once more without it.
  const auto changes_something = [&](const EntityEdit& edit) {
    return !same(current.document(edit.kind, edit.id), *next->document(edit.kind, edit.id));
  };
  if (std::all_of(edits.begin(), edits.end(), changes_something))
    return change_between(current, edits, std::move(next));
  std::vector<EntityEdit> effective;
  std::copy_if(edits.begin(), edits.end(), std::back_inserter(effective), changes_something);
  return change_catalog(current, effective, Unchanged::kept, now, entropy);
}

}  // namespace postback
