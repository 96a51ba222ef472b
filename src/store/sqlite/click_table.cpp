// ClickTable: one prepared insert, texts bound where they are.
#include "store/sqlite/click_table.hpp"

namespace postback::sqlite {
namespace {

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

ClickTable::ClickTable(Database& database)
    : insert_(database.prepare(insert_sql())), find_(database.prepare(kFindClickFacts)) {}

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

int ClickTable::find(SnowflakeId id, std::optional<ClickFacts>& found) { return find_click_facts(find_, id, found); }

int find_click_facts(Statement& statement, SnowflakeId id, std::optional<ClickFacts>& found) {
  const ResetAtEnd reset(statement);
  statement.id(1, id);
  const int code = statement.step();
  if (code == SQLITE_ROW) {
    found =
        ClickFacts{id, statement.number_at<EntityNumber>(0), statement.number_at<EntityNumber>(1), statement.id_at(2)};
    return SQLITE_OK;
  }
  found.reset();
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace postback::sqlite
