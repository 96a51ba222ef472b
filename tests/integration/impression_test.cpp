// Impressions over the wire.
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {
namespace {

class ImpressionOverHttp : public SharedServer<ImpressionOverHttp> {
 protected:
  static std::uint64_t counted() { return server().app().recorder_figures().impressions_committed.load(); }
  static RawResponse ask(const std::string& target, std::string_view lines = {}, std::string_view method = "GET") {
    const auto answer =
        server().exchange(request_text(method, target, lines), method == "HEAD" ? Asked::head : Asked::get);
    expect_well_formed(answer);
    return answer;
  }
};

TEST_F(ImpressionOverHttp, IsAPixelAndIsCounted) {
  const auto before = counted();
  const auto answer = ask("/i/summer.gif?x=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "image/gif");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.body.size(), 43U);
  EXPECT_TRUE(answer.body.starts_with("GIF89a"));
  EXPECT_EQ(answer.body.back(), ';');
  EXPECT_EQ(counted(), before + 1) << "committed before the answer";
}

TEST_F(ImpressionOverHttp, NothingElseIsCounted) {
  const auto before = counted();
  EXPECT_EQ(ask("/i/summer.gif", {}, "HEAD").status, 200);
  EXPECT_EQ(ask("/i/summer.gif", "Sec-Purpose: prefetch\r\n").status, 503);
  for (const std::string target : {"/i/nothing.gif", "/i/summer", "/i/summer.png", "/i/.gif", "/i/summer.gif/",
                                   "/i/summer.gif.gif", "/i/summer%2egif%2f", "/i/"}) {
    EXPECT_EQ(ask(target).status, 404) << target;
  }
  EXPECT_EQ(ask("/i/summer.gif", {}, "POST").status, 405);
  EXPECT_EQ(ask("/i/summer.gif", {}, "OPTIONS").header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(counted(), before);
}

}  // namespace
}  // namespace postback::testing
