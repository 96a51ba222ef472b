// Shows entities, reads and writes entity tags.
#include "entity_json.hpp"

#include "entity_secrets.hpp"
#include "json_object.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

namespace postback::api {
namespace {

struct Tags {
  bool any = false;  ///< `*`
  std::vector<std::uint64_t> revisions;
};

/// The tags of If-Match or If-None-Match, `"7", "8"`. W/ in front of one and missing quotes are read over; tags that
/// are not ours are left out.
Tags read_tags(std::string_view header) {
  Tags tags;
  for (std::size_t at = 0; at <= header.size();) {
    const auto end = std::min(header.find(',', at), header.size());
    auto text = boost::algorithm::trim_copy(std::string(header.substr(at, end - at)));
    at = end + 1;
    if (text == "*") tags.any = true;
    if (text.starts_with("W/")) text.erase(0, 2);
    boost::algorithm::trim_if(text, boost::algorithm::is_any_of("\""));
    std::uint64_t revision = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
    if (error == std::errc{} && stopped == text.data() + text.size()) tags.revisions.push_back(revision);
  }
  return tags;
}

}  // namespace

std::string shown_json(const EntityDocument& document, Role reader) {
  const bool has_secrets = document.kind == EntityKind::network || document.kind == EntityKind::source ||
                           document.kind == EntityKind::destination;
  if (reader == Role::admin || !has_secrets) return document.json;
  Json object = Json::parse(document.json);
  mask_secrets_of(document.kind, object);
  return object.dump();
}

void append_entity(std::string& out, const EntityDocument& document, Role reader) {
  JsonObject(out)
      .text("id", document.id)
      .members_of(shown_json(document, reader))
      .flag("archived", document.archived)
      .number("revision", document.revision)
      .time("updated", document.updated)
      .close();
}

std::string entity_tag(std::uint64_t revision) { return "\"" + std::to_string(revision) + "\""; }

Precondition read_precondition(const http::Request& request) {
  Precondition precondition;
  if (const auto header = request.header("If-Match")) {
    auto tags = read_tags(*header);
    precondition.exists = tags.any;
    if (!tags.any) precondition.revisions = std::move(tags.revisions);
  }
  if (const auto header = request.header("If-None-Match")) precondition.is_new = read_tags(*header).any;
  return precondition;
}

bool is_known(const http::Request& request, std::uint64_t revision) {
  const auto header = request.header("If-None-Match");
  if (!header) return false;
  const auto tags = read_tags(*header);
  return tags.any || std::find(tags.revisions.begin(), tags.revisions.end(), revision) != tags.revisions.end();
}

}  // namespace postback::api
