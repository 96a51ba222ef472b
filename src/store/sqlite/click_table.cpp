// ClickTable: one prepared insert, texts bound where they are.
#include "store/sqlite/click_table.hpp"

#include <algorithm>

namespace postback::sqlite {
namespace {

/// How many of a click's CTAs are looked at, the newest first: a visitor who goes to and fro must not make every
/// postback slow.
constexpr std::int64_t kMostCtas = 64;

// Positions of the insert's columns.
enum : int {
  kId = 1,
  kCampaign,
  kOffer,
  kSource,
  kPath,
  kRevision,
  kCost,
  kCostCurrency,
  kExternalId,
  kExternalName,
  kSub1,
  kExtra = kSub1 + static_cast<int>(kSubIdCount),
  kIp,
  kUserAgent,
  kReferrer,
  kLanguage,
  kLander,
  kRule,
  kCountry,
  kRegion,
  kCity,
  kUnique,
  kTestedHeaders,
  kEnd,
};

std::string insert_sql() {
  std::string sql =
      "INSERT INTO click (id, campaign, offer, source, path, revision, cost, cost_currency, external_id, "
      "external_name, "
      "sub1, sub2, sub3, sub4, sub5, sub6, sub7, sub8, sub9, sub10, sub11, sub12, sub13, sub14, sub15, sub16, sub17, "
      "sub18, sub19, sub20, extra, ip, user_agent, referrer, language, lander, rule, country, region, city, is_unique, "
      "tested_headers) VALUES (?1";
  for (int column = 2; column < kEnd; ++column) sql += ",?" + std::to_string(column);
  return sql + ")";
}

}  // namespace

ClickTable::ClickTable(Database& database) : insert_(database.prepare(insert_sql())), facts_(database) {}

int ClickTable::append(const Click& click, UserAgents& agents) {
  std::int64_t agent = 0;
  if (!click.user_agent.empty()) {
    if (const int code = agents.find_or_append(click, agent); code != SQLITE_OK) return code;
    insert_.integer(kUserAgent, agent);
  }
  insert_.id(kId, click.id.high);
  insert_.integer(kCampaign, click.campaign);
  insert_.integer(kOffer, click.offer);
  insert_.integer(kSource, click.source);
  insert_.integer(kPath, click.path);
  insert_.id(kRevision, click.revision);
  insert_.integer(kCost, click.cost);
  insert_.text(kCostCurrency, click.cost_currency);
  insert_.text(kExternalId, click.external_id);
  insert_.text(kExternalName, click.external_name);
  for (unsigned sub = 0; sub < kSubIdCount; ++sub) insert_.text(kSub1 + static_cast<int>(sub), click.sub[sub]);
  insert_.text(kExtra, click.extra);
  insert_.text(kIp, click.ip);
  insert_.text(kReferrer, click.referrer);
  insert_.text(kLanguage, click.language);
  insert_.integer(kLander, click.lander);
  insert_.integer(kRule, click.rule);
  insert_.text(kCountry, click.country);
  insert_.text(kRegion, click.region);
  insert_.text(kCity, click.city);
  if (click.unique) insert_.integer(kUnique, std::int64_t{*click.unique});
  insert_.text(kTestedHeaders, click.tested_headers);
  return insert_.run();
}

ClickFactsSearch::ClickFactsSearch(Database& database)
    : click_(database.prepare("SELECT campaign, offer, revision, EXISTS (SELECT 1 FROM cta WHERE click = ?1) "
                              "FROM click WHERE id = ?1")),
      ctas_(database.prepare("SELECT offer FROM cta WHERE click = ?1 ORDER BY number DESC LIMIT ?2")) {}

int ClickFactsSearch::find(SnowflakeId id, std::optional<ClickFacts>& found) {
  found.reset();
  bool any_ctas = false;
  {
    const ResetAtEnd reset(click_);
    click_.id(1, id);
    const int code = click_.step();
    if (code != SQLITE_ROW) return code == SQLITE_DONE ? SQLITE_OK : code;
    found = ClickFacts{id, click_.number_at<EntityNumber>(0), click_.number_at<EntityNumber>(1), click_.id_at(2)};
    any_ctas = click_.integer_at(3) != 0;
  }
  return any_ctas ? find_ctas(*found) : SQLITE_OK;
}

int ClickFactsSearch::find_ctas(ClickFacts& click) {
  const EntityNumber own = click.offer;
  const auto add = [&click](EntityNumber offer) {
    if (offer != 0 && std::ranges::find(click.offers, offer) == click.offers.end()) click.offers.push_back(offer);
  };
  const ResetAtEnd reset(ctas_);
  ctas_.id(1, click.id);
  ctas_.integer(2, kMostCtas);
  int code = ctas_.step();
  for (; code == SQLITE_ROW; code = ctas_.step()) add(ctas_.number_at<EntityNumber>(0));
  if (code != SQLITE_DONE) return code;
  if (!click.offers.empty()) click.offer = click.offers.front();
  add(own);
  return SQLITE_OK;
}

}  // namespace postback::sqlite
