// Every store: rows come back whole, batches are all or nothing, everything outlives a restart.
#include "contract_fixture.hpp"

#include "postback/domain/catalog_change.hpp"

namespace postback {
namespace {

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

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
