// What `simulate` reads out of answers: click IDs in URLs, metrics.
#include "app/commands/simulated_objects.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

TEST(SimulatedObjects, AClickIdIsFoundAnywhereInAUrl) {
  const std::string id = "0123456789abcdefghjkmnpqrs";
  for (const std::string& url : {"https://o.example/?click_id=" + id, "https://o.example/" + id + "/x", id,
                                 "https://o.example/?a=1.7-" + id + "&b"})
    EXPECT_EQ(click_id_in(url), id) << url;
  for (const std::string& url : {"https://o.example/?x=" + id + "0", std::string("https://o.example/"), std::string(),
                                 std::string("https://o.example/?x=8123456789abcdefghjkmnpqrs")})
    EXPECT_EQ(click_id_in(url), "") << url;
}

TEST(SimulatedObjects, AMetricIsSummedOverItsLines) {
  const std::string page =
      "# TYPE a_total counter\na_total 3\na_total_more 50\nb_total{code=\"x\"} 4\nb_total{code=\"y\"} "
      "5\nb_total{code=\"x\",n=\"1\"} 1e1";
  EXPECT_EQ(metric_sum(page, "a_total", ""), 3);
  EXPECT_EQ(metric_sum(page, "b_total", "\"x\""), 14);
  EXPECT_EQ(metric_sum(page, "b_total", ""), 19);
  EXPECT_EQ(metric_sum(page, "c_total", ""), 0);
}

TEST(SimulatedObjects, TheNetworkIsMadeOnlyUnderTheSameId) {
  EXPECT_TRUE(temporary_catalog("s", "s").at("networks").is_array());
  const auto catalog = temporary_catalog("s", "acme");
  EXPECT_FALSE(catalog.contains("networks"));
  EXPECT_EQ(catalog.at("offers").at(0).at("network"), "acme");
  EXPECT_EQ(catalog.at("campaigns").at(0).at("paths").at(0).at("offers").at(0).at("offer"), "s");
}

}  // namespace
}  // namespace postback
