// The logs over the wire: filters, NDJSON and CSV page by page, and explaining a postback without a trace.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

class LogsOverHttp : public SharedServer<LogsOverHttp> {
 protected:
  static json items(const std::string& target) { return server().get_json("/api/v1/" + target).at("items"); }
  static RawResponse send(const std::string& query) {
    return server().exchange(request_text("GET", "/postback/acme?token=" + token() + "&" + query));
  }
  static json explain(const json& description) {
    const auto answer = server().post("/api/v1/postbacks/explain", description.dump(), "application/json");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
};

TEST_F(LogsOverHttp, FiltersFindWhatWasSent) {
  const auto id = server().click("cid=FILTERED&zone=filter-z&bid=0.25");
  ASSERT_EQ(send("click_id=" + id + "&txid=FT1&event=lead&payout=3&status=hold").status, 200);
  for (const std::string filter :
       {"external_id=FILTERED", "sub1=filter-z", "sub1=filter-z&campaign=summer&offer=vpn&source=adnet",
        "cost=0.25&sub1=filter-z", "path=0&sub1=filter-z&ip=127.0.0.1", "sub1=filter-z&sub2="}) {
    const auto found = items("clicks?" + filter);
    ASSERT_EQ(found.size(), 1U) << filter;
    EXPECT_EQ(found[0].at("id"), id) << filter;
  }
  for (const std::string filter : {"txid=FT1", "event=lead&status=pending", "original_status=hold&payout=3.00",
                                   "txid=FT1&currency=USD", "click_id=", "conversion_id="}) {
    const bool by_id = filter.ends_with('=');
    const auto found = items("conversions?" + filter + (by_id ? id + (filter[1] == 'l' ? "" : "-1") : ""));
    ASSERT_EQ(found.size(), 1U) << filter;
    EXPECT_EQ(found[0].at("click_id"), id) << filter;
  }
  for (const std::string filter : {"txid=FT1", "txid=FT1&network=acme&code=converted&result=accepted&http_status=200",
                                   "event=lead&auth=token&method=GET&peer=127.0.0.1"}) {
    const auto found = items("postbacks?" + filter);
    ASSERT_EQ(found.size(), 1U) << filter;
    EXPECT_EQ(found[0].at("click_id"), id) << filter;
  }
  EXPECT_TRUE(items("clicks?sub1=filter-z&sub2=no").empty());
  EXPECT_EQ(server().get("/api/v1/clicks?campaign=nothing").status, 400);
}

TEST_F(LogsOverHttp, ALogIsExportedPageByPage) {
  std::vector<std::string> clicked;
  for (int i = 0; i < 12; ++i) clicked.push_back(server().click("zone=export"));
  std::string target = "/api/v1/clicks?format=ndjson&limit=5&sub1=export";
  std::vector<std::string> listed;
  for (int pages = 0; !target.empty() && pages < 10; ++pages) {
    const auto page = server().get(target);
    ASSERT_EQ(page.status, 200);
    expect_well_formed(page);
    EXPECT_EQ(page.header("Content-Type"), "application/x-ndjson");
    EXPECT_TRUE(page.header("Postbackd-Searched-To"));
    for (std::size_t start = 0; start < page.body.size();) {
      const auto end = page.body.find('\n', start);
      listed.push_back(json::parse(page.body.substr(start, end - start)).at("id"));
      start = end + 1;
    }
    const auto link = page.header("Link").value_or("");
    EXPECT_EQ(link.empty(), !page.header("Postbackd-Next"));
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  EXPECT_EQ(listed, std::vector<std::string>(clicked.rbegin(), clicked.rend()));

  const auto csv = server().get("/api/v1/clicks?format=csv&limit=1&sub1=export");
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_TRUE(csv.body.starts_with("id,time,campaign,")) << csv.body;
  EXPECT_NE(csv.body.find("\r\n" + clicked.back() + ","), std::string::npos) << csv.body;
}

TEST_F(LogsOverHttp, ExplainingTellsWhatThePostbackThenGetsAndLeavesNoTrace) {
  const auto id = server().click("cid=EXPLAINED");
  const auto other = server().click("cid=OTHER");
  struct Row {
    const char* code;
    std::string query;
    const char* would;  ///< Part of it.
  };
  const std::string same = "click_id=" + id + "&txid=X1";
  const Row rows[] = {
      {"converted", same + "&payout=5&status=hold", "count a new conversion"},
      {"updated", same + "&payout=6&status=approved", "status from pending to approved, payout from 5.00 USD to 6.00"},
      {"duplicate", same + "&payout=6&status=approved", "change nothing"},
      {"status_transition", same + "&payout=6&status=hold", "refused with HTTP status 409"},
      {"click_id_malformed", "click_id=123", "refused with HTTP status 400"},
      {"converted", "click_id=" + other, "with a payout of 12.50 USD"},
  };
  for (const auto& row : rows) {
    const auto postbacks = items("postbacks?limit=1000");
    const auto conversions = items("conversions?limit=1000");
    const auto batches = server().app().recorder_figures().batches.load();
    const auto explained = explain({{"url", "https://track.example/postback/acme?token=" + token() + "&" + row.query}});
    EXPECT_EQ(explained.at("code"), row.code) << explained;
    EXPECT_NE(explained.at("would").get<std::string>().find(row.would), std::string::npos) << explained.at("would");
    EXPECT_EQ(explained.dump().find(token()), std::string::npos) << "the token is masked";
    EXPECT_EQ(server().app().recorder_figures().batches.load(), batches) << "nothing was committed";
    EXPECT_EQ(items("postbacks?limit=1000"), postbacks);
    EXPECT_EQ(items("conversions?limit=1000"), conversions);

    const auto answer = send(row.query);
    EXPECT_EQ(answer.status, explained.at("http_status")) << row.query;
    const auto verdict = json::parse(answer.body);
    for (const auto* member : {"code", "result", "message", "warnings"}) {
      EXPECT_EQ(verdict.at(member), explained.at(member)) << row.query;
    }
    const auto logged = items("postbacks?limit=1").at(0);
    for (const auto* member : {"evidence", "fix", "click_id", "conversion_id", "event", "txid", "original_status"}) {
      EXPECT_EQ(logged.at(member), explained.at(member)) << member << " of " << row.query;
    }
  }
}

}  // namespace
}  // namespace postback::testing
