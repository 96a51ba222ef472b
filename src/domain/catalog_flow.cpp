// Reads flows: weights are summed up on the way, so that a choice is one search.
#include "domain/catalog_flow.hpp"

#include "domain/condition_block.hpp"
#include "domain/condition_reading.hpp"
#include "domain/visitor_fields.hpp"
#include "postback/base/time_zone.hpp"

#include <algorithm>
#include <optional>

namespace postback {
namespace {

constexpr std::uint32_t kLargestWeight = 1'000'000;
/// 1,000 of them times the largest weight still fit the 32 bits of a cumulative weight.
constexpr std::size_t kMostEntries = 1000;

std::string element(std::size_t index, std::string_view suffix = ".") {
  return "[" + std::to_string(index) + "]" + std::string(suffix);
}

template <class Entry>
std::uint32_t sum_of(const std::vector<Entry>& entries) {
  return entries.empty() ? 0 : entries.back().cumulative;
}

/// Nothing: no time zone of its own.
std::optional<TimeZone> read_zone(ObjectReader& reader, Json& canonical) {
  const std::string name = reader.text("time_zone");
  canonical["time_zone"] = text_or_null(name);
  if (name.empty()) return std::nullopt;
  auto zone = TimeZone::find(name);
  if (zone) return *zone;
  reader.fault("time_zone", zone.error().detail, "an IANA name, such as \"Europe/Prague\", or null");
  return std::nullopt;
}

/// Reads the flow of one campaign and is thrown away.
class FlowReader {
 public:
  FlowReader(Campaign& campaign, TimeZone zone, const CatalogReferences& known)
      : campaign_(campaign), zone_(zone), known_(known) {}

  Json read_rules(ObjectReader& reader) {
    const auto rules = reader.array("rules", kMostRules);
    Json canonical = Json::array();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      ObjectReader rule(rules[i], reader.path_of("rules", element(i)), reader.faults());
      canonical.push_back(read_rule(rule));
    }
    auto& headers = campaign_.tested_headers;
    std::sort(headers.begin(), headers.end());
    headers.erase(std::unique(headers.begin(), headers.end()), headers.end());
    if (headers.size() > kMostTestedHeaders) {
      reader.fault("rules", "look at " + std::to_string(headers.size()) + " headers",
                   "at most " + std::to_string(kMostTestedHeaders) + " different ones");
    }
    return canonical;
  }

  Json read_paths(ObjectReader& reader, std::vector<CampaignPath>& into) {
    const std::size_t faults_before = reader.faults().size();
    const auto paths = reader.array("paths", kMostEntries);
    Json canonical = Json::array();
    for (std::size_t i = 0; i < paths.size(); ++i) {
      ObjectReader path(paths[i], reader.path_of("paths", element(i)), reader.faults());
      canonical.push_back(read_path(path, into));
    }
    if (paths.empty() && reader.faults().size() == faults_before) {
      reader.fault("paths", "is empty", "at least one path, as in [{\"offers\":[{\"offer\":\"vpn\"}]}]");
    }
    return canonical;
  }

 private:
  Json read_rule(ObjectReader& reader) {
    CampaignRule rule;
    Json canonical = Json::object();
    rule.name = reader.text("name");
    canonical["name"] = text_or_null(rule.name);
    const Json* when = reader.find("when");
    canonical["when"] = when == nullptr ? Json::object() : *when;
    rule.when = read_condition(canonical["when"], reader.path_of("when"), kVisitorFields, reader.faults(),
                               {conditions_, known_.patterns});
    add_tested_headers(rule.when, campaign_.tested_headers);
    rule.zone = read_zone(reader, canonical).value_or(zone_);
    canonical["paths"] = read_paths(reader, rule.paths);
    reader.finish();
    campaign_.rules.push_back(std::move(rule));
    return canonical;
  }

  Json read_path(ObjectReader& reader, std::vector<CampaignPath>& paths) {
    CampaignPath path;
    const std::uint32_t weight = reader.integer("weight", 1, 1, kLargestWeight);
    path.cumulative = sum_of(paths) + weight;
    path.name = reader.text("name");
    const std::size_t faults_before = reader.faults().size();
    Json landers = Json::array();
    const auto given_landers = reader.array("landers", kMostEntries);
    for (std::size_t i = 0; i < given_landers.size(); ++i) {
      ObjectReader lander(given_landers[i], reader.path_of("landers", element(i)), reader.faults());
      landers.push_back(read_weighted(lander, "lander", known_.landers, path.landers, &WeightedLander::lander));
    }
    Json offers = Json::array();
    const auto given_offers = reader.array("offers", kMostEntries);
    for (std::size_t i = 0; i < given_offers.size(); ++i) {
      ObjectReader offer(given_offers[i], reader.path_of("offers", element(i)), reader.faults());
      offers.push_back(read_weighted(offer, "offer", known_.offers, path.offers, &WeightedOffer::offer));
    }
    if (given_offers.empty() && reader.faults().size() == faults_before) {
      reader.fault("offers", "is empty", "at least one offer, as in [{\"offer\":\"vpn\",\"weight\":1}]");
    }
    reader.finish();
    Json canonical{{"name", text_or_null(path.name)},
                   {"weight", weight},
                   {"landers", std::move(landers)},
                   {"offers", std::move(offers)}};
    paths.push_back(std::move(path));
    return canonical;
  }

  /// One `{"offer":"vpn","weight":1}`, or the same of a lander. `kind` is the member's name.
  template <class Entity, class Weighted>
  Json read_weighted(ObjectReader& reader, std::string_view kind, const StringMap<std::shared_ptr<const Entity>>& known,
                     std::vector<Weighted>& into, const Entity* Weighted::*member) {
    const std::string word(kind);
    const std::string id = reader.required_text(kind, "the ID of an entry of the " + word + "s");
    const std::uint32_t weight = reader.integer("weight", 1, 1, kLargestWeight);
    reader.finish();
    const auto found = known.find(std::string_view(id));
    if (found == known.end()) {
      if (!id.empty()) {
        reader.fault(kind, "there is no " + word + " \"" + id + "\"", "the ID of one that exists; create it first");
      }
    } else {
      if (found->second->archived && !campaign_.archived) {
        reader.fault(kind, "the " + word + " \"" + id + "\" is archived",
                     "one in use, or archive this campaign as well");
      }
      Weighted weighted;
      weighted.*member = found->second.get();
      weighted.cumulative = sum_of(into) + weight;
      into.push_back(weighted);
    }
    return Json{{word, id}, {"weight", weight}};
  }

  Campaign& campaign_;
  const TimeZone zone_;  ///< Of rules that name none.
  const std::shared_ptr<ConditionBlock> conditions_ = std::make_shared<ConditionBlock>();
  const CatalogReferences& known_;
};

}  // namespace

void read_flow(ObjectReader& reader, Campaign& campaign, const CatalogReferences& known, Json& canonical) {
  FlowReader flow(campaign, read_zone(reader, canonical).value_or(TimeZone()), known);
  canonical["rules"] = flow.read_rules(reader);
  canonical["paths"] = flow.read_paths(reader, campaign.paths);
}

}  // namespace postback
