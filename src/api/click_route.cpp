// Finds the campaign as it was when it routed the click, recomputes the route, and tells it.
#include "click_route.hpp"

#include "domain/ascii.hpp"
#include "domain/deep_link.hpp"
#include "postback/domain/recorded_visitor.hpp"
#include "postback/domain/route_account.hpp"

#include "json_object.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <utility>
#include <variant>

namespace postback::api {
namespace {

using nlohmann::json;

/// A catalog that has the click's campaign as it was, or why there is none.
struct PastCampaign {
  std::shared_ptr<const Catalog> catalog;  ///< Keeps `campaign` alive; null: it is today's.
  const Campaign* campaign = nullptr;
  std::string why_not;
};

/// Collects what one campaign refers to, as of a revision, and builds a small catalog of it.
class PastCatalog {
 public:
  PastCatalog(Reader& reader, std::uint64_t revision) : reader_(reader), revision_(revision) {}

  PastCampaign read(std::string_view id) {
    add(EntityKind::campaign, std::string(id));
    if (!fault_.empty()) return {nullptr, nullptr, fault_};
    auto built = Catalog::build(std::move(documents_), revision_);
    if (!std::holds_alternative<std::shared_ptr<const Catalog>>(built)) {
      return {nullptr, nullptr, "the campaign as it was cannot be read by this version"};
    }
    auto catalog = std::get<std::shared_ptr<const Catalog>>(std::move(built));
    const Campaign* const campaign = catalog->campaign(id);
    return {std::move(catalog), campaign, campaign == nullptr ? "the campaign was not there" : ""};
  }

 private:
  void add(EntityKind kind, const std::string& id) {
    if (id.empty() || !seen_.emplace(kind, id).second || !fault_.empty()) return;
    auto found = reader_.document_at(kind, id, revision_);
    if (!found || !found->has_value()) {
      fault_ =
          "the state of " + std::string(to_string(kind)) + " \"" + id + "\" at the time of the click is not stored";
      return;
    }
    const json object = json::parse((*found)->json, nullptr, false);
    documents_.push_back(std::move(**found));
    add_references(object);
  }

  void add_references(const json& object) {
    if (!object.is_object()) return;
    add_currency(object);
    add_currency(object.value("cost", json::object()));
    add_named(object, "source", EntityKind::source);
    add_named(object, "network", EntityKind::network);
    add_named(object, "fallback", EntityKind::offer);
    add_paths(object);
    for (const json& rule : object.value("rules", json::array())) add_paths(rule);
  }

  /// A code that was not declared then is one of ISO 4217.
  void add_currency(const json& object) {
    const auto code = object.find("currency");
    if (code == object.end() || !code->is_string() || !fault_.empty()) return;
    const std::string id = to_ascii_lower(code->get<std::string>());
    if (id.empty() || !seen_.emplace(EntityKind::currency, id).second) return;
    auto found = reader_.document_at(EntityKind::currency, id, revision_);
    if (!found) {
      fault_ = "the currencies at the time of the click cannot be read now";
    } else if (found->has_value()) {
      documents_.push_back(std::move(**found));
    }
  }

  void add_paths(const json& object) {
    for (const json& path : object.value("paths", json::array())) {
      for (const json& offer : path.value("offers", json::array())) add_named(offer, "offer", EntityKind::offer);
      for (const json& lander : path.value("landers", json::array())) add_named(lander, "lander", EntityKind::lander);
    }
  }

  void add_named(const json& object, const char* member, EntityKind kind) {
    const auto found = object.find(member);
    if (found != object.end() && found->is_string()) add(kind, found->get<std::string>());
  }

