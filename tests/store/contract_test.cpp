// The contract that every store fulfils, whatever it keeps its rows in.
#include "store_fixture.hpp"

#include "postback/domain/catalog_change.hpp"

#include <functional>

namespace postback {
namespace {

using MakeFactory = std::function<std::unique_ptr<StoreFactory>()>;

class StoreContract : public testing::TestWithParam<std::pair<const char*, MakeFactory>> {
 protected:
  void SetUp() override {
    factory_ = GetParam().second();
    open();
  }
  void open() {
    reader_.reset();
    store_.reset();
    auto opened = factory_->open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
    auto reader = store_->open_reader();
    ASSERT_OK(reader);
    reader_ = std::move(*reader);
  }
  Result<void> commit(std::vector<Item*> items) { return store_->commit(items, world_.ids); }
  StoredClick stored(SnowflakeId id) {
    auto found = reader_->click(id);
    EXPECT_OK(found);
    if (!found || !*found) {
      ADD_FAILURE() << "no click " << id;
      return {};
    }
    return **found;
  }
  bool has(const ClickItem& item) { return reader_->click_facts(item.click.id.high).value().has_value(); }
  std::vector<Conversion> conversions_of(SnowflakeId click) {
    LogQuery query;
    query.click = click;
    return reader_->conversions(query).value().rows;
  }
  std::vector<StoredPostback> postback_log() { return reader_->postbacks({}).value().rows; }

