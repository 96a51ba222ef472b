// Campaign documents: the tracking link's source, cost and weighted flow to offers.
#include "domain/catalog_cost.hpp"
#include "domain/catalog_entities.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "domain/web_addresses.hpp"

namespace postback {
namespace {

constexpr std::uint32_t kLargestWeight = 1'000'000;
/// 1,000 of them times the largest weight still fit the 32 bits of a cumulative weight.
constexpr std::size_t kMostEntries = 1000;

std::string element(std::size_t index, std::string_view suffix = ".") {
  return "[" + std::to_string(index) + "]" + std::string(suffix);
}

Json read_weighted_offer(ObjectReader& reader, CampaignPath& path, bool archived, const CatalogReferences& known) {
  const std::string id = reader.required_text("offer", "the ID of an offer, such as \"vpn\"");
  const std::uint32_t weight = reader.integer("weight", 1, 1, kLargestWeight);
  reader.finish();
  const auto found = known.offers.find(std::string_view(id));
  if (found == known.offers.end()) {
    if (!id.empty()) reader.fault("offer", "there is no offer \"" + id + "\"", "the ID of an offer; create it first");
  } else {
    if (found->second->archived && !archived) {
      reader.fault("offer", "the offer \"" + id + "\" is archived",
                   "an offer in use, or archive this campaign as well");
    }
    const std::uint32_t before = path.offers.empty() ? 0 : path.offers.back().cumulative;
    path.offers.push_back({found->second.get(), before + weight});
  }
  return Json{{"offer", id}, {"weight", weight}};
}

Json read_path(ObjectReader& reader, Campaign& campaign, const CatalogReferences& known) {
  CampaignPath path;
  const std::uint32_t before = campaign.paths.empty() ? 0 : campaign.paths.back().cumulative;
  const std::uint32_t weight = reader.integer("weight", 1, 1, kLargestWeight);
  path.cumulative = before + weight;
  reader.not_available({"name", "landers"});
  const std::size_t faults_before = reader.faults().size();
  const auto offers = reader.array("offers", kMostEntries);
  Json canonical = Json::array();
  for (std::size_t i = 0; i < offers.size(); ++i) {
    ObjectReader offer(offers[i], reader.path_of("offers", element(i)), reader.faults());
    canonical.push_back(read_weighted_offer(offer, path, campaign.archived, known));
  }
  if (offers.empty() && reader.faults().size() == faults_before) {
    reader.fault("offers", "is empty", "at least one offer, as in [{\"offer\":\"vpn\",\"weight\":1}]");
  }
  reader.finish();
  campaign.paths.push_back(std::move(path));
  return Json{{"weight", weight}, {"landers", Json::array()}, {"offers", std::move(canonical)}};
}

Json read_paths(ObjectReader& reader, Campaign& campaign, const CatalogReferences& known) {
  const std::size_t faults_before = reader.faults().size();
  const auto paths = reader.array("paths", kMostEntries);
  Json canonical = Json::array();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    ObjectReader path(paths[i], reader.path_of("paths", element(i)), reader.faults());
    canonical.push_back(read_path(path, campaign, known));
  }
  if (paths.empty() && reader.faults().size() == faults_before) {
    reader.fault("paths", "is empty", "at least one path, as in [{\"offers\":[{\"offer\":\"vpn\"}]}]");
  }
  return canonical;
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
  canonical["cost"] = read_cost(reader, terms);
  settle_cost(campaign, terms);
  canonical["redirect"] = reader.choice("redirect", "302", {"302"}, {"303", "307", "meta", "meta_refresh"});
  canonical["cookies"] = reader.choice("cookies", "functional", {"functional", "off"});
  campaign.cookies = canonical["cookies"] == "functional";
  campaign.origins = read_origins(reader);
  canonical["origins"] = campaign.origins;
  reader.not_available({"rules", "domains"});
  canonical["rules"] = Json::array();
  canonical["paths"] = read_paths(reader, campaign, known);
  reader.finish();
  return canonical;
}

}  // namespace postback
