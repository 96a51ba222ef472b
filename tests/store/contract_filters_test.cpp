// Every store: each filter of each log finds its rows and no others, and the facts for the matcher.
#include "api/log_filters.hpp"
#include "contract_fixture.hpp"

#include <algorithm>

namespace postback {
namespace {

using Filters = std::vector<LogFilter>;

/// Two clicks, a bare one and one with everything, and a postback of each kind.
class LogFilters : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    bare_ = &world_.click();
    full_ = &world_.click();
    Click& click = full_->click;
    click.campaign = 2;
    click.offer = 3;
    click.source = 0;
    click.path = 4;
    click.revision = 9;
    click.cost = 70'000;
    click.cost_currency = "EUR";
    click.external_id = "EXT' OR 1=1 --";
    click.external_name = "gclid";
    for (unsigned i = 0; i < kSubIdCount; ++i) click.sub[i] = subs_[i] = "s" + std::to_string(i + 1);
    click.extra = "x=1";
    click.ip = "192.0.2.1";
    click.user_agent = "agent/1";
    click.referrer = "https://r.example/";
    click.language = "cs";
    click.country = "CZ";
    click.region = "10";
    click.city = "Praha";
    click.device = "mobile";
    click.os = "Android";
    click.browser = "Chrome Mobile";
    click.bot = true;
    click.unique = true;
    postback_ = &world_.postback(full_->click.id,
                                 "&payout=2&currency=USD&txid=T1&event=sale&status=hold&amount=7&reason=why&foo=1");
    ASSERT_OK(commit({bare_, full_, postback_, &world_.raw_postback("token=wrong")}));
  }
  Result<LogPage<StoredClick>> clicks(Filters filters) {
    LogQuery query;
    query.filters = std::move(filters);
    return reader_->clicks(query);
  }

  ClickItem* bare_ = nullptr;
  ClickItem* full_ = nullptr;
  PostbackItem* postback_ = nullptr;
  std::array<std::string, kSubIdCount> subs_;
};