  World world_;
  std::unique_ptr<StoreFactory> factory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
};

TEST_P(StoreContract, GivesBackEveryFieldOfAClick) {
  ClickItem& item = world_.click();
  Click& click = item.click;
  click.offer = 7;
  click.source = 9;
  click.path = 3;
  click.revision = 12;
  click.cost = 70'000;
  click.cost_currency = "EUR";
  click.external_id = "EXT1";
  click.external_name = "gclid";
  std::deque<std::string> subs;
  for (unsigned sub = 0; sub < kSubIdCount; ++sub) click.sub[sub] = subs.emplace_back("value-" + std::to_string(sub));
  click.extra = "a=1&b=%zz";
  click.ip = "2001:db8::1";
  click.user_agent = "Browser/1.0";
  click.referrer = "https://from.example/";
  click.language = "cs";
  ASSERT_OK(commit({&item}));
  const StoredClick found = stored(click.id.high);
  EXPECT_EQ(found.id, click.id.high);
  EXPECT_EQ(found.campaign, 1U);
  EXPECT_EQ(found.offer, 7U);
  EXPECT_EQ(found.source, 9U);
  EXPECT_EQ(found.path, 3U);
  EXPECT_EQ(found.revision, 12U);
  EXPECT_EQ(found.cost, 70'000);
  EXPECT_EQ(found.cost_currency, "EUR");
  EXPECT_EQ(found.external_id, "EXT1");
  EXPECT_EQ(found.external_name, "gclid");
  for (unsigned sub = 0; sub < kSubIdCount; ++sub) EXPECT_EQ(found.sub[sub], subs[sub]);
  EXPECT_EQ(found.extra, "a=1&b=%zz");
  EXPECT_EQ(found.ip, "2001:db8::1");
  EXPECT_EQ(found.user_agent, "Browser/1.0");
  EXPECT_EQ(found.referrer, "https://from.example/");
  EXPECT_EQ(found.language, "cs");
}

TEST_P(StoreContract, KeepsBytesAsTheyAreAndNothingOfTheClickBefore) {
  using namespace std::string_view_literals;
  ClickItem& full = world_.click();
  full.click.sub[0] = "a\0b\xff\xfe\xc0\xaf"sv;
  full.click.cost = 5;
  full.click.user_agent = "first";
  ClickItem& bare = world_.click();
  ASSERT_OK(commit({&full, &bare}));
  EXPECT_EQ(stored(full.click.id.high).sub[0], "a\0b\xff\xfe\xc0\xaf"sv);
  const StoredClick found = stored(bare.click.id.high);
  EXPECT_EQ(found.sub[0], "");
  EXPECT_EQ(found.cost, std::nullopt);
  EXPECT_EQ(found.user_agent, "");
}

TEST_P(StoreContract, CommitsAllOrNothing) {
  ClickItem& twice = world_.click();
  ASSERT_OK(commit({&twice}));
  ClickItem& before = world_.click();
  before.click.user_agent = "an agent first seen in a batch that fails";
  ClickItem& after = world_.click();
  EXPECT_ERROR(commit({&before, &twice, &after}), ErrorCode::store_rejected);
  EXPECT_FALSE(has(before));
  EXPECT_FALSE(has(after));
  // One by one, only the poisonous item is refused, and nothing remembers the failed batch.
  EXPECT_OK(commit({&before}));
  EXPECT_ERROR(commit({&twice}), ErrorCode::store_rejected);
  EXPECT_OK(commit({&after}));
  EXPECT_EQ(stored(before.click.id.high).user_agent, "an agent first seen in a batch that fails");
  EXPECT_TRUE(has(after));
}

TEST_P(StoreContract, FoldsABatch) {
  ClickItem& click = world_.click();
  PostbackItem& first = world_.postback(click.click.id, "&payout=12.50&txid=A1&event=sale");
  PostbackItem& resend = world_.postback(click.click.id, "&payout=12.50&txid=A1&event=sale");
  PostbackItem& other = world_.postback(click.click.id, "&payout=3&txid=A2&event=sale&status=pending");
  PostbackItem& changed = world_.postback(click.click.id, "&payout=3&txid=A2&event=sale&status=rejected&reason=fraud");
  ASSERT_OK(commit({&click, &first, &resend, &other, &changed}));
  EXPECT_EQ(to_string(first.judgement.verdict.code), "converted");
  EXPECT_EQ(to_string(resend.judgement.verdict.code), "duplicate");
  EXPECT_EQ(to_string(other.judgement.verdict.code), "converted");
  EXPECT_EQ(to_string(changed.judgement.verdict.code), "updated");
  EXPECT_EQ(first.conversion_click, click.click.id.high);
  EXPECT_EQ(first.judgement.conversion_number, 1U);
  EXPECT_EQ(resend.judgement.conversion_number, 1U);
  EXPECT_EQ(other.judgement.conversion_number, 2U);
  EXPECT_EQ(changed.judgement.conversion_number, 2U);

  const auto found = conversions_of(click.click.id.high);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, other.postback_id);
  EXPECT_EQ(found[0].txid, "A2");
  EXPECT_EQ(to_string(found[0].status), "rejected");
  EXPECT_EQ(found[0].reason, "fraud");
  EXPECT_EQ(found[0].revision, 2U);
  EXPECT_EQ(found[1].id, first.postback_id);
  EXPECT_EQ(found[1].event, "sale");
  EXPECT_EQ(found[1].payout, 12'500'000);
  EXPECT_EQ(found[1].currency, "USD");
  EXPECT_EQ(found[1].revision, 1U);
  EXPECT_EQ(found[1].updated, world_.clock.wall());
}

TEST_P(StoreContract, JudgesARetriedBatchAnew) {
  ClickItem& click = world_.click();
  ASSERT_OK(commit({&click}));
  PostbackItem& postback = world_.postback(click.click.id, "&payout=1&txid=A1");
  EXPECT_ERROR(commit({&postback, &click}), ErrorCode::store_rejected);
  ASSERT_OK(commit({&postback}));
  EXPECT_EQ(to_string(postback.judgement.verdict.code), "converted");
  EXPECT_EQ(conversions_of(click.click.id.high).size(), 1U);
  EXPECT_EQ(postback_log().size(), 1U);
}

TEST_P(StoreContract, LooksForTheClickUnlessItWasGiven) {
  ClickItem& click = world_.click();
  PostbackItem& early = world_.postback(click.click.id, "&txid=A1");
  ASSERT_OK(commit({&early, &click}));
  EXPECT_EQ(to_string(early.judgement.verdict.code), "click_unknown");
  EXPECT_EQ(early.conversion_click, 0U);
  PostbackItem& late = world_.postback(click.click.id, "&txid=A1");
  ASSERT_OK(commit({&late}));
  EXPECT_EQ(to_string(late.judgement.verdict.code), "converted");
}

TEST_P(StoreContract, LogsRefusedAndTestPostbacksWithoutEffect) {
  ClickItem& click = world_.click();
  PostbackItem& refused = world_.raw_postback("token=wrong&click_id=" + to_string(click.click.id));
  PostbackItem& test = world_.postback(click.click.id, "&test=1&payout=1");
  ASSERT_OK(commit({&click, &refused, &test}));
  EXPECT_TRUE(conversions_of(click.click.id.high).empty());
  const auto log = postback_log();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].id, test.postback_id);
  EXPECT_EQ(log[0].result, "test");
  EXPECT_EQ(log[0].code, "converted");
  EXPECT_EQ(log[0].http_status, 200);
  EXPECT_EQ(log[1].id, refused.postback_id);
  EXPECT_EQ(log[1].code, "token_wrong");
  EXPECT_EQ(log[1].http_status, 403);
  EXPECT_EQ(log[1].conversion_number, 0U);
}

