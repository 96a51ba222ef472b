// The script /t.js, run in Node.js over a page that is made of plain objects.
#include "support/command_run.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace postback::testing {
namespace {

using nlohmann::json;

constexpr const char* kId = "01tqp4p000203ycx9xmwn4kn2y";
constexpr const char* kAnotherId = "01tqp4p000203ycx9xmwn4kn2z";
const json kAnotherAnswer = {{"click_id", kAnotherId}};
constexpr const char* kNode = "/usr/bin/node";

/// Runs `code` on a page and prints what came of it. `page`: search, cookie, attributes, privacy, answer,
/// links.
constexpr const char* kHarness = R"js(
const vm = require('vm');
const sent = [], cookies = [], told = [];
const links = page.links.map(([href, attributes]) => ({
  href, hasAttribute: n => n in attributes, getAttribute: n => n in attributes ? attributes[n] : null }));
const document = {
  currentScript: { src: 'https://track.example/t.js?v=1', hasAttribute: n => n in page.attributes,
                   getAttribute: n => n in page.attributes ? page.attributes[n] : null },
  get cookie() { return page.cookie; }, set cookie(text) { cookies.push(text); },
  referrer: 'https://r.example/', readyState: 'complete', querySelectorAll: () => links, addEventListener() {} };
const window = {};
const fetch = async (url, options) => {
  sent.push([url, options.headers['Content-Type'], options.credentials, JSON.parse(options.body)]);
  return { ok: page.answer !== null, json: async () => page.answer };
};
vm.runInNewContext(code, { document, window, fetch, URL, URLSearchParams,
  location: { href: 'https://shop.example/p' + page.search, search: page.search, protocol: 'https:' },
  navigator: { globalPrivacyControl: page.privacy } });
window.postback.ready(id => told.push(id));
setImmediate(() => setImmediate(() => setImmediate(() => console.log(JSON.stringify({
  id: window.postback.clickId(), sent, cookies, told, links: links.map(link => link.href) })))));
)js";

class PageScript : public SharedServer<PageScript> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kNode)) GTEST_SKIP() << "there is no " << kNode;
  }
  /// The page's cookies after a visit to a page of this campaign.
  static std::string remembering(const std::string& campaign) {
    return std::string("a=b; postbackd=") + kId + ":" + campaign;
  }
  static json run(const json& changes) {
    json page = {{"search", ""},
                 {"referrer", "https://r.example/"},
                 {"cookie", ""},
                 {"privacy", false},
                 {"attributes", {{"data-campaign", "direct"}}},
                 {"links", json::array()},
                 {"answer", {{"click_id", kId}}}};
    page.update(changes);
    const auto script = server().exchange(request_text("GET", "/t.js"));
    const auto end = run_command(
        kNode, {"-"}, {}, "const code = " + json(script.body).dump() + ", page = " + page.dump() + ";" + kHarness);
    EXPECT_EQ(end.status, 0) << end.err;
    return json::parse(end.out, nullptr, false);
  }
};

TEST_F(PageScript, RecordsAClickAndRemembersIt) {
  const auto came = run({{"search", "?cid=E&zone=z"}});
  EXPECT_EQ(came["id"], kId);
  EXPECT_EQ(came["told"], json::array({kId}));
  EXPECT_EQ(came["cookies"],
            json::array({std::string("postbackd=") + kId + ":direct:; Path=/; Max-Age=2592000; SameSite=Lax; Secure"}));
  const json body = {{"campaign", "direct"}, {"query", "?cid=E&zone=z"}, {"referrer", "https://r.example/"}};
  EXPECT_EQ(came["sent"], json::array({json::array({"https://track.example/click", "text/plain", "omit", body})}));
}

TEST_F(PageScript, TakesAnIdThatIsThere) {
  const auto remembered = run({{"cookie", remembering("direct")}});
  EXPECT_EQ(remembered["id"], kId);
  EXPECT_EQ(remembered["sent"], json::array());
  EXPECT_EQ(remembered["cookies"], json::array()) << "it is not kept longer for that";
  const auto given = run({{"search", std::string("?click_id=") + kId}, {"privacy", true}});
  EXPECT_EQ(given["id"], kId);
  EXPECT_EQ(given["sent"], json::array());
  EXPECT_EQ(given["cookies"], json::array()) << "the browser asks for privacy";
  EXPECT_EQ(run({{"search", "?click_id=<script>"}})["sent"].size(), 1U) << "that is no ID";
}