  Reader& reader_;
  const std::uint64_t revision_;
  std::set<std::pair<EntityKind, std::string>> seen_;
  std::vector<EntityDocument> documents_;
  std::string fault_;
};

/// Whether the entity is today as it was at the click; one that never was counts as unchanged.
bool unchanged(const Catalog& catalog, EntityKind kind, EntityNumber number, std::uint64_t revision) {
  const EntityDocument* document = catalog.document(kind, catalog.id_of(kind, number));
  return document == nullptr || document->revision <= revision;
}

PastCampaign find_campaign(const StoredClick& click, const Call& call) {
  const std::string_view id = call.catalog.id_of(EntityKind::campaign, click.campaign);
  if (id.empty()) return {nullptr, nullptr, "its campaign is not in the catalog"};
  if (unchanged(call.catalog, EntityKind::campaign, click.campaign, click.revision) &&
      unchanged(call.catalog, EntityKind::source, click.source, click.revision) &&
      unchanged(call.catalog, EntityKind::offer, click.offer, click.revision)) {
    return {nullptr, call.catalog.campaign(id), {}};
  }
  return PastCatalog(call.reader, click.revision).read(id);
}

std::string draw_json(std::string_view id, const DrawAccount& draw) {
  std::string out;
  JsonObject object(out);
  object.text_or_null("id", id);
  object.number("index", draw.index).number("weight", draw.weight).number("of", draw.total).number("draw", draw.draw);
  object.close();
  return out;
}

std::string rules_json(const std::vector<RuleAccount>& rules) {
  std::string out = "[";
  for (const RuleAccount& rule : rules) {
    if (out.size() > 1) out += ',';
    JsonObject object(out);
    object.number("number", rule.number).text_or_null("name", rule.name).flag("matched", rule.matched);
    object.text("why", rule.why);
    object.close();
  }
  return out + "]";
}

/// The offers may differ while the route is the same: caps are not part of it.
bool same_route(const RouteAccount& account, const StoredClick& click) {
  const EntityNumber lander = account.route.lander != nullptr ? account.route.lander->number : 0;
  return account.route.rule == click.rule && account.route.path == click.path && lander == click.lander;
}

std::string in_quotes(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string chance(const DrawAccount& draw) {
  return std::to_string(draw.weight) + " of " + std::to_string(draw.total) + " (draw " + std::to_string(draw.draw) +
         ")";
}

/// What the rules decided.
std::string rule_words(const RouteAccount& account) {
  if (account.route.rule != 0) {
    const RuleAccount& rule = account.rules.back();
    const std::string name =
        "Rule " + std::to_string(rule.number) + (rule.name.empty() ? "" : " " + in_quotes(rule.name));
    return name + (rule.why.empty() ? " matched" : " was the first to match (" + rule.why + ")");
  }
  return account.rules.empty() ? "The campaign has no rules, so its default paths count"
                               : "None of the campaign's rules matched, so its default paths count";
}

/// What the weights decided.
std::string draw_words(const RouteAccount& account) {
  const Route& route = account.route;
  std::string text = "path " + std::to_string(route.path + 1) + " was chosen by weight " + chance(account.path);
  if (account.lander) text += ", in it lander " + in_quotes(route.lander->id) + " by " + chance(*account.lander);
  return text + ", offer " + in_quotes(route.offer->id) + " by " + chance(account.offer) + ".";
}

/// What happened to the offer that the weights chose.
std::string offer_words(const RouteAccount& account, const StoredClick& click, const Campaign& campaign,
                        const Visitor& visitor, const Catalog& catalog) {
  std::string text;
  const std::string id(catalog.id_of(EntityKind::offer, click.offer));
  if (account.route.offer->number != click.offer)
    text = " That offer was capped or archived then, so the click went to its fallback " + in_quotes(id) + ".";
  const Offer* const offer =
      account.route.offer->number == click.offer ? account.route.offer : catalog.offer(click.offer);
  if (offer == nullptr || account.lander) return text;
  const auto page = deep_link(campaign, *offer, *visitor.query);
  if (!page) return text;
  return text +
         (may_deep_link(*page, *offer)
              ? " Its link named a page of the offer's own site, where it went: "
              : " Its link named a page that is none of the offer's site, so it was ignored: ") +
         std::string(*page);
}

void add_draws(JsonObject& object, const RouteAccount& account) {
  object.raw("path", draw_json(account.path_name, account.path));
  object.raw("lander", account.lander ? draw_json(account.route.lander->id, *account.lander) : "null");
  object.raw("offer", draw_json(account.route.offer->id, account.offer));
}

std::string not_recomputed(const std::string& why) {
  std::string out;
  JsonObject object(out);
  object.flag("recomputed", false).text("summary", "The route cannot be recomputed: " + why + ".");
  object.close();
  return out;
}

}  // namespace

std::string route_json(const StoredClick& click, const Call& call) {
  if (snowflake_node(click.id) == kImportNode)
    return not_recomputed("the click was imported, so another tracker chose its way");
  const PastCampaign past = find_campaign(click, call);
  if (past.campaign == nullptr) return not_recomputed(past.why_not);
  const Campaign& campaign = *past.campaign;
  const RecordedVisitor recorded(click, campaign);
  const ClickId id = call.services.click_id_keys.sign(click.id);
  std::string missing = missing_facts(campaign, click);
  std::optional<RouteAccount> account;
  if (missing.empty()) account = account_route(campaign, id, recorded.visitor());
  if (account && !same_route(*account, click)) {
    missing = "a rule looks at a fact of which only a part is kept";
    account.reset();
  }
  const bool recomputed = account.has_value();
  if (!account) account = account_record(campaign, id, click);
  if (!account || !same_route(*account, click)) return not_recomputed(missing);
  std::string summary = rule_words(*account) + "; " + draw_words(*account) +
                        offer_words(*account, click, campaign, recorded.visitor(), call.catalog);
  if (!recomputed) summary = "As it was recorded, since " + missing + ": " + summary;
  std::string out;
  JsonObject object(out);
  object.flag("recomputed", recomputed).text("summary", summary);
  if (recomputed) object.raw("rules", rules_json(account->rules));
  add_draws(object, *account);
  object.close();
  return out;
}

}  // namespace postback::api