TEST_P(StoreContract, LogsWhatArrivedAndWhatWasDecided) {
  ClickItem& click = world_.click();
  PostbackItem& item = world_.postback(click.click.id, "&payout=12,50&amount=99&currency=EUR&txid=T&event=ftd&status=hold");
  ASSERT_OK(commit({&click, &item}));
  const auto log = postback_log();
  ASSERT_EQ(log.size(), 1U);
  const StoredPostback& row = log[0];
  const Verdict& verdict = item.judgement.verdict;
  EXPECT_EQ(row.time, item.postback.arrival);
  EXPECT_EQ(row.network, "acme");
  EXPECT_EQ(row.method, "GET");
  EXPECT_EQ(row.target, item.reading.logged_target);
  EXPECT_EQ(row.target.find(kExampleToken), std::string::npos);
  EXPECT_EQ(row.headers, item.reading.logged_headers);
  EXPECT_EQ(row.peer, "192.0.2.7");
  EXPECT_EQ(row.authentication, "token");
  EXPECT_EQ(row.result, "accepted");
  EXPECT_EQ(row.message, verdict.message);
  EXPECT_EQ(row.evidence, verdict.evidence);
  EXPECT_EQ(row.fix, verdict.fix);
  ASSERT_FALSE(verdict.warnings.empty());
  EXPECT_EQ(row.warnings, verdict.warnings);
  EXPECT_EQ(row.click, click.click.id.high);
  EXPECT_EQ(row.conversion_number, 1U);
  EXPECT_EQ(row.event, "ftd");
  EXPECT_EQ(row.txid, "T");
  EXPECT_EQ(row.payout, 12'500'000);
  EXPECT_EQ(row.amount, 99'000'000);
  EXPECT_EQ(row.currency, "EUR");
  EXPECT_EQ(row.status, to_string(item.reading.status));
  EXPECT_EQ(row.original_status, item.reading.original_status);
  EXPECT_EQ(row.revision, 1U);
}

TEST_P(StoreContract, KeepsEverythingAcrossARestart) {
  const auto identity = store_->identity();
  ASSERT_OK(identity);
  ASSERT_EQ(identity->click_id_keys.size(), 1U);
  EXPECT_EQ(identity->node, 1U);
  EXPECT_EQ(identity->newest, 0U);
  EXPECT_EQ(store_->reserve_node().value(), 2U);
  StoredKey key{"admin", {}};
  key.sha256.fill(0xab);
  ASSERT_OK(store_->add_key(key, world_.clock.wall()));
  EXPECT_ERROR(store_->add_key(key, world_.clock.wall()), ErrorCode::store_rejected);
  ClickItem& click = world_.click();
  PostbackItem& postback = world_.postback(click.click.id, "&payout=1");
  ASSERT_OK(commit({&click, &postback}));
  ASSERT_OK(store_->close());

  open();
  const auto again = store_->identity();
  ASSERT_OK(again);
  ASSERT_EQ(again->click_id_keys.size(), 1U);
  EXPECT_EQ(again->click_id_keys[0].bytes, identity->click_id_keys[0].bytes);
  EXPECT_EQ(again->node, 2U);
  EXPECT_EQ(again->newest, postback.postback_id);
  const auto keys = store_->keys();
  ASSERT_OK(keys);
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ((*keys)[0].name, "admin");
  EXPECT_EQ((*keys)[0].sha256, key.sha256);
  EXPECT_TRUE(has(click));
  EXPECT_EQ(conversions_of(click.click.id.high).size(), 1U);
  ClickItem& more = world_.click();
  EXPECT_OK(commit({&more}));
}

