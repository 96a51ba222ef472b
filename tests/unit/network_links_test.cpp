// Every affiliate network of config/networks.json: its links are the golden ones, a played network's postback converts,
// and what is missing is named.
#include "postback/domain/link_builder.hpp"
#include "postback/domain/profiles.hpp"

#include "support/played_network.hpp"
#include "support/postback_sample.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace postback {
namespace {

using postback::testing::PlayedNetwork;

/// Read for the program's life: rows of it are held by reference.
const Json& golden_rows() {
  static const Json rows = [] {
    std::ifstream file(POSTBACK_SOURCE_DIR "/tests/support/golden/network_links.json");
    return Json::parse(std::string(std::istreambuf_iterator<char>(file), {})).at("rows");
  }();
  return rows;
}

std::vector<EntityDocument> documents_of(const Json& row, const std::string& offer_url) {
  const std::string id = row.at("id");
  return {document_of(EntityKind::network, id,
                      Json{{"name", "The network"}, {"profile", id}, {"token", "T0KEN-golden"}}.dump()),
          document_of(
              EntityKind::offer, "offer",
              Json{{"name", "O"}, {"network", id}, {"url", offer_url}, {"payout", "2"}, {"currency", "EUR"}}.dump()),
          document_of(EntityKind::campaign, "camp", R"({"name":"C","paths":[{"offers":[{"offer":"offer"}]}]})")};
}

/// Where no parameter is known, the user has to write it.
std::string offer_url(const Json& row) {
  return row.at("link").is_null() ? "https://offer.example/{clickid}" : row.at("offer").get<std::string>();
}

Links links_of(const std::shared_ptr<const Catalog>& catalog) {
  auto built = build_links(*catalog, {.campaign = "camp"}, {"https://t.example", true});
  return std::get<Links>(std::move(built));
}

Reading read_request(const std::shared_ptr<const Catalog>& catalog, const std::string& url, const std::string& body) {
  const std::string prefix = "https://t.example/postback/";
  EXPECT_TRUE(url.starts_with(prefix)) << url;
  const auto question = url.find('?');
  std::string network;
  std::string event;
  read_postback_path(std::string_view(url).substr(prefix.size(), question - prefix.size()), network, event);
  const std::string target = url.substr(std::string("https://t.example").size());
  Postback postback;
  postback.method = body.empty() ? "GET" : "POST";
  postback.target = target;
  postback.query = std::string_view(url).substr(question + 1);
  postback.network = network;
  postback.event = event;
  postback.content_type = body.empty() ? "" : "application/json";
  postback.body = body;
  postback.peer = "192.0.2.1";
  postback.arrival = FakeClock::kStart;
  return read(postback, catalog, sample_keys());
}

TEST(NetworkLinks, GoldenRowsAreAllProfiles) {
  std::set<std::string> golden;
  for (const auto& row : golden_rows()) golden.insert(row.at("id"));
  std::set<std::string> known;
  for (const auto& profile : built_in_profiles().networks()) known.insert(profile.id);
  EXPECT_EQ(golden, known);
}

TEST(NetworkLinks, AreTheGoldenOnes) {
  for (const auto& row : golden_rows()) {
    SCOPED_TRACE(row.at("id"));
    const auto catalog = catalog_of(documents_of(row, offer_url(row)));
    if (!row.at("link").is_null()) {
      EXPECT_EQ(catalog->offer(1)->url.text(), row.at("link").get<std::string>());
    }
    const auto links = links_of(catalog);
    EXPECT_EQ(links.postback.postback_url, row.at("postback").is_null() ? "" : row.at("postback").get<std::string>());
    Json status_urls = Json::object();
    for (const auto& [status, url] : links.postback.status_urls) status_urls[std::string(to_string(status))] = url;
    EXPECT_EQ(status_urls, row.value("status_urls", Json::object()));
    EXPECT_EQ(links.cautions.empty(), row.at("confirmed").get<bool>()) << joined(links.cautions);
    ASSERT_EQ(links.all.size(), 1U);
    EXPECT_EQ(links.all.front().postback_url, links.postback.postback_url);
  }
}

TEST(NetworkLinks, SayExactlyWhatIsMissing) {
  std::set<std::string> no_parameter;
  std::set<std::string> no_token;
  for (const auto& row : golden_rows()) {
    const std::string id = row.at("id");
    SCOPED_TRACE(id);
    const auto links = links_of(catalog_of(documents_of(row, offer_url(row))));
    std::set<std::string> fields;
    for (const auto& fault : links.missing) fields.insert(fault.field);
    std::set<std::string> expected;
    for (const auto& field : row.at("missing")) expected.insert("networks/" + id + ": " + field.get<std::string>());
    EXPECT_EQ(fields, expected);
    if (fields.contains("networks/" + id + ": click_param")) no_parameter.insert(id);
    if (fields.contains("networks/" + id + ": tokens.click_id")) no_token.insert(id);
  }
  EXPECT_EQ(no_parameter, (std::set<std::string>{"affonso", "monetizer"}));
  EXPECT_EQ(no_token,
            (std::set<std::string>{"adtraction", "affiliate_future", "affonso", "amazon", "ebay_epn", "hotmart",
                                   "income_access", "linktrust", "partnerize", "rakuten", "shareasale", "skimlinks",
                                   "sovrn", "tradedoubler", "tradetracker", "travelpayouts", "webgains"}));
}

TEST(NetworkLinks, ANetworksOwnTokenMakesUpForWhatIsMissing) {
  const auto row = *std::find_if(golden_rows().begin(), golden_rows().end(),
                                 [](const Json& each) { return each.at("id") == "rakuten"; });
  auto documents = documents_of(row, row.at("offer"));
  documents.front().json =
      R"({"name":"R","profile":"rakuten","token":"T0KEN-golden","tokens":{"click_id":"<u1>","txid":"<order>"}})";
  const auto links = links_of(catalog_of(documents));
  EXPECT_EQ(links.postback.postback_url,
            "https://t.example/postback/rakuten?click_id=<u1>&txid=<order>&token=T0KEN-golden");
  EXPECT_TRUE(links.missing.empty()) << joined(links.missing);
}

/// Plays one network through: link, visit, postback, verdict.
void play(const Json& row) {
  const auto catalog = catalog_of(documents_of(row, offer_url(row)));
  TokenValues values;
  const std::string click_id = to_string(sample_click());
  values[Token::clickid] = click_id;
  std::string location;
  catalog->offer(1)->url.render(location, values);
  Json known = row;
  if (known.at("link").is_null()) known["link"] = offer_url(row);
  PlayedNetwork network(known);
  network.visit(location);
  const auto url = network.requested_url(links_of(catalog).postback.postback_url);
  const auto reading = read_request(catalog, url, network.posted_body());
  ASSERT_FALSE(reading.refusal) << url << "\n" << reading.refusal->message << reading.refusal->fix;
  EXPECT_TRUE(reading.warnings.empty()) << url << "\n" << joined(reading.warnings);
  const auto judgement = judge(reading, {ClickFacts{sample_click().high, 1, 1, 1}, {}, 0});
  EXPECT_EQ(judgement.verdict.code, VerdictCode::converted) << judgement.verdict.message;
  ASSERT_TRUE(judgement.effect);
  EXPECT_EQ(judgement.effect->status, ConversionStatus::approved);
  std::set<std::string> said;
  const Json names = row.value("names", Json::object());
  const Json keys = row.value("json", Json::object());
  for (const auto& [theirs, ours] : names.items()) said.insert(ours.get<std::string>());
  for (const auto& [ours, theirs] : keys.items()) said.insert(ours);
  EXPECT_EQ(judgement.effect->event, said.contains("event") ? "sale" : "conversion");
  EXPECT_EQ(judgement.effect->txid, said.contains("txid") ? "T-1" : "");
  EXPECT_EQ(judgement.effect->payout, said.contains("payout") ? 1'500'000 : 2'000'000);
}

TEST(NetworkLinks, APlayedNetworksPostbackConverts) {
  std::size_t played = 0;
  for (const auto& row : golden_rows()) {
    if (row.at("postback").is_null()) continue;
    SCOPED_TRACE(row.at("id"));
    play(row);
    ++played;
  }
  EXPECT_EQ(played, 83U);
}

/// An unreplaced macro of the network's own is named as right but not filled in; any other is told the right one.
TEST(NetworkLinks, AnUnreplacedMacroIsTold) {
  for (const auto& row : golden_rows()) {
    if (row.at("postback").is_null() || row.contains("json")) continue;
    SCOPED_TRACE(row.at("id"));
    const auto catalog = catalog_of(documents_of(row, offer_url(row)));
    const auto url = links_of(catalog).postback.postback_url;
    const auto own = read_request(catalog, url, {});
    ASSERT_TRUE(own.refusal);
    EXPECT_EQ(own.refusal->code, VerdictCode::click_id_unreplaced) << own.refusal->message;
    EXPECT_NE(own.refusal->fix.find("did not fill it in"), std::string::npos) << own.refusal->fix;
    const auto begin = url.find("click_id=") + 9;
    const auto token = url.substr(begin, url.find("&", begin) - begin);
    auto foreign = url;
    foreign.replace(begin, token.size(), "{{{wrong}}}");
    const auto other = read_request(catalog, foreign, {});
    ASSERT_TRUE(other.refusal);
    EXPECT_EQ(other.refusal->code, VerdictCode::click_id_unreplaced);
    EXPECT_NE(other.refusal->fix.find("write `" + token + "`"), std::string::npos) << other.refusal->fix;
    EXPECT_EQ(other.refusal->fix.find("unconfirmed") == std::string::npos,
              built_in_profiles().network(row.at("id").get<std::string>())->origin.is_confirmed());
  }
}

}  // namespace
}  // namespace postback
