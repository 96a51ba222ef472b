// Ready-made destinations: the file they come from, those made of traffic sources, and those that are missing.
#include "postback/domain/destination_profiles.hpp"

#include "postback/domain/delivery_rendering.hpp"
#include "postback/domain/destination_sample.hpp"
#include "support/destination_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace postback {
namespace {

/// A document with something for every setting that has to be there.
nlohmann::json document_for(const DestinationProfile& profile) {
  nlohmann::json document{{"name", profile.name}, {"profile", profile.id}, {"settings", nlohmann::json::object()}};
  for (const DestinationSetting& setting : profile.settings) {
    if (setting.required) document["settings"][setting.name] = "V-" + setting.name;
  }
  if (!profile.has_url() && !profile.is_feed()) document["url"] = "https://own.example/?c={external_id}";
  if (profile.is_feed()) document["feed_token"] = "0123456789";
  return document;
}

std::string url_of(const std::string& id, std::string_view patch = "{}", std::string event = "sale") {
  auto document = document_for(*built_in_destination_profiles().find(id));
  document.merge_patch(nlohmann::json::parse(patch));
  const auto catalog = catalog_with({{"d", document.dump()}});
  auto facts = example_facts();
  facts.conversion->event = std::move(event);
  Delivery delivery;
  delivery.id = 1;
  delivery.click = facts.click->id;
  delivery.conversion = facts.conversion->id;
  const auto request =
      render_delivery(*catalog, *catalog->destination("d"), delivery, facts, outgoing_keys(), kNewYear, 1);
  return request ? request->method + " " + request->url : request.error().detail;
}

TEST(DestinationProfiles, EachOneWorks) {
  const auto& profiles = built_in_destination_profiles();
  EXPECT_GE(profiles.all().size(), 60U);
  std::string last;
  for (const DestinationProfile& profile : profiles.all()) {
    EXPECT_LT(last, profile.id);
    last = profile.id;
    EXPECT_EQ(profiles.find(profile.id), &profile);
    const std::string document = document_for(profile).dump();
    auto documents = example_documents();
    documents.push_back(document_of(EntityKind::destination, "d", document));
    EXPECT_EQ(joined(faults_of(documents)), "") << profile.id;
    const auto catalog = catalog_with({{"d", document}});
    const Destination& destination = *catalog->destination("d");
    EXPECT_EQ(destination.when.always(), !profile.approved_only) << profile.id;
    if (destination.is_feed()) continue;
    const Sample sample = sample_delivery(*catalog, destination, kNewYear);
    const auto request =
        render_delivery(*catalog, destination, sample.delivery, sample.facts, outgoing_keys(), kNewYear, 1);
    ASSERT_TRUE(request) << profile.id << ": " << request.error().detail;
    const std::string sent = request->url + request->body;
    EXPECT_EQ(sent.find("setting."), std::string::npos) << profile.id << ": " << sent;
    EXPECT_EQ(sent.find("REPLACE"), std::string::npos) << profile.id << ": " << sent;
    for (const DestinationSetting& setting : profile.settings) {
      if (!setting.secret) continue;
      EXPECT_EQ(request->shown.find("V-" + setting.name), std::string::npos) << profile.id;
    }
  }
  EXPECT_EQ(profiles.find("generic"), nullptr);
  EXPECT_EQ(profiles.find("nobody"), nullptr);
}

TEST(DestinationProfiles, ASourcesUrlBecomesOne) {
  EXPECT_EQ(url_of("propellerads"),
            "GET https://ad.propellerads.com/conversion.php?aid=V-aid&pid=&tid=V-tid&visitor_id="
            "EXT%201&payout=12.50");
  EXPECT_EQ(url_of("adsterra"), "GET https://www.pbterra.com/name/V-advertiser/at?subid_short=EXT%201&atpay=12.50");
  // A bare REPLACE is named like its parameter.
  EXPECT_EQ(url_of("adcash"),
            "GET https://www.pixelhere.com/et/event.php?advertiser=V-advertiser&cid=EXT%201&id=V-id&"
            "campagne=V-campagne&type=CPAtarget");
  EXPECT_EQ(url_of("taboola", R"({"settings":{"event_name":"{event}"}})"),
            "GET https://trc.taboola.com/actions-handler/log/3/s2s-action?click-id=EXT%201&name=sale&revenue=12.50&"
            "currency=USD&orderid=A%261");
  EXPECT_EQ(url_of("taboola", R"({"settings":{"event_name":"a b&c=d/e"}})"),
            "GET https://trc.taboola.com/actions-handler/log/3/s2s-action?click-id=EXT%201&name=a%20b%26c%3Dd/e&"
            "revenue=12.50&currency=USD&orderid=A%261");
}

TEST(DestinationProfiles, SecretsAreKnownByTheirNames) {
  const auto secrets = [](std::string_view id) {
    std::string list;
    for (const auto& setting : built_in_destination_profiles().find(id)->settings)
      list += setting.name + (setting.secret ? "* " : " ");
    return list;
  };
  EXPECT_EQ(secrets("trafficstars"), "api_key* goal_id ");
  EXPECT_EQ(secrets("onclicka"), "token* ");
  EXPECT_EQ(secrets("clickadu"), "hash* aid ");
  EXPECT_EQ(secrets("juicyads"), "c token* data goal ");
  EXPECT_EQ(secrets("meta_conversions_api"),
            "pixel_id access_token* event_name event_source_url api_version fbclid test_event_code ");
}

TEST(DestinationProfiles, WordsOfTheSourceStandForOurs) {
  EXPECT_EQ(url_of("adxad", "{}", "lead"), "GET http://conv.adxadserv.com/?clickid=EXT%201&payout=12.50&type=1");
  EXPECT_EQ(url_of("adxad", "{}", "sale"), "GET http://conv.adxadserv.com/?clickid=EXT%201&payout=12.50&type=2");
  EXPECT_EQ(url_of("zm_app", "{}", "sale"), "GET https://tools.zm.app/pb/?exid=EXT%201&action=dep");
  EXPECT_EQ(url_of("zeeto", R"({"settings":{"event":"{event}"}})", "lead"),
            "GET https://monetize.zeeto.io/postback/EXT%201?ze=e4&zr=12.50");
  EXPECT_EQ(url_of("zeeto", R"({"settings":{"event":"{event}"}})", "other"),
            "GET https://monetize.zeeto.io/postback/EXT%201?ze=other&zr=12.50");
  EXPECT_EQ(url_of("kadam"), "GET https://kdtrk.net/ru/postback/?data=EXT%201&cost=12.50&status=approved");
}

TEST(DestinationProfiles, TheDocumentOverridesTheProfile) {
  EXPECT_EQ(url_of("kadam", R"({"url":"https://kdtrk.net/en/?d={external_id}","method":"POST"})"),
            "POST https://kdtrk.net/en/?d=EXT%201");
  const auto catalog =
      catalog_with({{"d", R"({"name":"T","profile":"telegram","settings":{"bot_token":"1:A","chat_id":"7"},)"
                          R"("headers":{"X-A":"1"},"body":{"chat_id":"{setting.chat_id}","text":"{txid}"}})"}});
  const auto canonical = nlohmann::json::parse(catalog->document(EntityKind::destination, "d")->json);
  EXPECT_EQ(canonical["url"], nullptr) << "what is left to the profile is not copied";
  EXPECT_EQ(canonical["method"], nullptr);
  EXPECT_EQ(canonical["body_type"], nullptr);
  EXPECT_EQ(canonical["expect"], nullptr);
  EXPECT_EQ(canonical["headers"], nlohmann::json::parse(R"({"X-A":"1"})"));
  EXPECT_EQ(canonical["settings"], nlohmann::json::parse(R"({"bot_token":"1:A","chat_id":"7"})"));
  EXPECT_EQ(canonical["when"], nlohmann::json::object());
  std::string body;
  catalog->destination("d")->body.render(body, OutgoingValues{});
  EXPECT_EQ(body, R"({"chat_id":"7","text":""})");
  const auto again = catalog_with({{"d", canonical.dump()}});
  EXPECT_EQ(nlohmann::json::parse(again->document(EntityKind::destination, "d")->json), canonical);
}

TEST(DestinationProfiles, ApprovedOnlyUnlessTheDocumentSaysOtherwise) {
  const auto when = [](std::string_view patch) {
    auto document = document_for(*built_in_destination_profiles().find("evadav"));
    document.merge_patch(nlohmann::json::parse(patch));
    const auto catalog = catalog_with({{"d", document.dump()}});
    return nlohmann::json::parse(catalog->document(EntityKind::destination, "d")->json)["when"].dump();
  };
  EXPECT_EQ(when("{}"), R"({"status":["approved"]})");
  EXPECT_EQ(when(R"({"trigger":"status_change"})"), R"({"status":["approved"]})");
  EXPECT_EQ(when(R"({"trigger":"click"})"), "{}");
  EXPECT_EQ(when(R"({"when":{"event":["sale"]}})"), R"({"event":["sale"]})");
}

TEST(DestinationProfiles, AMissingSettingIsNamed) {
  const auto faults = faults_of([] {
    auto documents = example_documents();
    documents.push_back(
        document_of(EntityKind::destination, "d", R"({"name":"P","profile":"propellerads","settings":{"adi":"1"}})"));
    return documents;
  }());
  EXPECT_TRUE(has_fault(faults, "destinations/d: settings.aid", "what stands for aid in the postback URL"))
      << joined(faults);
  EXPECT_TRUE(has_fault(faults, "destinations/d: settings.tid", "is missing")) << joined(faults);
  EXPECT_TRUE(has_fault(faults, "destinations/d: settings.adi", "did you mean \"aid\"?")) << joined(faults);
}

// Sources that take conversions over an API only.
TEST(DestinationProfiles, SourcesThatAreMissingSayWhatToDo) {
  const auto& profiles = built_in_destination_profiles();
  const std::vector<std::string> wanted{"google_ads",    "linkedin_ads", "meta_ads",     "microsoft_ads",
                                        "pinterest_ads", "quora_ads",    "reddit_ads",   "snapchat_ads",
                                        "tiktok_ads",    "x_ads",        "yandex_direct"};
  auto missing = profiles.missing();
  std::sort(missing.begin(), missing.end());
  EXPECT_EQ(missing, wanted);
  const std::vector<std::pair<std::string, std::string>> built_in{{"google_ads", "\"google_ads_offline\""},
                                                                  {"meta_ads", "\"meta_conversions_api\""},
                                                                  {"tiktok_ads", "\"tiktok_events\""}};
  for (const auto& id : wanted) {
    auto documents = example_documents();
    documents.push_back(
        document_of(EntityKind::destination, "d", R"({"name":"D","profile":")" + id + R"(","settings":{"x":"1"}})"));
    const Faults faults = faults_of(documents);
    const auto own = std::find_if(built_in.begin(), built_in.end(), [&](const auto& row) { return row.first == id; });
    if (own != built_in.end())
      EXPECT_TRUE(has_fault(faults, "destinations/d: profile", own->second)) << joined(faults);
    else
      EXPECT_TRUE(has_fault(faults, "destinations/d: profile", "conversions go to its API, which is not built in"))
          << joined(faults);
    EXPECT_FALSE(has_fault(faults, "destinations/d: settings.x")) << "one fault is enough: " << joined(faults);
  }
  EXPECT_FALSE(profiles.missing("propellerads"));
}

// Sources whose postback URL only their accounts show.
TEST(DestinationProfiles, SourcesWithoutAKnownUrlAskForIt) {
  const std::vector<std::string> wanted{"adkeeper_ru", "applovin",     "datspush",    "eroadvertising", "mailru_target",
                                        "mobfox",      "outbrain_dsp", "plugrush",    "popads",         "revcontent",
                                        "startapp",    "tapgage",      "three_xpush", "trafficfactory", "trafficjunky"};
  std::vector<std::string> found;
  for (const DestinationProfile& profile : built_in_destination_profiles().all()) {
    if (profile.has_url() || !profile.of_source) continue;
    found.push_back(profile.id);
    auto documents = example_documents();
    documents.push_back(document_of(EntityKind::destination, "d", R"({"name":"D","profile":")" + profile.id + R"("})"));
    EXPECT_TRUE(has_fault(faults_of(documents), "destinations/d: url",
                          "the postback URL of " + profile.name + " is not known beforehand"))
        << joined(faults_of(documents));
  }
  EXPECT_EQ(found, wanted);
  EXPECT_EQ(url_of("three_xpush", R"({"url":"https://own.example/?s={status}"})"),
            "GET https://own.example/?s=approved");
}

TEST(DestinationProfiles, TheFileIsReadStrictly) {
  const auto faults = [](std::string_view entry) {
    const std::string text = R"({"destinations":[)" + std::string(entry) + "]}";
    const auto parsed = DestinationProfiles::parse(text, built_in_profiles());
    return std::holds_alternative<Faults>(parsed) ? joined(std::get<Faults>(parsed)) : std::string();
  };
  const auto base = nlohmann::json::parse(R"({"id":"p","name":"P","source":"https://p.example/",)"
                                          R"("request":{"method":"GET","url":"https://p.example/{setting.a}"},)"
                                          R"("settings":[{"name":"a","about":"an a"}]})");
  const auto patched = [&](std::string_view patch) {
    auto entry = base;
    entry.merge_patch(nlohmann::json::parse(patch));
    return faults(entry.dump());
  };
  EXPECT_EQ(patched("{}"), "");
  const std::vector<std::pair<std::string_view, std::string_view>> rows{
      {R"({"id":"P!"})", "destinations[0].id | is not usable"},
      {R"({"id":"kadam"})", "\"kadam\" stands twice"},
      {R"({"id":"generic"})", "is not usable"},
      {R"({"nme":"x"})", "destinations[0].nme | is not a known field"},
      {R"({"source":null})", "destinations[0].source | is missing"},
      {R"({"for_source":"nobody"})", "there is no source"},
      {R"({"settings":[]})", "uses the setting \"a\""},
      {R"({"settings":[{"name":"a","about":"x"},{"name":"b","about":"y"}]})", "has \"b\", which nothing uses"},
      {R"({"settings":[{"name":"A","about":"x"}]})", "is not usable"},
      {R"({"settings":[{"name":"a"}]})", "settings[0].about | is missing"},
      {R"({"request":{"delay_s":1}})", "request.delay_s | is not a known field"},
      {R"({"request":{"method":"FEED"}})", "does not fit the method"},
      {R"({"feed":{"columns":[{"name":"x","value":"y"}]}})", "does not fit the method"}};
  for (const auto& [patch, text] : rows)
    EXPECT_NE(patched(patch).find(text), std::string::npos) << patch << "\n" << patched(patch);
  EXPECT_TRUE(std::holds_alternative<Faults>(DestinationProfiles::parse("[]", built_in_profiles())));
  EXPECT_TRUE(std::holds_alternative<Faults>(DestinationProfiles::parse("{", built_in_profiles())));
}

TEST(DestinationProfiles, TheirJsonHasNoValueOfAnAccount) {
  const auto json = nlohmann::json::parse(built_in_destination_profiles().find("meta_conversions_api")->json);
  EXPECT_EQ(json["kind"], "destination");
  EXPECT_EQ(json["method"], "POST");
  EXPECT_EQ(json["settings"][1]["name"], "access_token");
  EXPECT_EQ(json["settings"][1]["secret"], true);
  EXPECT_EQ(json["source"],
            "https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/server-event");
}

}  // namespace
}  // namespace postback
