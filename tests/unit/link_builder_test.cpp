// The links of a campaign: what they are, and what is missing for them.
#include "postback/domain/link_builder.hpp"

#include "support/example_catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace postback {
namespace {

const LinkReader kAdmin{"https://t.example", true};

Links links_of(const std::vector<EntityDocument>& documents, const LinkRequest& request,
               const LinkReader& reader = kAdmin) {
  auto built = build_links(*catalog_of(documents), request, reader);
  if (const auto* faults = std::get_if<Faults>(&built)) {
    ADD_FAILURE() << joined(*faults);
    return {};
  }
  return std::get<Links>(built);
}

bool has_note(const Links& links, std::string_view words) {
  return std::any_of(links.notes.begin(), links.notes.end(),
                     [&](const auto& note) { return note.find(words) != std::string::npos; });
}

TEST(LinkBuilder, BuildsAllOfTheExample) {
  const auto links = links_of(example_documents(), {.campaign = "summer", .event = "sale"});
  EXPECT_EQ(links.postback.network, "acme");
  EXPECT_EQ(links.tracking_link, "https://t.example/c/summer?cid={cid}&bid={bid}&zone={zone}");
  EXPECT_EQ(links.test_link, "https://t.example/c/summer?cid=test-click&bid=0.01&zone=test-sub1");
  EXPECT_EQ(links.postback.postback_url,
            "https://t.example/postback/acme/sale?click_id=REPLACE_WITH_YOUR_CLICK_ID_MACRO"
            "&payout=REPLACE_WITH_YOUR_PAYOUT_MACRO&currency=REPLACE_WITH_YOUR_CURRENCY_MACRO"
            "&txid=REPLACE_WITH_YOUR_TRANSACTION_ID_MACRO&status=REPLACE_WITH_YOUR_STATUS_MACRO&token=T0KEN-acme");
  EXPECT_EQ(links.postback.test_postback,
            "https://t.example/postback/acme/sale?click_id=REPLACE_WITH_CLICK_ID_OF_TEST_LINK"
            "&payout=1.00&currency=USD&txid=test-1&status=approved&token=T0KEN-acme&test=1");
  EXPECT_TRUE(links.missing.empty()) << joined(links.missing);
  EXPECT_TRUE(has_note(links, "received in sub1"));
  EXPECT_TRUE(has_note(links, "in place of {bid}"));
}

TEST(LinkBuilder, UsesTheNetworksNames) {
  auto documents = patched_example(
      EntityKind::network, R"({"params":{"click_id":"aff[sub]","txid":["tid","oid"],"token":"tk"},"payout":"fixed"})");
  const auto links = links_of(documents, {.campaign = "summer"});
  EXPECT_EQ(links.postback.postback_url,
            "https://t.example/postback/acme?aff%5Bsub%5D=REPLACE_WITH_YOUR_CLICK_ID_MACRO"
            "&tid=REPLACE_WITH_YOUR_TRANSACTION_ID_MACRO&status=REPLACE_WITH_YOUR_STATUS_MACRO&tk=T0KEN-acme");
  EXPECT_TRUE(has_note(links, "payout of Acme is fixed"));
  EXPECT_TRUE(has_note(links, "event \"conversion\""));
}

TEST(LinkBuilder, HidesTheTokenFromThoseWhoMayNotSeeIt) {
  const auto links = links_of(example_documents(), {.campaign = "summer"}, {"https://t.example", false});
  for (const auto& url : {links.postback.postback_url, links.postback.test_postback}) {
    EXPECT_EQ(url.find("T0KEN"), std::string::npos);
    EXPECT_NE(url.find("token=***"), std::string::npos);
  }
  EXPECT_TRUE(has_note(links, "only keys with the role admin"));
}

TEST(LinkBuilder, LeavesOutWhatIsNotWantedOrNotThere) {
  EXPECT_EQ(links_of(example_documents(), {.campaign = "summer", .source_params = false}).tracking_link,
            "https://t.example/c/summer");
  const auto bare = links_of(patched_example(EntityKind::campaign, R"({"source":null})"), {.campaign = "summer"});
  EXPECT_EQ(bare.tracking_link, "https://t.example/c/summer");
  EXPECT_EQ(bare.test_link, "https://t.example/c/summer");
  const auto open = links_of(patched_example(EntityKind::network, R"({"token":null,"security":{"token":false}})"),
                             {.campaign = "summer"});
  EXPECT_EQ(open.postback.postback_url.find("token"), std::string::npos);
  EXPECT_TRUE(has_note(open, "needs no token"));
}

TEST(LinkBuilder, SaysWhatIsMissing) {
  const auto paused = links_of(patched_example(EntityKind::campaign, R"({"state":"paused"})"), {.campaign = "summer"});
  EXPECT_TRUE(has_fault(paused.missing, "campaigns/summer: state", "is paused"));
  EXPECT_FALSE(paused.tracking_link.empty());
  EXPECT_FALSE(paused.postback.postback_url.empty());
  EXPECT_EQ(paused.test_link + paused.postback.test_postback, "");

  auto documents = example_documents();
  documents.back().archived = true;
  const auto archived = links_of(documents, {.campaign = "summer"});
  EXPECT_TRUE(has_fault(archived.missing, "campaigns/summer", "is archived"));
  EXPECT_EQ(archived.tracking_link + archived.test_link, "");

  const auto nowhere = links_of(example_documents(), {.campaign = "summer"}, {"", true});
  EXPECT_TRUE(has_fault(nowhere.missing, "http.public_url", "is not configured"));
  EXPECT_EQ(nowhere.tracking_link + nowhere.postback.postback_url + nowhere.test_link + nowhere.postback.test_postback,
            "");

  auto nameless = patched_example(EntityKind::network, R"({"click_param":null})");
  EXPECT_TRUE(has_note(links_of(nameless, {.campaign = "summer"}), "received in sub1")) << "an offer's URL says it";
  for (auto& document : nameless) {
    if (document.kind != EntityKind::offer) continue;
    document.json = R"({"name":"VPN","network":"acme","url":"https://offer.example/{clickid}"})";
  }
  const auto unnamed = links_of(nameless, {.campaign = "summer"});
  EXPECT_TRUE(has_fault(unnamed.missing, "networks/acme: click_param", "is not configured"));
  EXPECT_FALSE(unnamed.postback.postback_url.empty());
}

TEST(LinkBuilder, AsksWhichNetwork) {
  auto documents =
      patched_example(EntityKind::campaign,
                      R"({"paths":[{"weight":1,"offers":[{"offer":"vpn","weight":1},{"offer":"game","weight":1}]}]})");
  const auto network = [](std::string id) {
    return document_of(EntityKind::network, id, R"({"name":"N","click_param":"s","token":"T0KEN-)" + id + "\"}");
  };
  documents.push_back(network("beta"));
  documents.push_back(network("gamma"));
  documents.push_back(
      document_of(EntityKind::offer, "game", R"({"name":"Game","network":"beta","url":"https://game.example/"})"));
  const auto unchosen = links_of(documents, {.campaign = "summer"});
  EXPECT_TRUE(has_fault(unchosen.missing, "network", "one of: acme, beta"));
  EXPECT_EQ(unchosen.postback.network + unchosen.postback.postback_url + unchosen.postback.test_postback, "");
  EXPECT_FALSE(unchosen.tracking_link.empty());
  EXPECT_TRUE(links_of(documents, {.campaign = "summer", .network = "beta"}).missing.empty());
  const auto foreign = links_of(documents, {.campaign = "summer", .network = "gamma"});
  EXPECT_TRUE(has_fault(foreign.missing, "network", "no click of it"));
  EXPECT_EQ(foreign.postback.test_postback, "");
  EXPECT_FALSE(foreign.postback.postback_url.empty());
}

TEST(LinkBuilder, ListsEveryNetworkWithItsEvent) {
  auto documents =
      patched_example(EntityKind::campaign,
                      R"({"paths":[{"weight":1,"offers":[{"offer":"vpn","weight":1},{"offer":"game","weight":1}]}]})");
  documents.push_back(
      document_of(EntityKind::network, "beta", R"({"name":"Beta","profile":"adcombo","token":"T0KEN-beta"})"));
  documents.push_back(
      document_of(EntityKind::offer, "game", R"({"name":"Game","network":"beta","url":"https://game.example/"})"));
  const auto links = links_of(documents, {.campaign = "summer", .event = "ftd"});
  ASSERT_EQ(links.all.size(), 2U);
  EXPECT_EQ(links.all[0].network, "acme");
  EXPECT_TRUE(links.all[0].postback_url.starts_with("https://t.example/postback/acme/ftd?click_id=REPLACE"));
  EXPECT_EQ(links.all[1].network, "beta");
  EXPECT_EQ(links.all[1].event, "ftd");
  const std::string start = "https://t.example/postback/beta/ftd?click_id={clickid}&payout={revenue}&txid={trans_id}";
  EXPECT_EQ(links.all[1].postback_url, start + "&status=approved&token=T0KEN-beta");
  ASSERT_EQ(links.all[1].status_urls.size(), 3U);
  EXPECT_EQ(links.all[1].status_urls[2],
            (std::pair{ConversionStatus::rejected, start + "&status=rejected&token=T0KEN-beta"}));
  EXPECT_NE(links.all[1].test_postback, "");
  ASSERT_EQ(links.cautions.size(), 1U);
  EXPECT_TRUE(links.cautions.front().starts_with("AdCombo: Unconfirmed: link.param"));
  EXPECT_EQ(links_of(documents, {.campaign = "summer", .network = "beta"}).all.size(), 1U);
}

TEST(LinkBuilder, ListsTheEventsOfANetwork) {
  const auto documents = patched_example(EntityKind::network, R"({"events":["sale","ftd"]})");
  const auto links = links_of(documents, {.campaign = "summer"});
  ASSERT_EQ(links.all.size(), 2U);
  EXPECT_TRUE(links.all[0].postback_url.starts_with("https://t.example/postback/acme/ftd?"));
  EXPECT_TRUE(links.all[1].postback_url.starts_with("https://t.example/postback/acme/sale?"));
  EXPECT_EQ(links_of(documents, {.campaign = "summer", .event = "ftd"}).all.size(), 1U);
}

TEST(LinkBuilder, AnEventInThePathNeedsNoMacro) {
  const auto documents = patched_example(EntityKind::network, R"({"profile":"everflow","click_param":null})");
  const auto plain = links_of(documents, {.campaign = "summer"});
  EXPECT_NE(plain.postback.postback_url.find("&event={event_name}"), std::string::npos);
  EXPECT_TRUE(has_note(plain, "a postback URL for each event"));
  const auto sale = links_of(documents, {.campaign = "summer", .event = "sale"});
  EXPECT_EQ(sale.postback.postback_url.find("event="), std::string::npos);
  EXPECT_FALSE(has_note(sale, "a postback URL for each event"));
}

TEST(LinkBuilder, NamesWhatThereIsNot) {
  const auto built = build_links(*example_catalog(), {.campaign = "winter", .network = "nobody"}, kAdmin);
  ASSERT_TRUE(std::holds_alternative<Faults>(built));
  EXPECT_TRUE(has_fault(std::get<Faults>(built), "campaign", "winter"));
  EXPECT_TRUE(has_fault(std::get<Faults>(built), "network", "nobody"));
}

TEST(LinkBuilder, ReadsRequestsByField) {
  const auto read = read_link_request(
      Json::parse(R"({"campaign":"summer","event":"Sale","domain":"Go.example","source_params":false})"));
  ASSERT_TRUE(std::holds_alternative<LinkRequest>(read));
  EXPECT_EQ(std::get<LinkRequest>(read).event, "sale");
  EXPECT_EQ(std::get<LinkRequest>(read).domain, "go.example");
  EXPECT_FALSE(std::get<LinkRequest>(read).source_params);
  const auto faulty = read_link_request(Json::parse(R"({"event":"a b","source_params":1,"campain":"x"})"));
  ASSERT_TRUE(std::holds_alternative<Faults>(faulty));
  EXPECT_EQ(std::get<Faults>(faulty).size(), 4U) << joined(std::get<Faults>(faulty));
}

}  // namespace
}  // namespace postback
