// Deep links over the wire: a link's `url` leads to the offer's own hosts and nowhere else.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postback::testing {
namespace {

class DeepLinks : public SharedServer<DeepLinks> {
 public:
  static void SetUpTestSuite() {
    SharedServer<DeepLinks>::SetUpTestSuite();
    EXPECT_EQ(server()
                  .put("offers", "shop",
                       R"({"name":"Shop","network":"acme","url":"https://shop.example/?sub1={clickid}",)"
                       R"("hosts":["shop.example",".wide.example"]})")
                  .status,
              201);
    EXPECT_EQ(server().put("campaigns", "deep", R"({"name":"D","paths":[{"offers":[{"offer":"shop"}]}]})").status, 201);
  }

 protected:
  static std::string location(const std::string& target, std::string_view method = "GET") {
    const auto answer = server().exchange(request_text(method, target), method == "HEAD" ? Asked::head : Asked::get);
    EXPECT_EQ(answer.status, 302) << target;
    expect_well_formed(answer);
    return answer.header("Location").value_or("");
  }
};

TEST_F(DeepLinks, LeadToAPageOfTheOffer) {
  const auto where = location("/c/deep?zone=1&url=https%3A%2F%2Fshop.example%2Fitem%3Fid%3D7%23top");
  const auto id = where.substr(where.find("sub1=") + 5, 26);
  EXPECT_EQ(where, "https://shop.example/item?id=7&sub1=" + id + "#top");
  const auto click = server().get_json("/api/v1/clicks/" + id);
  EXPECT_EQ(click.at("offer"), "shop");
  EXPECT_EQ(click.at("extra"), "zone=1&url=https%3A%2F%2Fshop.example%2Fitem%3Fid%3D7%23top");
  const auto told = click.at("route").at("summary").get<std::string>();
  EXPECT_NE(told.find("where it went: https://shop.example/item?id=7#top"), std::string::npos) << told;
  EXPECT_TRUE(location("/c/deep?url=https://a.wide.example/").starts_with("https://a.wide.example/?sub1="));
  EXPECT_EQ(location("/c/deep?url=https://shop.example/a", "HEAD"), "https://shop.example/a?sub1=");
}

TEST_F(DeepLinks, LeadNowhereElse) {
  for (const std::string url :
       {"javascript:alert(1)", "//evil.example", "%5c%5cevil.example", "https://evil.example/", "https:evil.example",
        "https://shop.example@evil.example/", "https://shop.example%5c@evil.example/",
        "https://shop.example.evil.example", "http://shop.example/", "https://shop.example:8443/",
        "https://shop.example/%0d%0aSet-Cookie:a=b", "https://shop.example/%3Fsub1%3Dmine",
        "https://%53hop.example.evil.example", ""}) {
    EXPECT_TRUE(location("/c/deep?url=" + url).starts_with("https://shop.example/?sub1=0")) << url;
  }
  EXPECT_TRUE(location("/c/summer?url=https://shop.example/").starts_with("https://offer.example/"))
      << "this offer lists no hosts";
}

}  // namespace
}  // namespace postback::testing
