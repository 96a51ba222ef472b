// The ledger of spend over the wire.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

using nlohmann::json;

class SpendOverHttp : public SharedServer<SpendOverHttp> {
 protected:
  static RawResponse add(const std::string& body, std::string_view type = "application/json") {
    const auto answer = server().post("/api/v1/spend", body, type);
    expect_well_formed(answer);
    return answer;
  }
  static json listed(const std::string& query = {}) { return server().get_json("/api/v1/spend" + query).at("items"); }
};

TEST_F(SpendOverHttp, EntriesAreAddedOneManyOrAsCsv) {
  const auto one = add(R"({"campaign":"summer","from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00+01:00",)"
                       R"("amount":"125","currency":"USD","note":"January"})");
  ASSERT_EQ(one.status, 201) << one.body;
  const auto entry = json::parse(one.body).at("items").at(0);
  EXPECT_EQ(entry.at("amount"), "125.00");
  EXPECT_EQ(entry.at("to"), "2026-01-31T23:00:00.000Z");
  EXPECT_EQ(entry.at("actor"), "admin");
  EXPECT_EQ(listed().at(0), entry);
  const auto two = add(R"([{"campaign":"summer","from":"2026-03-01T00:00:00Z","to":"2026-04-01T00:00:00Z",)"
                       R"("amount":"-5.5","currency":"USD"},)"
                       R"({"campaign":"summer","from":"2026-03-01T00:00:00Z","to":"2026-04-01T00:00:00Z",)"
                       R"("amount":"1","currency":"EUR"}])");
  ASSERT_EQ(two.status, 201) << two.body;
  const auto csv =
      add("currency,amount,to,from,campaign,note\r\nUSD,3.25,2026-06-01T00:00:00Z,2026-05-01T00:00:00Z,summer,\"a, "
          "\"\"b\"\"\"\r\n",
          "text/csv; charset=utf-8");
  ASSERT_EQ(csv.status, 201) << csv.body;
  const auto all = listed();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].at("note"), "a, \"b\"");
  EXPECT_EQ(all[2].at("amount"), "-5.50");
  EXPECT_EQ(listed("?campaign=summer&from=2026-02-01T00:00:00Z&to=2026-05-01T00:00:00Z").size(), 2U);
  const auto page = server().get_json("/api/v1/spend?limit=3");
  EXPECT_EQ(page.at("items").size(), 3U);
  EXPECT_EQ(listed("?limit=3&cursor=" + page.at("next").get<std::string>()).at(0), entry);
  const auto audit = server().get_json("/api/v1/audit?action=spend.add").at("items");
  ASSERT_EQ(audit.size(), 3U);
  EXPECT_EQ(audit[1].at("detail"), "2 entries");
  server().settle();
}

struct Refused {
  std::string body;
  const char* type;
  int status;
  const char* said;
};

TEST_F(SpendOverHttp, AFaultyUploadAddsNothing) {
  const auto before = listed().size();
  const auto entry = [](const std::string& campaign, const std::string& from, const std::string& to,
                        const std::string& amount, const std::string& currency) {
    return json{{"campaign", campaign}, {"from", from}, {"to", to}, {"amount", amount}, {"currency", currency}};
  };
  const std::string day = "2026-01-01T00:00:00Z";
  const std::string next = "2026-01-02T00:00:00Z";
  const auto good = entry("summer", day, next, "1", "USD");
  const char* const is_json = "application/json";
  const std::vector<Refused> rows{
      {entry("nothing", day, next, "1", "USD").dump(), is_json, 400, "there is no campaign"},
      {entry("summer", next, day, "1", "USD").dump(), is_json, 400, "not later than from"},
      {entry("summer", day, day, "1", "USD").dump(), is_json, 400, "not later than from"},
      {entry("summer", "yesterday", next, "1", "USD").dump(), is_json, 400, "RFC 3339"},
      {entry("summer", day, next, "1,5", "USD").dump(), is_json, 400, "not a decimal number"},
      {entry("summer", day, next, "1", "XXX").dump(), is_json, 400, "not a currency in use"},
      {R"({"campaign":"summer"})", is_json, 400, "currency"},
      {json::array({good, entry("nothing", day, next, "1", "USD")}).dump(), is_json, 400, "[1].campaign"},
      {"[]", is_json, 400, "has no entry"},
      {"", is_json, 400, "document"},
      {"7", is_json, 400, "not a JSON object"},
      {"campaign,amount\nsummer\n", "text/csv", 400, "1 cells under 2 names"},
      {"campaign,amount\n\"summer,1\n", "text/csv", 400, "quote"},
      {"campaign,sum\nsummer,1\n", "text/csv", 400, "not a known field"},
      {"campaign\n", "text/csv", 400, "has no entry"},
      {good.dump(), "text/xml", 415, "JSON"},
  };
  for (const auto& row : rows) {
    const auto answer = add(row.body, row.type);
    EXPECT_EQ(answer.status, row.status) << row.body;
    EXPECT_NE(answer.body.find(row.said), std::string::npos) << row.body << "\n" << answer.body;
  }
  EXPECT_EQ(listed().size(), before);
  EXPECT_EQ(server().get("/api/v1/spend?campaign=nothing").status, 400);
  EXPECT_EQ(server().get("/api/v1/spend?nothing=1").status, 400);
}

}  // namespace
}  // namespace postback::testing