TEST_P(StoreContract, KeepsTheCatalogAndItsRevisions) {
  auto current = Catalog::empty();
  std::deque<CatalogChange> changes;
  std::deque<Idle<CatalogItem>> items;
  std::vector<std::string> bodies{R"({"name":"Acme","profile":"generic","currency":"USD"})",
                                  R"({"name":"Acme again","profile":"generic","currency":"EUR"})"};
  for (const auto& body : bodies) {
    auto put = put_entity(*current, EntityKind::network, "acme", body, world_.clock.wall(), world_.entropy);
    ASSERT_TRUE(std::holds_alternative<CatalogChange>(put));
    changes.push_back(std::move(std::get<CatalogChange>(put)));
    current = changes.back().next;
    items.emplace_back().change = &changes.back();
    items.back().actor = "admin";
    ASSERT_OK(commit({&items.back()}));
  }
  // A change that was made against an older catalog is refused, not merged.
  EXPECT_ERROR(commit({&items.back()}), ErrorCode::store_rejected);
  ASSERT_OK(store_->close());
  open();
  std::uint64_t revision = 0;
  const auto documents = store_->catalog_documents(revision);
  ASSERT_OK(documents);
  EXPECT_EQ(revision, current->revision());
  ASSERT_EQ(documents->size(), 1U);
  const EntityDocument& document = documents->front();
  EXPECT_EQ(document.kind, EntityKind::network);
  EXPECT_EQ(document.id, "acme");
  EXPECT_EQ(document.number, changes.back().document.number);
  EXPECT_EQ(document.revision, revision);
  EXPECT_EQ(document.updated, world_.clock.wall());
  EXPECT_EQ(document.json, changes.back().document.json);
}

TEST_P(StoreContract, ReadersSeeOnlyWhatIsCommitted) {
  auto second = store_->open_reader();
  ASSERT_OK(second);
  ClickItem& click = world_.click();
  EXPECT_FALSE(has(click));
  ASSERT_OK(commit({&click}));
  EXPECT_TRUE(has(click));
  EXPECT_TRUE((*second)->click(click.click.id.high).value().has_value());
  EXPECT_FALSE((*second)->click(click.click.id.high + 1).value().has_value());
}

TEST_P(StoreContract, PagesNewestFirst) {
  std::vector<SnowflakeId> ids;
  for (int n = 0; n < 25; ++n) {
    world_.clock.advance(std::chrono::milliseconds{10});
    ClickItem& click = world_.click();
    ids.push_back(click.click.id.high);
    ASSERT_OK(commit({&click}));
  }
  std::vector<SnowflakeId> seen;
  LogQuery query;
  query.limit = 10;
  for (int pages = 1;; ++pages) {
    const auto page = reader_->clicks(query);
    ASSERT_OK(page);
    for (const auto& row : page->rows) seen.push_back(row.id);
    if (page->next == 0) {
      EXPECT_EQ(pages, 3);
      break;
    }
    EXPECT_EQ(page->rows.size(), 10U);
    EXPECT_EQ(page->next, page->rows.back().id);
    EXPECT_EQ(page->searched_to, snowflake_time(page->next));
    query.before = page->next;
  }
  EXPECT_EQ(seen, std::vector<SnowflakeId>(ids.rbegin(), ids.rend()));

  LogQuery all;
  all.limit = 25;
  EXPECT_EQ(reader_->clicks(all)->next, 0U) << "a full page that is the last one";
  LogQuery range;
  range.from = snowflake_time(ids[5]);
  range.to = snowflake_time(ids[8]);
  const auto ranged = reader_->clicks(range);
  ASSERT_OK(ranged);
  ASSERT_EQ(ranged->rows.size(), 3U);
  EXPECT_EQ(ranged->rows[0].id, ids[7]);
  EXPECT_EQ(ranged->rows[2].id, ids[5]);
  EXPECT_EQ(ranged->searched_to, range.from);
  LogQuery one;
  one.click = ids[3];
  ASSERT_EQ(reader_->clicks(one)->rows.size(), 1U);
  EXPECT_EQ(reader_->clicks(one)->rows[0].id, ids[3]);
}

