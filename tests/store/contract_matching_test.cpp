// Every store: rows judged again, postbacks that wait, imported clicks, and what is forgotten.
#include "contract_fixture.hpp"

#include "postback/domain/judge_again.hpp"
#include "postback/domain/postback_shape.hpp"
#include "postback/store/import_item.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {
namespace {

/// The logged postback `id` as an item that judges it again, with the catalog and request of `first`.
Idle<PostbackItem> again(const PostbackItem& first, std::shared_ptr<const Catalog> catalog, const World& world) {
  Idle<PostbackItem> item;
  item.postback = first.postback;
  item.postback.authenticated = first.reading.authentication;
  item.reading = read(item.postback, std::move(catalog), world.keys);
  item.judged_again = first.postback_id;
  item.cause = "replay";
  return item;
}

/// The example with offer vpn on a network of its own, so that acme's postbacks do not match.
std::shared_ptr<const Catalog> mismatched_catalog() {
  auto documents = example_documents();
  documents.push_back(
      document_of(EntityKind::network, "other", R"({"name":"Other","click_param":"s","token":"T0KEN-other"})", 2));
  for (auto& document : documents) {
    if (document.kind != EntityKind::offer) continue;
    document.json = R"({"name":"VPN","network":"other","url":"https://o.example/?s={clickid}","payout":"12.50",)"
                    R"("currency":"USD"})";
  }
  return catalog_of(std::move(documents));
}

TEST_P(StoreContract, JudgesALoggedPostbackAgainInItsPlace) {
  ClickItem& click = world_.click();
  const auto right = world_.catalog;
  world_.catalog = mismatched_catalog();
  PostbackItem& refused = world_.postback(click.click.id, "&txid=A1&payout=3&event=sale");
  ASSERT_OK(commit({&click, &refused}));
  ASSERT_EQ(to_string(refused.judgement.verdict.code), "network_mismatch");

  world_.clock.advance(std::chrono::hours{1});
  auto replayed = again(refused, right, world_);
  ASSERT_OK(commit({&replayed}));
  EXPECT_TRUE(replayed.changed);
  EXPECT_EQ(to_string(replayed.judgement.verdict.code), "converted");
  auto log = postback_log();
  ASSERT_EQ(log.size(), 1U) << "in its place";
  EXPECT_EQ(log[0].id, refused.postback_id);
  EXPECT_EQ(log[0].code, "converted");
  EXPECT_EQ(log[0].result, "accepted");
  EXPECT_EQ(log[0].first_code, "network_mismatch");
  EXPECT_EQ(log[0].judged, world_.clock.wall());
  EXPECT_EQ(log[0].http_status, 404) << "what was answered stays";
  EXPECT_EQ(log[0].time, refused.postback.arrival);
  EXPECT_EQ(log[0].conversion_number, 1U);
  EXPECT_EQ(log[0].target, refused.reading.logged_target);
  const auto conversions = conversions_of(click.click.id.high);
  ASSERT_EQ(conversions.size(), 1U);
  EXPECT_EQ(conversions[0].id, refused.postback_id);
  EXPECT_EQ(conversions[0].time, refused.postback.arrival) << "as of its own time";

  world_.clock.advance(std::chrono::hours{1});
  auto second = again(refused, right, world_);
  ASSERT_OK(commit({&second}));
  EXPECT_FALSE(second.changed);
  EXPECT_EQ(postback_log()[0].judged, log[0].judged);
  EXPECT_EQ(conversions_of(click.click.id.high)[0].revision, 1U);
}

TEST_P(StoreContract, FoldsRowsThatAreJudgedAgain) {
  ClickItem& click = world_.click();
  const auto right = world_.catalog;
  world_.catalog = mismatched_catalog();
  PostbackItem& first = world_.postback(click.click.id, "&txid=A1&payout=3");
  PostbackItem& resend = world_.postback(click.click.id, "&txid=A1&payout=3");
  ASSERT_OK(commit({&click, &first, &resend}));
  auto one = again(first, right, world_);
  auto two = again(resend, right, world_);
  ASSERT_OK(commit({&one, &two}));
  EXPECT_EQ(to_string(one.judgement.verdict.code), "converted");
  EXPECT_EQ(to_string(two.judgement.verdict.code), "duplicate");
  EXPECT_EQ(conversions_of(click.click.id.high).size(), 1U);
}

TEST_P(StoreContract, KnowsAnUnknownWordLater) {
  ClickItem& click = world_.click();
  PostbackItem& unknown = world_.postback(click.click.id, "&txid=A1&payout=3&status=fine");
  ASSERT_OK(commit({&click, &unknown}));
  ASSERT_EQ(to_string(conversions_of(click.click.id.high)[0].status), "pending");
  const auto taught = catalog_of(patched_example(EntityKind::network, R"({"status_words":{"fine":"approved"}})"));
  const auto left = reader_->left_by(click.click.id.high, 1, unknown.postback_id);
  ASSERT_OK(left);
  EXPECT_TRUE(left->has_value());
  auto replayed = again(unknown, taught, world_);
  ASSERT_OK(commit({&replayed}));
  EXPECT_EQ(to_string(replayed.judgement.verdict.code), "updated");
  const auto found = conversions_of(click.click.id.high)[0];
  EXPECT_EQ(to_string(found.status), "approved");
  EXPECT_EQ(found.revision, 2U);
  EXPECT_EQ(found.payout, 3'000'000);
  auto second = again(unknown, taught, world_);
  ASSERT_OK(commit({&second}));
  EXPECT_FALSE(second.changed);
  EXPECT_EQ(conversions_of(click.click.id.high)[0].revision, 2U);
}

TEST_P(StoreContract, AWordThatIsKnownLaterIsHeldByTodaysRules) {
  ClickItem& click = world_.click();
  click.click.sub[1] = "zone7";
  PostbackItem& unknown = world_.postback(click.click.id, "&txid=A1&payout=3&status=fine");
  ASSERT_OK(commit({&click, &unknown}));
  const auto taught = catalog_of(patched_example(
      EntityKind::network, R"({"status_words":{"fine":"approved"},"rules":[{"name":"zone","action":"hold","hold_s":60,)"
                           R"("when":{"field":"sub2","op":"is","value":"zone7"}}]})"));
  world_.clock.advance(std::chrono::hours{1});
  auto replayed = again(unknown, taught, world_);
  ASSERT_OK(commit({&replayed}));
  EXPECT_TRUE(replayed.changed);
  const auto found = conversions_of(click.click.id.high)[0];
  EXPECT_EQ(to_string(found.status), "pending");
  EXPECT_EQ(found.hold_until, unknown.postback.arrival + std::chrono::minutes{1}) << "as of its own time";
  EXPECT_EQ(reader_->next_release().value(), found.hold_until);
  auto second = again(unknown, taught, world_);
  ASSERT_OK(commit({&second}));
  EXPECT_FALSE(second.changed);
}

TEST_P(StoreContract, AResendOfTheNewestIsKnownAfterAReplayOfAnOlderOne) {
  ClickItem& click = world_.click();
  const auto add = R"({"repeat":{"*":"add"}})";
  const auto right = catalog_of(patched_example(EntityKind::network, add));
  world_.catalog = mismatched_catalog();
  PostbackItem& older = world_.postback(click.click.id, "&txid=A1&payout=3");
  ASSERT_OK(commit({&click, &older}));
  ASSERT_EQ(to_string(older.judgement.verdict.code), "network_mismatch");
  world_.catalog = right;
  world_.clock.advance(std::chrono::hours{1});
  PostbackItem& newest = world_.postback(click.click.id, "&txid=A1&payout=5");
  ASSERT_OK(commit({&newest}));
  auto replayed = again(older, right, world_);
  ASSERT_OK(commit({&replayed}));
  EXPECT_EQ(to_string(replayed.judgement.verdict.code), "added");
  EXPECT_EQ(conversions_of(click.click.id.high)[0].updated, newest.postback.arrival);
  PostbackItem& resend = world_.postback(click.click.id, "&txid=A1&payout=5");
  ASSERT_OK(commit({&resend}));
  EXPECT_EQ(to_string(resend.judgement.verdict.code), "duplicate");
  EXPECT_EQ(conversions_of(click.click.id.high)[0].payout, 8'000'000);
}

std::vector<SnowflakeId> waiting_in(Reader& reader) {
  std::vector<SnowflakeId> postbacks;
  const auto waiting = reader.waiting({}, 100).value();
  for (const auto& each : waiting) postbacks.push_back(each.postback);
  return postbacks;
}

TEST_P(StoreContract, KeepsPostbacksThatWaitForTheirClick) {
  ClickItem& click = world_.click();
  PostbackItem& early = world_.postback(click.click.id, "&txid=A1");
  PostbackItem& test = world_.postback(click.click.id, "&test=1");
  PostbackItem& wrong = world_.raw_postback("token=wrong&click_id=" + to_string(click.click.id));
  ASSERT_OK(commit({&early, &test, &wrong}));
  EXPECT_EQ(waiting_in(*reader_), std::vector<SnowflakeId>{early.postback_id});
  auto in_vain = again(early, world_.catalog, world_);
  ASSERT_OK(commit({&in_vain}));
  EXPECT_FALSE(in_vain.changed);
  EXPECT_EQ(waiting_in(*reader_).size(), 1U) << "its click is not there yet";
  ASSERT_OK(commit({&click}));
  auto late = again(early, world_.catalog, world_);
  ASSERT_OK(commit({&late}));
  EXPECT_EQ(to_string(late.judgement.verdict.code), "converted");
  EXPECT_TRUE(waiting_in(*reader_).empty());
}

/// A postback of another tracker's shape, with what read() makes of it while its click is not there.
PostbackItem& dropped_in(World& world, PostbackShape shape, const std::string& target) {
  auto& item = world.raw_postback("");
  const std::string& text = world.texts.emplace_back(target);
  item.postback.shape = shape;
  item.postback.target = text;
  item.postback.query = std::string_view(text).substr(text.find('?') + 1);
  item.postback.network = {};
  item.reading = read(item.postback, world.catalog, world.keys);
  return item;
}

TEST_P(StoreContract, OnlyThoseWaitWhoAuthenticatedOrWillWithTheirClick) {
  auto documents = example_documents();
  documents.push_back(
      document_of(EntityKind::network, "also",
                  R"({"name":"A","click_param":"s","token":"T0KEN-also","security":{"tokens":["T0KEN-acme"]}})", 2));
  world_.catalog = catalog_of(std::move(documents));
  const std::string id = to_string(world_.click().click.id);
  using enum PostbackShape;
  PostbackItem& proved = world_.postback(*parse_click_id(id), "&txid=A1");
  PostbackItem& shared = dropped_in(world_, voluum, "/postback?cid=" + id + "&token=T0KEN-acme");
  PostbackItem& bare = dropped_in(world_, binom, "/click.php?cnv_id=" + id);
  PostbackItem& test = dropped_in(world_, voluum, "/postback?cid=" + id + "&test=1");
  PostbackItem& page = dropped_in(world_, PostbackShape::browser, "/pixel.gif?click_id=" + id);
  PostbackItem& wrong = world_.raw_postback("token=wrong&click_id=" + id);
  PostbackItem& limited = dropped_in(world_, voluum, "/postback?cid=" + id + "&txid=L");
  limited.reading.refusal = Verdict{VerdictResult::refused, VerdictCode::rate_limited, "Too many.", {}, "Wait.", {}};
  ASSERT_OK(commit({&proved, &shared, &bare, &test, &page, &wrong, &limited}));
  for (const auto* item : {&proved, &shared, &bare, &page}) {
    EXPECT_EQ(to_string(item->judgement.verdict.code), "click_unknown") << item->postback.target;
  }
  const auto waiting = reader_->waiting({}, 100).value();
  ASSERT_EQ(waiting.size(), 3U);
  EXPECT_EQ(waiting[0].postback, proved.postback_id);
  EXPECT_TRUE(waiting[0].proved_to.empty()) << "its network is known";
  EXPECT_EQ(waiting[1].postback, shared.postback_id);
  EXPECT_EQ(waiting[1].proved_to.size(), 2U);
  EXPECT_EQ(waiting[2].postback, bare.postback_id);
  EXPECT_TRUE(waiting[2].proved_to.empty());
}

TEST_P(StoreContract, StrangersWaitInBoundedNumberForOneClick) {
  const std::string id = to_string(world_.click().click.id);
  std::vector<Item*> items;
  for (int i = 0; i < 150; ++i) {
    items.push_back(&dropped_in(world_, PostbackShape::voluum, "/postback?cid=" + id + "&txid=" + std::to_string(i)));
  }
  PostbackItem& proved = world_.postback(*parse_click_id(id), "&txid=A1");
  items.push_back(&proved);
  ASSERT_OK(commit(items));
  const auto waiting = reader_->waiting({}, 1'000).value();
  ASSERT_EQ(waiting.size(), 101U);
  EXPECT_EQ(waiting.back().postback, proved.postback_id) << "who authenticated waits all the same";
}

ImportedClick foreign(std::string_view id, TimeMs time) {
  ImportedClick click;
  click.foreign_id = id;
  click.time = time;
  click.click.campaign = click.click.offer = 1;
  click.click.ip = "192.0.2.9";
  return click;
}

TEST_P(StoreContract, ImportsEachForeignClickOnce) {
  const TimeMs then = world_.clock.wall() - std::chrono::hours{24};
  EXPECT_EQ(reader_->foreign_click("w1").value(), 0U);
  Idle<ImportItem> item;
  item.clicks = {foreign("w1", then), foreign("w2", then), foreign("w1", then)};
  ASSERT_OK(commit({&item}));
  EXPECT_EQ(item.clicks[0].outcome, ImportedClick::Outcome::imported);
  EXPECT_EQ(item.clicks[0].id, make_snowflake(then, kImportNode, 0));
  EXPECT_EQ(item.clicks[1].id, make_snowflake(then, kImportNode, 1)) << "the next free one of its time";
  EXPECT_EQ(item.clicks[2].outcome, ImportedClick::Outcome::known);
  EXPECT_EQ(item.clicks[2].id, item.clicks[0].id);
  EXPECT_EQ(reader_->foreign_click("w2").value(), item.clicks[1].id);
  EXPECT_EQ(stored(item.clicks[1].id).ip, "192.0.2.9");
  open();
  EXPECT_EQ(reader_->foreign_click("w2").value(), item.clicks[1].id) << "known after a restart";
  Idle<ImportItem> repeat;
  repeat.clicks = {foreign("w2", then), foreign("w3", then)};
  ASSERT_OK(commit({&repeat}));
  EXPECT_EQ(repeat.clicks[0].outcome, ImportedClick::Outcome::known);
  EXPECT_EQ(repeat.clicks[1].id, make_snowflake(then, kImportNode, 2));
}

TEST_P(StoreContract, ARequestThatWasReplayedIsNotCountedAgain) {
  ClickItem& click = world_.click();
  world_.catalog = mismatched_catalog();
  PostbackItem& refused = world_.postback(click.click.id, "&payout=3");
  ASSERT_OK(commit({&click, &refused}));
  world_.catalog = catalog_of(patched_example(EntityKind::network, R"({"repeat":{"*":"add"}})"));
  world_.clock.advance(std::chrono::seconds{10});
  PostbackItem& first = world_.postback(click.click.id, "&payout=5");
  ASSERT_OK(commit({&first}));
  auto replayed = again(refused, world_.catalog, world_);
  ASSERT_OK(commit({&replayed}));
  EXPECT_EQ(to_string(replayed.judgement.verdict.code), "added");
  world_.clock.advance(std::chrono::seconds{10});
  PostbackItem& resend = world_.postback(click.click.id, "&payout=3");
  ASSERT_OK(commit({&resend}));
  EXPECT_EQ(to_string(resend.judgement.verdict.code), "duplicate") << "within the window of when it arrived";
  EXPECT_EQ(conversions_of(click.click.id.high).at(0).payout, 8'000'000);
}

TEST_P(StoreContract, ImportsALostClickUnderItsOwnId) {
  const ClickId lost = world_.keys.sign(world_.ids.next());
  PostbackItem& early = world_.postback(lost, "&txid=A1");
  ASSERT_OK(commit({&early}));
  Idle<ImportItem> item;
  item.clicks = {foreign({}, lost.time())};
  item.clicks[0].click.id = lost;
  ASSERT_OK(commit({&item}));
  EXPECT_EQ(item.clicks[0].id, lost.high);
  auto late = again(early, world_.catalog, world_);
  Idle<ImportItem> repeat;
  repeat.clicks = item.clicks;
  ASSERT_OK(commit({&late, &repeat}));
  EXPECT_EQ(to_string(late.judgement.verdict.code), "converted");
  EXPECT_EQ(repeat.clicks[0].outcome, ImportedClick::Outcome::known);
}

TEST_P(StoreContract, ForgetsTheOldestFirstInSteps) {
  std::vector<Item*> items;
  for (int i = 0; i < 5; ++i) {
    auto& click = world_.click();
    click.click.ip = "192.0.2.1";
    click.click.user_agent = "Agent/1";
    click.click.referrer = "https://r.example/";
    click.click.external_id = "E1";
    click.click.sub[4] = "S";
    click.click.extra = "x=1";
    items.push_back(&click);
    world_.clock.advance(std::chrono::hours{24});
  }
  ASSERT_OK(commit(items));
  const auto id = [&](std::size_t i) { return static_cast<ClickItem*>(items[i])->click.id.high; };
  const auto step = [&] {
    Idle<ForgetItem> item;
    item.before = id(3);
    item.most = 2;
    EXPECT_OK(commit({&item}));
    return std::pair(item.forgotten, item.more);
  };
  EXPECT_EQ(step(), std::pair(std::size_t{2}, true));
  EXPECT_EQ(reader_->forgotten_to(ForgetTable::click).value(), id(1));
  EXPECT_EQ(step(), std::pair(std::size_t{1}, false));
  EXPECT_EQ(step(), std::pair(std::size_t{0}, false));
  const auto emptied = stored(id(2));
  EXPECT_EQ(emptied.ip + emptied.user_agent + emptied.referrer + emptied.external_id + emptied.sub[4] + emptied.extra,
            "");
  EXPECT_EQ(emptied.campaign, 1U) << "that it happened stays";
  EXPECT_EQ(stored(id(3)).user_agent, "Agent/1");
}

TEST_P(StoreContract, ForgetsImportedClicksThatAreOldAlready) {
  ClickItem& click = world_.click();
  click.click.ip = "192.0.2.1";
  ASSERT_OK(commit({&click}));
  const auto forget = [&] {
    Idle<ForgetItem> item;
    item.before = click.click.id.high + 1;
    EXPECT_OK(commit({&item}));
  };
  forget();
  Idle<ImportItem> import;
  import.clicks = {foreign("w1", world_.clock.wall() - std::chrono::hours{24})};
  ASSERT_OK(commit({&import}));
  forget();
  EXPECT_EQ(stored(import.clicks[0].id).ip, "");
}

TEST_P(StoreContract, ForgetsWhatAPostbackSaidButNotWhatItDid) {
  ClickItem& click = world_.click();
  PostbackItem& item = world_.postback(click.click.id, "&txid=A1&payout=2&email=a%40b.example");
  ASSERT_OK(commit({&click, &item}));
  Idle<ForgetItem> forget;
  forget.table = ForgetTable::postback;
  forget.rows = {item.postback_id, 12345};
  forget.audit = AuditEntry{.time = world_.clock.wall(), .actor = "admin", .action = "erasure", .target = "postbacks"};
  ASSERT_OK(commit({&forget}));
  EXPECT_EQ(forget.forgotten, 1U);
  const auto row = postback_log().at(0);
  EXPECT_EQ(row.target, "/postback/acme");
  EXPECT_EQ(row.headers + row.body + row.peer + row.evidence, "");
  EXPECT_EQ(row.txid, "A1");
  EXPECT_EQ(row.code, "converted");
  PostbackItem& resend = world_.postback(click.click.id, "&txid=A1&payout=2&email=a%40b.example");
  ASSERT_OK(commit({&resend}));
  EXPECT_EQ(to_string(resend.judgement.verdict.code), "duplicate") << "matching works on";
  EXPECT_EQ(reader_->audit({}).value().rows.at(0).action, "erasure");
}

TEST_P(StoreContract, FindsTheRowsAboutAPerson) {
  ClickItem& mine = world_.click();
  mine.click.ip = "203.0.113.7";
  mine.click.external_id = "E1";
  ClickItem& other = world_.click();
  other.click.ip = "203.0.113.70";
  PostbackItem& of_mine = world_.postback(mine.click.id, "&txid=A1");
  PostbackItem& naming = world_.postback(other.click.id, "&txid=A2&ip=203.0.113.7");
  PostbackItem& longer = world_.postback(other.click.id, "&txid=A3&ip=203.0.113.70");
  ASSERT_OK(commit({&mine, &other, &of_mine, &naming, &longer}));
  using Rows = std::vector<SnowflakeId>;
  const auto find = [&](const Person& person, ForgetTable table) {
    const auto found = reader_->rows_about(person, table, 0, std::chrono::seconds{5});
    EXPECT_EQ(found.value().next, 0U);
    return found.value().rows;
  };
  const Person by_ip{.ip = "203.0.113.7"};
  EXPECT_EQ(find(by_ip, ForgetTable::click), Rows{mine.click.id.high});
  EXPECT_EQ(find(by_ip, ForgetTable::postback), (Rows{naming.postback_id, of_mine.postback_id}));
  const Person by_external{.external_id = "E1"};
  EXPECT_EQ(find(by_external, ForgetTable::click), Rows{mine.click.id.high});
  EXPECT_EQ(find(by_external, ForgetTable::postback), Rows{of_mine.postback_id});
  const Person by_click{.click = other.click.id.high};
  EXPECT_EQ(find(by_click, ForgetTable::postback), (Rows{longer.postback_id, naming.postback_id}));
}

TEST_P(StoreContract, PagesOldestFirst) {
  std::vector<Item*> items;
  for (int i = 0; i < 5; ++i) items.push_back(&world_.click());
  ASSERT_OK(commit(items));
  LogQuery query;
  query.limit = 2;
  query.oldest_first = true;
  std::vector<SnowflakeId> seen;
  do {
    const auto page = reader_->clicks(query).value();
    for (const auto& row : page.rows) seen.push_back(row.id);
    query.after = page.next;
  } while (query.after != 0);
  ASSERT_EQ(seen.size(), 5U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

}  // namespace
}  // namespace postback
