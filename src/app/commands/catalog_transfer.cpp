// Sends a catalog file to the server and prints the difference that it makes.
#include "app/commands/catalog_transfer.hpp"

#include "app/client/answer_text.hpp"
#include "app/client/output_file.hpp"
#include "app/commands/command.hpp"
#include "postback/base/log.hpp"
#include "postback/domain/catalog.hpp"

#include <algorithm>
#include <cstdio>

namespace postback {
namespace {

/// `{"name":"AdNet"}` as it stands in JSON; `nothing` for null.
std::string value_text(const Json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || member->is_null()) return "nothing";
  return log_text(member->dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// `+` created, `-` archived, `~` changed or restored.
char mark_of(const std::string& change) {
  if (change == "created") return '+';
  return change == "archived" || change == "removed" ? '-' : '~';
}

void print_entity(const Json& entity) {
  const auto change = text_of(entity, "change");
  const char mark = mark_of(change);
  const bool plain = change == "created" || change == "changed";
  std::printf("%c %s/%s%s\n", mark, text_of(entity, "collection").c_str(), text_of(entity, "id").c_str(),
              plain ? "" : (" (" + change + ")").c_str());
  const auto differences = entity.find("differences");
  if (mark != '~' || differences == entity.end() || !differences->is_array()) return;
  for (const auto& difference : *differences) {
    const auto before = value_text(difference, "before");
    const auto after = value_text(difference, "after");
    // An empty list or object that is filled now.
    if (before == after) continue;
    std::printf("    %s: %s -> %s\n", text_of(difference, "field").c_str(), before.c_str(), after.c_str());
  }
}

/// The entities of an answer; empty when it has none.
Json entities_of(const Json& answer) {
  const auto entities = answer.find("entities");
  return entities != answer.end() && entities->is_array() ? *entities : Json::array();
}

/// What the import did: from the answer, or where that names changed objects without their fields, from the revision.
Json what_changed(const CatalogImport& options, ApiClient& client, const Json& answer) {
  auto entities = entities_of(answer);
  const auto changed = [](const Json& entity) { return mark_of(text_of(entity, "change")) == '~'; };
  if (options.dry_run || std::none_of(entities.begin(), entities.end(), changed)) return entities;
  const auto compared = client.ask_json("GET", "/api/v1/revisions/" + value_text(answer, "revision") + "/compare");
  return compared ? entities_of(*compared) : entities;
}

/// The tracking link of a campaign that the import made or changed; empty when there is none.
std::string tracking_link(const ApiClient& client, const Json& entities) {
  for (const auto& entity : entities) {
    if (text_of(entity, "collection") != "campaigns" || mark_of(text_of(entity, "change")) == '-') continue;
    return client.access().public_url + "/c/" + text_of(entity, "id");
  }
  return {};
}

std::string repeated_command(const CatalogImport& options) {
  return "postbackd catalog import " + options.file + (options.replace ? " --replace" : "");
}

void print_end(const CatalogImport& options, std::size_t changes, const std::string& revision,
               const std::string& link) {
  const auto count = std::to_string(changes) + (changes == 1 ? " object" : " objects");
  if (changes == 0) {
    std::printf("Nothing differs from the catalog in force, revision %s.\n\nNext: postbackd simulate\n",
                revision.c_str());
  } else if (options.dry_run) {
    std::printf("%s would change; nothing was changed, revision %s stays in force.\n\nNext: %s\n", count.c_str(),
                revision.c_str(), repeated_command(options).c_str());
  } else {
    const auto click = link.empty() ? std::string() : "click on " + link + "; ";
    std::printf("%s changed: revision %s is in force.\n\nNext: %s`postbackd simulate` tests the whole way.\n",
                count.c_str(), revision.c_str(), click.c_str());
  }
}

std::string place_of(const CatalogImport& options) { return options.file == "-" ? "standard input" : options.file; }

/// What is known of the catalog after an error: a connection that breaks off leaves it open.
const char* after_refusal(const Error& error) {
  if (error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found) {
    return " was not imported, nothing was changed.\n";
  }
  return " was not imported, as far as is known; --dry-run shows what is missing.\n";
}

Result<Json> send(const CatalogImport& options, ApiClient& client, std::string text) {
  return client.ask_json("POST",
                         std::string("/api/v1/catalog?dry_run=") + (options.dry_run ? "true" : "false") +
                             "&replace=" + (options.replace ? "true" : "false"),
                         std::move(text));
}

}  // namespace

bool looks_like_catalog(const Json& json) {
  if (!json.is_object()) return false;
  if (json.contains("format")) return true;  // the server says which it takes
  for (const auto& [name, value] : json.items()) {
    if (parse_collection(name) && value.is_array()) return true;
  }
  return false;
}

int import_catalog(const CatalogImport& options) {
  auto text = read_whole_file(options.file, kLargestImport);
  return text ? import_catalog(options, std::move(*text)) : fail(text.error());
}

int import_catalog(const CatalogImport& options, std::string text) {
  if (const auto parsed = parse_strict_json(text); !parsed) {
    return fail({ErrorCode::invalid_argument, place_of(options) + ": " + parsed.error().detail +
                                                  "; expected the JSON of `postbackd catalog export`. Nothing was "
                                                  "changed."});
  }
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  const auto answer = send(options, client, std::move(text));
  if (!answer) {
    return fail({answer.error().code, place_of(options) + after_refusal(answer.error()) + answer.error().detail});
  }
  const auto entities = what_changed(options, client, *answer);
  for (const auto& entity : entities) print_entity(entity);
  print_end(options, entities.size(), value_text(*answer, "revision"), tracking_link(client, entities));
  return 0;
}

}  // namespace postback
