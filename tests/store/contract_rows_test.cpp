// Every store: rows come back whole, batches are all or nothing, everything outlives a restart.
#include "contract_fixture.hpp"

#include "domain/click_copy.hpp"

#include <tuple>

namespace postback {
namespace {

/// Every field, so that none is left out of a comparison.
auto fields_of(const StoredClick& click) {
  const auto& [id, campaign, offer, source, path, revision, cost, currency, external_id, external_name, sub, extra, ip,
               user_agent, referrer, language, lander, rule, country, region, city, device, os, browser, bot, unique,
               tested_headers] = click;
  return std::tuple(id, campaign, offer, source, path, revision, cost, currency, external_id, external_name, sub, extra,
                    ip, user_agent, referrer, language, lander, rule, country, region, city, device, os, browser, bot,
                    unique, tested_headers);
}

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
  click.lander = 4;
  click.rule = 2;
  click.country = "CZ";
  click.region = "10";
  click.city = "Prague";
  click.device = "desktop";
  click.os = "Linux";
  click.browser = "Firefox";
  click.bot = true;
  click.unique = false;
  click.tested_headers = "x-app: news\n";
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
  EXPECT_EQ(found.tested_headers, "x-app: news\n");
  EXPECT_EQ(fields_of(stored_copy(click)), fields_of(found)) << "what is told of a click before it is stored";
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

TEST_P(StoreContract, KeepsEverythingAcrossARestart) {
  const auto identity = store_->identity();
  ASSERT_OK(identity);
  ASSERT_EQ(identity->click_id_keys.size(), 1U);
  EXPECT_EQ(identity->node, 1U);
  EXPECT_EQ(identity->newest, 0U);
  EXPECT_EQ(store_->reserve_node().value(), 2U);
  OperatorChange change;
  change.key = StoredKey{.id = "reports", .name = "Reports", .role = Role::viewer};
  change.key->sha256.fill(0xab);
  Idle<ChangeItem> key;
  key.change = &change;
  ASSERT_OK(commit({&key}));
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
  EXPECT_EQ((*keys)[0].id, "reports");
  EXPECT_EQ((*keys)[0].name, "Reports");
  EXPECT_EQ((*keys)[0].role, Role::viewer);
  EXPECT_EQ((*keys)[0].sha256, change.key->sha256);
  EXPECT_TRUE(has(click));
  EXPECT_EQ(conversions_of(click.click.id.high).size(), 1U);
  ClickItem& more = world_.click();
  EXPECT_OK(commit({&more}));
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
