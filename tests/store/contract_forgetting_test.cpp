// Every store: whom rows are about, however it was written down, and what is forgotten beside clicks and postbacks.
#include "postback/store/forget_item.hpp"
#include "postback/store/import_item.hpp"

#include "contract_fixture.hpp"

namespace postback {
namespace {

using Rows = std::vector<SnowflakeId>;

class Forgetting : public StoreContract {
 protected:
  Rows find(const Person& person, ForgetTable table) {
    const auto found = reader_->rows_about(person, table, 0, std::chrono::seconds{5});
    EXPECT_OK(found);
    EXPECT_EQ(found.value().next, 0U);
    return found.value().rows;
  }
  void forget(ForgetTable table, Rows rows) {
    Idle<ForgetItem> item;
    item.table = table;
    item.rows = std::move(rows);
    ASSERT_OK(commit({&item}));
  }
  ImportedClick imported(std::string_view foreign_id) {
    ImportedClick click;
    click.foreign_id = foreign_id;
    click.time = world_.clock.wall() - std::chrono::hours{24};
    click.click.campaign = click.click.offer = 1;
    return click;
  }
};

TEST_P(Forgetting, AnAddressIsFoundInEveryFormThatIsRecorded) {
  const char* const recorded[] = {"2001:db8::7",
                                  "2001:DB8:0:0::7",
                                  "2001:0db8:0000:0000:0000:0000:0000:0007",
                                  "2001:db8::",
                                  "00112233445566778899aabbccddeeff",
                                  "2001:db8::8",
                                  "2001:db8:1::",
                                  "ffeeddccbbaa99887766554433221100",
                                  ""};
  constexpr std::size_t kMine = 5;
  std::vector<Item*> items;
  Rows mine;
  for (std::size_t i = 0; i < std::size(recorded); ++i) {
    ClickItem& click = world_.click();
    click.click.ip = recorded[i];
    items.push_back(&click);
    if (i < kMine) mine.insert(mine.begin(), click.click.id.high);
  }
  ASSERT_OK(commit(items));
  for (const char* ip : {"2001:db8::7", "2001:db8:0:0:0:0:0:7", "2001:DB8::7"}) {
    const Person person{.ip = ip, .recorded_ip = {"2001:db8::", "00112233445566778899aabbccddeeff"}};
    EXPECT_EQ(find(person, ForgetTable::click), mine) << ip;
  }
  EXPECT_EQ(find({.ip = "2001:db8::8"}, ForgetTable::click).size(), 1U);
  EXPECT_TRUE(find({.ip = "2001:db8::9"}, ForgetTable::click).empty());
}

TEST_P(Forgetting, AnAddressIsFoundInWhatRequestsSay) {
  ClickItem& click = world_.click();
  ASSERT_OK(commit({&click}));
  struct Row {
    const char* more;
    bool found;
  };
  const Row rows[] = {
      {"&ip=2001:db8::7", true},      {"&ip=2001%3Adb8%3A%3A7", true},  {"&ip=2001:DB8:0::7", true},
      {"&x=[2001:db8::7]:443", true}, {"&x=a,+2001%3adb8::7,+b", true}, {"&ip=2001:db8::77", false},
      {"&ip=12001:db8::7", false},    {"&ip=2001:db8::7:1", false},     {"&ip=192.0.2.9", false},
  };
  for (const auto& row : rows) {
    PostbackItem& item = world_.postback(click.click.id, row.more);
    ASSERT_OK(commit({&item}));
    const Rows found = find({.ip = "2001:db8::7"}, ForgetTable::postback);
    EXPECT_EQ(!found.empty() && found.front() == item.postback_id, row.found) << row.more;
  }
  for (const auto& row :
       {Row{"&ip=198.51.100.7", true}, Row{"&ip=198.51.100.7:4711", true}, Row{"&x=::ffff:198.51.100.7", true},
        Row{"&x=198.51.100.7.", true}, Row{"&x=198.51.100.70", false}, Row{"&x=1198.51.100.7", false}}) {
    PostbackItem& item = world_.postback(click.click.id, row.more);
    item.reading.logged_headers = "X-Other: 1\r\n";
    ASSERT_OK(commit({&item}));
    const Rows found = find({.ip = "198.51.100.7"}, ForgetTable::postback);
    EXPECT_EQ(!found.empty() && found.front() == item.postback_id, row.found) << row.more;
  }
  PostbackItem& header = world_.postback(click.click.id, "&txid=h");
  header.reading.logged_headers = "X-Real-IP:198.51.100.9\r\n";
  PostbackItem& caller = world_.postback(click.click.id, "&txid=p");
  caller.postback.peer = "::ffff:198.51.100.9";
  ASSERT_OK(commit({&header, &caller}));
  EXPECT_EQ(find({.ip = "198.51.100.9"}, ForgetTable::postback), (Rows{caller.postback_id, header.postback_id}));
}

TEST_P(Forgetting, AClickIsFoundWhereItsIdWasNotRead) {
  ClickItem& click = world_.click();
  ClickItem& other = world_.click();
  const auto id = to_string(click.click.id);
  PostbackItem& wrong = world_.raw_postback("token=wrong&click_id=" + id);
  PostbackItem& upper = world_.raw_postback("click_id=%22X" + [&] {
    auto text = id;
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return text;
  }() + "X");
  PostbackItem& fine = world_.postback(click.click.id);
  PostbackItem& of_other = world_.raw_postback("token=wrong&click_id=" + to_string(other.click.id));
  ASSERT_OK(commit({&click, &other, &wrong, &upper, &fine, &of_other}));
  EXPECT_EQ(to_string(wrong.judgement.verdict.code), "token_wrong");
  EXPECT_EQ(wrong.reading.click_id.high, 0U) << "it was refused before its ID was read";
  EXPECT_EQ(find({.click = click.click.id.high, .click_id = id}, ForgetTable::postback),
            (Rows{fine.postback_id, upper.postback_id, wrong.postback_id}));
}

TEST_P(Forgetting, AClickOfAnotherTrackerIsFoundByItsIdThere) {
  Idle<ImportItem> import;
  import.clicks = {imported("voluum-1234"), imported("voluum-12345")};
  PostbackItem& early = world_.raw_postback("token=wrong&click_id=voluum-1234");
  PostbackItem& other = world_.raw_postback("token=wrong&click_id=voluum-12345");
  ASSERT_OK(commit({&import, &early, &other}));
  const SnowflakeId click = import.clicks[0].id;
  const auto id = to_string(world_.keys.sign(click));
  EXPECT_EQ(find({.click = click, .click_id = id}, ForgetTable::postback), Rows{early.postback_id});
}

TEST_P(Forgetting, AForgottenForeignIdStillLeadsToItsClick) {
  Idle<ImportItem> import;
  import.clicks = {imported("mail-of-jane"), imported("other-one")};
  ASSERT_OK(commit({&import}));
  const SnowflakeId click = import.clicks[0].id;
  forget(ForgetTable::click, {click});
  EXPECT_EQ(reader_->foreign_click("mail-of-jane").value(), click);
  EXPECT_EQ(reader_->foreign_click("other-one").value(), import.clicks[1].id);
  EXPECT_EQ(reader_->foreign_click("nobody").value(), 0U);
  Idle<ImportItem> again;
  again.clicks = {imported("mail-of-jane")};
  ASSERT_OK(commit({&again}));
  EXPECT_EQ(again.clicks[0].outcome, ImportedClick::Outcome::known);
  forget(ForgetTable::click, {click});
  open();
  EXPECT_EQ(reader_->foreign_click("mail-of-jane").value(), click);
}

TEST_P(Forgetting, ReasonsGoWithTheirClickOrPostback) {
  ClickItem& click = world_.click();
  PostbackItem& first = world_.postback(click.click.id, "&txid=A1&status=pending&reason=call+jane");
  ASSERT_OK(commit({&click, &first}));
  world_.clock.advance(std::chrono::seconds{1});
  PostbackItem& second = world_.postback(click.click.id, "&txid=A1&status=approved");
  world_.clock.advance(std::chrono::seconds{1});
  PostbackItem& third = world_.postback(click.click.id, "&txid=A1&status=rejected&reason=refund+of+jane");
  ASSERT_OK(commit({&second, &third}));
  const auto reasons = [&] {
    const auto conversion = conversions_of(click.click.id.high).at(0);
    std::string all = conversion.reason + "|" + conversion.last_said + "|";
    for (const auto& revision : reader_->conversion_revisions(conversion.id).value()) all += revision.reason + "|";
    return all;
  };
  const std::string said = "status=rejected currency=3:USD reason=14:refund of jane |";
  ASSERT_EQ(reasons(), "refund of jane|" + said + "call jane|call jane|refund of jane|");
  forget(ForgetTable::postback, {first.postback_id});
  EXPECT_EQ(reasons(), "refund of jane|" + said + "||refund of jane|") << "of the others the reasons stay";
  forget(ForgetTable::click, {click.click.id.high});
  EXPECT_EQ(reasons(), "|status=rejected currency=3:USD ||||");
  EXPECT_EQ(conversions_of(click.click.id.high).at(0).status, ConversionStatus::rejected);

  PostbackItem& fourth = world_.postback(click.click.id, "&txid=A2&reason=of+jane");
  ASSERT_OK(commit({&fourth}));
  forget(ForgetTable::postback, {fourth.postback_id});
  const auto newest = conversions_of(click.click.id.high).at(0);
  EXPECT_EQ(newest.reason, "");
  EXPECT_EQ(newest.last_said, "status=approved currency=3:USD ");
}

TEST_P(Forgetting, NothingIsLeftOfWhatWasSaidWhereTheQuestionMarkIsMissing) {
  struct Row {
    const char* target;
    const char* network;  ///< As the path was read.
    const char* path_left;
    const char* network_left;
  };
  const Row rows[] = {
      {"/postback/acme&email=JANEDOE777&click_id=x", "acme&email=JANEDOE777&click_id=x", "/postback/acme", "acme"},
      {"/postback/acme%3Femail%3DJANEDOE777", "acme?email=JANEDOE777", "/postback/acme", "acme"},
      {"/postback/acme%26email=JANEDOE777?x=1", "acme&email=JANEDOE777", "/postback/acme", "acme"},
      {"/postback/acme=JANEDOE777", "acme=JANEDOE777", "/postback/acme", "acme"},
      {"/postback/acme/sale&email=JANEDOE777", "acme", "/postback/acme/sale", "acme"},
      {"/postback/acme_2?email=JANEDOE777", "acme_2", "/postback/acme_2", "acme_2"},
  };
  std::vector<SnowflakeId> ids;
  for (const auto& row : rows) {
    PostbackItem& item = world_.raw_postback("");
    item.postback.target = row.target;
    item.postback.network = row.network;
    item.reading = read(item.postback, world_.catalog, world_.keys);
    ASSERT_OK(commit({&item}));
    ids.push_back(item.postback_id);
  }
  forget(ForgetTable::postback, ids);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    SCOPED_TRACE(rows[i].target);
    LogQuery query;
    query.row = ids[i];
    const auto left = reader_->postbacks(query).value().rows.at(0);
    EXPECT_EQ(left.target, rows[i].path_left);
    EXPECT_EQ(left.network, rows[i].network_left);
  }
}

TEST_P(Forgetting, MessagesQuoteNothingAfterwards) {
  ClickItem& click = world_.click();
  const auto id = "token=" + std::string(kExampleToken) + "&click_id=" + to_string(click.click.id);
  struct Row {
    std::string query;
    const char* code;
  };
  const Row rows[] = {
      {id + "&payout=JANEDOE777", "payout_invalid"},
      {id + "&payout=1&currency=JANEDOE777", "currency_unknown"},
      {id + "&JANEDOE777=1&txid=1&txid=2", "parameter_repeated"},
      {id + "%3FJANEDOE777", "click_id_malformed"},
      {"token=" + std::string(kExampleToken) + "&click_id={JANEDOE777}", "click_id_unreplaced"},
      {id + "&txid=A", "converted"},
      {id + "&txid=A&status=rejected", "updated"},
      {id + "&payout=JANEDOE777&test=1", "payout_invalid"},
  };
  ASSERT_OK(commit({&click}));
  for (const auto& row : rows) {
    SCOPED_TRACE(row.query);
    PostbackItem& item = world_.raw_postback(row.query);
    ASSERT_OK(commit({&item}));
    ASSERT_EQ(to_string(item.judgement.verdict.code), row.code);
    forget(ForgetTable::postback, {item.postback_id});
    LogQuery query;
    query.row = item.postback_id;
    const auto left = reader_->postbacks(query).value().rows.at(0);
    EXPECT_EQ(left.message.find("JANEDOE777"), std::string::npos) << left.message;
    EXPECT_FALSE(left.message.empty());
    EXPECT_EQ(left.code, row.code);
  }
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Forgetting,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}));

}  // namespace
}  // namespace postback