INSTANTIATE_TEST_SUITE_P(Stores, LogFilters,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

TEST_P(LogFilters, FindTheClickThatHasTheValue) {
  Filters filters{{"campaign", 2},
                  {"offer", 3},
                  {"source", {}},
                  {"path", 4},
                  {"revision", 9},
                  {"cost", 70'000},
                  {"cost_currency", "EUR"},
                  {"external_id", "EXT' OR 1=1 --"},
                  {"external_name", "gclid"},
                  {"extra", "x=1"},
                  {"ip", "192.0.2.1"},
                  {"user_agent", "agent/1"},
                  {"referrer", "https://r.example/"},
                  {"language", "cs"},
                  {"country", "CZ"},
                  {"region", "10"},
                  {"city", "Praha"},
                  {"device", "mobile"},
                  {"os", "Android"},
                  {"browser", "Chrome Mobile"},
                  {"bot", 1},
                  {"is_unique", 1}};
  std::vector<std::string> names;
  for (const auto& sub : subs_) names.push_back("sub" + sub.substr(1));
  for (unsigned i = 0; i < kSubIdCount; ++i) filters.push_back({names[i], subs_[i]});
  for (const auto& filter : filters) {
    const auto page = clicks({filter});
    ASSERT_OK(page);
    ASSERT_EQ(page->rows.size(), 1U) << filter.column;
    EXPECT_EQ(page->rows[0].id, full_->click.id.high) << filter.column;
  }
  EXPECT_EQ(clicks(filters)->rows.size(), 1U) << "all together";
  EXPECT_EQ(clicks(filters)->rows[0].user_agent, "agent/1");
  for (auto filter : filters) {
    filter.value = filter.value.index() == 1 ? decltype(filter.value)(std::int64_t{77}) : "other";
    if (filter.column == "source") continue;
    EXPECT_TRUE(clicks({filter})->rows.empty()) << filter.column;
  }
}

TEST_P(LogFilters, AnEmptyValueFindsTheClickWithoutOne) {
  for (const auto* column : {"cost", "cost_currency", "external_id", "sub1", "sub20", "ip", "user_agent", "referrer",
                             "country", "region", "city", "device", "os", "browser", "is_unique"}) {
    const auto page = clicks({{column, {}}});
    ASSERT_OK(page);
    ASSERT_EQ(page->rows.size(), 1U) << column;
    EXPECT_EQ(page->rows[0].id, bare_->click.id.high) << column;
  }
  EXPECT_TRUE(clicks({{"campaign", {}}})->rows.empty());
}

TEST_P(LogFilters, EveryColumnOfTheApiIsKnownToTheStore) {
  for (const auto kind : api::kLogs) {
    for (const auto& column : api::log_columns(kind)) {
      if (column.stored.empty()) continue;
      LogQuery query;
      query.filters = {{column.stored, {}}};
      if (kind == api::LogKind::clicks) {
        EXPECT_OK(reader_->clicks(query));
      }
      // Their click is looked up by an index, not compared.
      if (kind == api::LogKind::conversions && column.stored != "click") {
        EXPECT_OK(reader_->conversions(query));
      }
      if (kind == api::LogKind::audit) {
        EXPECT_OK(reader_->audit(query));
      }
      if (kind != api::LogKind::postbacks) continue;
      EXPECT_OK(reader_->postbacks(query));
      for (auto value : {decltype(LogFilter::value)(std::int64_t{1}), decltype(LogFilter::value)("x")}) {
        query.filters = {{column.stored, value}};
        EXPECT_OK(reader_->postbacks(query));
      }
    }
  }
  EXPECT_ERROR(clicks({{"id = id --", {}}}), ErrorCode::invalid_argument);
  EXPECT_OK(clicks({}));
}

TEST_P(LogFilters, FindPostbacks) {
  const auto logged = postback_log().at(1);
  ASSERT_EQ(logged.id, postback_->postback_id);
  ASSERT_FALSE(logged.warnings.empty());
  const Filters filters{{"click", static_cast<std::int64_t>(logged.click)},
                        {"conversion_number", 1},
                        {"code", logged.code},
                        {"result", logged.result},
                        {"http_status", 200},
                        {"event", "sale"},
                        {"txid", "T1"},
                        {"payout", 2'000'000},
                        {"amount", 7'000'000},
                        {"currency", "USD"},
                        {"status", "pending"},
                        {"original_status", "hold"},
                        {"message", logged.message},
                        {"target", logged.target},
                        {"warnings", logged.warnings[0]},
                        {"authentication", "token"}};
  for (const auto& filter : filters) {
    LogQuery query;
    query.filters = {filter};
    const auto page = reader_->postbacks(query);
    ASSERT_OK(page);
    ASSERT_EQ(page->rows.size(), 1U) << filter.column;
    EXPECT_EQ(page->rows[0].id, logged.id) << filter.column;
    query.filters[0].value = {};
    const bool both_have_it = filter.column == "code" || filter.column == "result" || filter.column == "http_status" ||
                              filter.column == "message" || filter.column == "target" ||
                              filter.column == "authentication";
    EXPECT_EQ(reader_->postbacks(query)->rows.size(), both_have_it ? 0U : 1U) << filter.column << " empty";
  }
  LogQuery row;
  row.row = logged.id;
  EXPECT_EQ(reader_->postbacks(row)->rows.size(), 1U);
  row.row = 0;
  EXPECT_EQ(reader_->postbacks(row)->rows.size(), 0U);
}

TEST_P(LogFilters, FindConversions) {
  const Filters filters{{"number", 1},
                        {"event", "sale"},
                        {"txid", "T1"},
                        {"status", 0},
                        {"original_status", "hold"},
                        {"payout", 2'000'000},
                        {"amount", 7'000'000},
                        {"currency", "USD"},
                        {"reason", "why"},
                        {"revision", 1},
                        {"updated_ms", world_.clock.wall().time_since_epoch().count()}};
  for (const SnowflakeId click : {SnowflakeId{0}, full_->click.id.high, bare_->click.id.high}) {
    for (const auto& filter : filters) {
      LogQuery query;
      query.click = click;
      query.filters = {filter};
      EXPECT_EQ(reader_->conversions(query)->rows.size(), click == bare_->click.id.high ? 0U : 1U) << filter.column;
      query.filters[0].value = std::int64_t{987};
      EXPECT_EQ(reader_->conversions(query)->rows.size(), 0U) << filter.column;
    }
  }
}

TEST_P(LogFilters, FactsAreWhatTheMatcherNeeds) {
  const auto known = reader_->facts(postback_->reading);
  ASSERT_OK(known);
  ASSERT_TRUE(known->click && known->conversion);
  EXPECT_EQ(known->click->id, full_->click.id.high);
  EXPECT_EQ(known->conversion->txid, "T1");
  EXPECT_EQ(known->conversions_of_click, 1U);
  const auto other = reader_->facts(world_.postback(full_->click.id, "&txid=T2&event=sale").reading);
  EXPECT_FALSE(other->conversion);
  EXPECT_EQ(other->conversions_of_click, 1U);
  EXPECT_FALSE(reader_->facts(world_.postback(world_.keys.sign(5)).reading)->click);
  EXPECT_FALSE(reader_->facts(world_.raw_postback("token=wrong").reading)->click);
}

}  // namespace
}  // namespace postback