TEST_F(PageScript, RecordsEachNewClickOfAVisitorItKnows) {
  const auto another = run({{"cookie", remembering("direct")}, {"search", "?gclid=B"}, {"answer", kAnotherAnswer}});
  EXPECT_EQ(another["sent"].size(), 1U) << "a click on an advertisement";
  EXPECT_EQ(another["id"], kAnotherId);
  ASSERT_EQ(another["cookies"].size(), 1U);
  const auto cookie = another["cookies"][0].get<std::string>();
  EXPECT_TRUE(cookie.starts_with(std::string("postbackd=") + kAnotherId + ":direct:")) << cookie;
  const auto kept = cookie.substr(0, cookie.find(';'));
  for (const std::string search : {"?gclid=B", "?x=1&gclid=B", "?page=2", "?session_id=cs_1", ""}) {
    const auto same = run({{"cookie", kept}, {"search", search}});
    EXPECT_EQ(same["sent"], json::array()) << search << " says of no other click";
    EXPECT_EQ(same["id"], kAnotherId);
  }
  EXPECT_EQ(run({{"cookie", kept}, {"search", "?gclid=C"}})["sent"].size(), 1U);
  const json own{{"data-campaign", "direct"}, {"data-click-params", "cid, sub"}};
  EXPECT_EQ(run({{"cookie", kept}, {"search", "?cid=1"}, {"attributes", own}})["sent"].size(), 1U);
  EXPECT_EQ(run({{"cookie", kept}, {"search", "?gclid=C"}, {"attributes", own}})["sent"], json::array());
  for (const auto& of_another : {remembering("winter"), remembering("direct2")}) {
    const auto elsewhere = run({{"cookie", of_another}, {"answer", kAnotherAnswer}});
    EXPECT_EQ(elsewhere["id"], kAnotherId) << of_another << " is of another campaign";
  }
  EXPECT_EQ(run({{"cookie", std::string("postbackd=") + kId}})["id"], kId) << "an earlier version kept the ID only";
  const auto given = run({{"cookie", remembering("winter")}, {"search", std::string("?click_id=") + kAnotherId}});
  EXPECT_EQ(given["sent"], json::array());
  EXPECT_EQ(given["id"], kAnotherId);
  EXPECT_EQ(given["cookies"].size(), 1U);
}

TEST_F(PageScript, APageThatNamesNoCampaignTakesWhatIsRemembered) {
  const auto came = run({{"cookie", remembering("winter")}, {"search", "?page=2"}, {"attributes", json::object()}});
  EXPECT_EQ(came["id"], kId);
  EXPECT_EQ(came["sent"], json::array());
  EXPECT_EQ(came["cookies"], json::array());
}

TEST_F(PageScript, NeitherReadsNorWritesTheCookieWherePrivacyIsAskedFor) {
  const std::vector<json> quiet{{{"privacy", true}},
                                {{"attributes", {{"data-campaign", "direct"}, {"data-no-cookie", ""}}}}};
  for (auto page : quiet) {
    for (const auto& cookie : {remembering("direct"), std::string("postbackd=") + kId}) {
      page.update({{"cookie", cookie}, {"answer", kAnotherAnswer}});
      const auto came = run(page);
      EXPECT_EQ(came["id"], kAnotherId) << page;
      EXPECT_EQ(came["sent"].size(), 1U) << page;
      EXPECT_EQ(came["cookies"], json::array()) << page;
    }
  }
}

TEST_F(PageScript, DoesNothingWithoutAnAnswer) {
  const auto refused = run({{"answer", nullptr}});
  EXPECT_EQ(refused["id"], "");
  EXPECT_EQ(refused["cookies"], json::array());
  EXPECT_EQ(refused["told"], json::array());
  EXPECT_EQ(run({{"attributes", json::object()}})["sent"], json::array()) << "it names no campaign";
}

TEST_F(PageScript, WritesTheIdIntoLinks) {
  const std::vector<std::tuple<std::string, json, std::string>> rows = {
      {"https://track.example/out", json::object(), std::string("https://track.example/out/") + kId},
      {"https://track.example/out/2", json::object(), std::string("https://track.example/out/") + kId + "/2"},
      {"https://shop.example/a?x=1#h",
       {{"data-postback", ""}},
       std::string("https://shop.example/a?x=1&click_id=") + kId + "#h"},
      {"https://o.example/", {{"data-postback", "sub1"}}, std::string("https://o.example/?sub1=") + kId},
      {"https://other.example/out", json::object(), "https://other.example/out"},
      {"https://track.example/outlet", json::object(), "https://track.example/outlet"},
      {"mailto:a@b", json::object(), "mailto:a@b"},
      {"http://", json::object(), "http://"},
  };
  json links = json::array();
  json wanted = json::array();
  for (const auto& [href, attributes, became] : rows) {
    links.push_back(json::array({href, attributes}));
    wanted.push_back(became);
  }
  EXPECT_EQ(run({{"links", links}})["links"], wanted);
}

}  // namespace
}  // namespace postback::testing
