// Campaign documents: the tracking link's source, state, cost and redirect; its flow is read in catalog_flow.cpp.
#include "domain/catalog_entities.hpp"
#include "domain/catalog_flow.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"

namespace postback {
namespace {

Json read_cost(ObjectReader& reader, Campaign& campaign) {
  const Json& object = reader.object("cost");
  ObjectReader cost(object, reader.path_of("cost."), reader.faults());
  const std::string model = cost.choice("model", "none", {"cpc", "none"}, {"cpm", "cpa", "revshare"});
  const std::size_t faults_before = reader.faults().size();
  campaign.cpc = cost.amount("amount");
  campaign.cost_currency = cost.currency("currency");
  if (reader.faults().size() == faults_before && model == "cpc") {
    if (!campaign.cpc) cost.fault("amount", "is missing", "the cost of one click as decimal text, such as \"0.05\"");
    if (campaign.cost_currency.empty()) cost.fault("currency", "is missing", "an ISO 4217 code, such as \"USD\"");
  }
  if (model == "none" && campaign.cpc) {
    cost.fault("amount", "has no meaning without a cost model", "set \"model\" to \"cpc\", or leave the amount out");
  }
  cost.finish();
  return Json{{"model", model},
              {"amount", campaign.cpc ? Json(format_decimal(*campaign.cpc)) : Json(nullptr)},
              {"currency", text_or_null(campaign.cost_currency)}};
}

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
  canonical["cost"] = read_cost(reader, campaign);
  campaign.redirect = read_redirect(reader, canonical);
  reader.not_available({"allowed_origins", "origins", "cookies", "domains"});
  read_flow(reader, campaign, known, canonical);
  reader.finish();
  return canonical;
}

}  // namespace postback
