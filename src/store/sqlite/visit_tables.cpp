// VisitTables: the statements of cta and impression.
#include "store/sqlite/visit_tables.hpp"

#include <algorithm>

namespace postback::sqlite {

VisitTables::VisitTables(Database& database)
    : cta_(database.prepare("INSERT INTO cta (click, number, time_ms, offer) "
                            "SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM cta WHERE click = ?1")),
      impressions_(database.prepare(
          "INSERT INTO impression (campaign, bucket_ms, impressions, bots) VALUES (?1,?2,?3,?4) ON CONFLICT (campaign, "
          "bucket_ms) DO UPDATE SET impressions = impressions + ?3, bots = bots + ?4")) {}

int VisitTables::append(const Cta& cta) {
  cta_.id(1, cta.click);
  cta_.integer(2, cta.time.time_since_epoch().count());
  cta_.integer(3, cta.offer);
  return cta_.run();
}

void VisitTables::count(const Impressions& impressions) {
  const auto same = std::find_if(counted_.begin(), counted_.end(),
                                 [&](const Impressions& each) { return each.is_summed_with(impressions); });
  if (same == counted_.end()) {
    counted_.push_back(impressions);
  } else {
    same->count += impressions.count;
  }
}

int VisitTables::write_counted() {
  for (const Impressions& each : counted_) {
    impressions_.integer(1, each.campaign);
    impressions_.integer(2, each.bucket.time_since_epoch().count());
    impressions_.id(3, each.of_bots ? 0 : each.count);
    impressions_.id(4, each.of_bots ? each.count : 0);
    if (const int code = impressions_.run(); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

StoredCta read_cta(const Statement& row, SnowflakeId click) {
  StoredCta cta;
  cta.click = click;
  cta.number = row.number_at<std::uint32_t>(0);
  cta.time = TimeMs{std::chrono::milliseconds{row.integer_at(1)}};
  cta.offer = row.number_at<EntityNumber>(2);
  return cta;
}

}  // namespace postback::sqlite