TEST_P(StoreContract, TimesBeyondWhatIdsCanExpressAreNoTrap) {
  ClickItem& click = world_.click();
  ASSERT_OK(commit({&click}));
  LogQuery query;
  query.from = TimeMs{std::chrono::milliseconds{-1}};
  query.to = TimeMs{std::chrono::milliseconds{std::int64_t{1} << 60}};
  EXPECT_EQ(reader_->clicks(query)->rows.size(), 1U);
  query.to = TimeMs{};
  EXPECT_EQ(reader_->clicks(query)->rows.size(), 0U);
  query.to.reset();
  query.from = TimeMs{std::chrono::milliseconds{std::int64_t{1} << 60}};
  EXPECT_EQ(reader_->clicks(query)->rows.size(), 0U);
}

TEST_P(StoreContract, FiltersPostbacks) {
  ClickItem& one = world_.click();
  ClickItem& two = world_.click();
  std::vector<Item*> items{&one, &two};
  for (int n = 0; n < 6; ++n) {
    items.push_back(&world_.postback((n % 2 ? one : two).click.id, "&payout=1&txid=" + std::to_string(n / 4)));
  }
  ASSERT_OK(commit(items));
  LogQuery query;
  query.code = "duplicate";
  EXPECT_EQ(reader_->postbacks(query)->rows.size(), 2U);
  query.click = one.click.id.high;
  const auto page = reader_->postbacks(query);
  ASSERT_EQ(page->rows.size(), 1U);
  EXPECT_EQ(page->rows[0].click, one.click.id.high);
  EXPECT_EQ(page->next, 0U);
  query.code = "no_such_code";
  EXPECT_TRUE(reader_->postbacks(query)->rows.empty());
  EXPECT_EQ(conversions_of(two.click.id.high).size(), 2U);
  EXPECT_EQ(reader_->conversions({})->rows.size(), 4U);
}

/// A clock on which each look costs a millisecond.
class CostlyClock final : public Clock {
 public:
  TimeMs wall() const override { return FakeClock::kStart; }
  std::chrono::milliseconds steady() const override { return std::chrono::milliseconds{++looks_}; }

 private:
  mutable std::atomic<int> looks_{0};
};

TEST_P(StoreContract, ARareFilterEndsItsPageWithTheBudgetAndGoesOn) {
  ASSERT_OK(store_->close());
  const CostlyClock costly;
  reader_.reset();
  store_ = std::move(factory_->open(costly, world_.entropy).value());
  reader_ = std::move(store_->open_reader().value());
  ClickItem& click = world_.click();
  std::vector<Item*> items{&click, &world_.postback(click.click.id)};
  for (int n = 0; n < 2000; ++n) items.push_back(&world_.raw_postback("token=wrong"));
  ASSERT_OK(commit(items));
  LogQuery query;
  query.code = "converted";
  query.budget = std::chrono::milliseconds{2};
  std::size_t found = 0;
  int pages = 0;
  do {
    const auto page = reader_->postbacks(query);
    ASSERT_OK(page);
    found += page->rows.size();
    if (page->next != 0) {
      EXPECT_TRUE(query.before == 0 || page->next < query.before) << "no progress";
      EXPECT_EQ(page->searched_to, snowflake_time(page->next));
    }
    query.before = page->next;
    ++pages;
  } while (query.before != 0 && pages < 100);
  EXPECT_EQ(found, 1U);
  EXPECT_EQ(pages, 4) << "2,001 rows, 512 within each budget";
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
