// Campaign documents: the tracking link's source, state, cost and redirect; its flow is read in catalog_flow.cpp.
#include "domain/catalog_cost.hpp"
#include "domain/catalog_entities.hpp"
#include "domain/catalog_flow.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "domain/web_addresses.hpp"

namespace postback {
namespace {

std::string read_fallback_url(ObjectReader& reader) {
  const std::string expected = "an absolute URL without tokens, such as \"https://example.com/\"";
  std::string url = reader.text("fallback_url", kLongestUrl);
  if (url.empty()) return url;
  if (!find_tokens(url).empty())
    reader.fault("fallback_url", "has tokens, which are not filled in here", expected);
  else if (const auto origin = parse_origin(url); !origin)
    reader.fault("fallback_url", origin.error().detail, expected);
  return url;
}

RedirectMode read_redirect(ObjectReader& reader, Json& canonical) {
  std::string mode = reader.choice("redirect", "302", {"302", "303", "307", "meta", "meta_refresh"});
  if (mode == "meta_refresh") mode = "meta";
  canonical["redirect"] = mode;
  if (mode == "303") return RedirectMode::see_other;
  if (mode == "307") return RedirectMode::temporary;
  return mode == "meta" ? RedirectMode::meta_refresh : RedirectMode::found;
}

const Source* read_source_reference(ObjectReader& reader, bool archived, const CatalogReferences& known) {
  const std::string id = reader.text("source");
  if (id.empty()) return nullptr;
  const auto found = known.sources.find(std::string_view(id));
  if (found == known.sources.end()) {
    reader.fault("source", "there is no source \"" + id + "\"", "the ID of a source, or null; create it first");
    return nullptr;
  }
  if (found->second->archived && !archived) {
    reader.fault("source", "the source \"" + id + "\" is archived",
                 "a source in use, or archive this campaign as well");
  }
  return found->second.get();
}

}  // namespace

Json read_campaign(ObjectReader& reader, Campaign& campaign, const CatalogReferences& known) {
  Json canonical = Json::object();
  campaign.name = reader.required_text("name", "a name for people, such as \"Summer\"");
  canonical["name"] = campaign.name;
  campaign.source = read_source_reference(reader, campaign.archived, known);
  canonical["source"] = campaign.source == nullptr ? Json(nullptr) : Json(campaign.source->id);
  canonical["state"] = reader.choice("state", "active", {"active", "paused", "archived"});
  campaign.paused = canonical["state"] != "active";
  campaign.fallback_url = read_fallback_url(reader);
  canonical["fallback_url"] = text_or_null(campaign.fallback_url);
  CostTerms terms;
  canonical["cost"] = read_cost(reader, terms, known.currencies, campaign.archived);
  settle_cost(campaign, terms);
  campaign.redirect = read_redirect(reader, canonical);
  canonical["cookies"] = reader.choice("cookies", "functional", {"functional", "off"});
  campaign.cookies = canonical["cookies"] == "functional";
  campaign.origins = read_origins(reader);
  canonical["origins"] = campaign.origins;
  reader.not_available({"domains"});
  read_flow(reader, campaign, known, canonical);
  reader.finish();
  return canonical;
}

}  // namespace postback
