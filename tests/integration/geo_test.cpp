// Geo databases as files: their shapes, broken ones, replaced ones, and the one that comes with the server.
#include "postback/tracking/geo.hpp"

#include "app/visitors.hpp"
#include "support/geo_file.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace postback {
namespace {

using testing::write_geo_file;
namespace fs = std::filesystem;

constexpr std::string_view kMaxMind = R"({
  "192.0.2.0/24": {"country": {"iso_code": "DE"}, "subdivisions": [{"iso_code": "BE", "names": {"en": "Land Berlin"}}],
                   "city": {"names": {"en": "Berlin"}}},
  "198.51.100.0/24": {"country": {"iso_code": "AT"}, "subdivisions": [{"names": {"en": "Vienna"}}]},
  "2001:db8:1::/48": {"country": {"iso_code": "CZ"}, "city": {"names": {"en": "Praha"}}},
  "203.0.113.0/24": {"country": {"iso_code": "europe"}}})";
constexpr std::string_view kFlat = R"({
  "192.0.2.0/24": {"country_code": "FR", "state1": "Bretagne", "city": "Brest"},
  "2001:db8:1::/48": {"country_code": "IT"}})";

void write(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class GeoFile : public ::testing::Test {
 protected:
  std::string path() const { return directory_.file("geo.mmdb"); }
  std::string other() const { return directory_.file("new.mmdb"); }
  static std::string find(const GeoDatabase& database, std::string_view address) {
    GeoFacts facts{"old", "old", "old"};
    database.find(address, facts);
    return facts.country + "|" + facts.region + "|" + facts.city;
  }
  static std::string find(const GeoSlot& slot, std::string_view address) {
    GeoView view(slot);
    return view.get() == nullptr ? "no database" : find(*view.get(), address);
  }

  TemporaryDirectory directory_;
};

TEST_F(GeoFile, InMaxMindsShape) {
  write_geo_file(path(), kMaxMind);
  const auto opened = GeoDatabase::open(path());
  ASSERT_TRUE(opened.has_value()) << opened.error().detail;
  const auto& database = **opened;
  EXPECT_EQ(database.type(), "Test-City");
  EXPECT_EQ(find(database, "192.0.2.200"), "DE|BE|Berlin");
  EXPECT_EQ(find(database, "::ffff:192.0.2.1"), "DE|BE|Berlin");
  EXPECT_EQ(find(database, "198.51.100.1"), "AT|Vienna|") << "a name where there is no code";
  EXPECT_EQ(find(database, "2001:db8:1:2::3"), "CZ||Praha");
  EXPECT_EQ(find(database, "2001:db8:2::1"), "||");
  EXPECT_EQ(find(database, "192.0.3.1"), "||");
  EXPECT_EQ(find(database, "203.0.113.1"), "||") << "no country's code";
  EXPECT_EQ(find(database, ""), "||");
  EXPECT_EQ(find(database, "localhost"), "||");
}

TEST_F(GeoFile, InTheFlatShape) {
  write_geo_file(path(), kFlat);
  const auto opened = GeoDatabase::open(path());
  ASSERT_TRUE(opened.has_value()) << opened.error().detail;
  EXPECT_EQ(find(**opened, "192.0.2.1"), "FR|Bretagne|Brest");
  EXPECT_EQ(find(**opened, "2001:db8:1::"), "IT||");
}

TEST_F(GeoFile, ThatIsBrokenIsRefused) {
  write_geo_file(path(), kMaxMind);
  const auto whole = contents(path());
  for (const auto& bytes : {std::string(), std::string("no database"), whole.substr(0, whole.size() / 2)}) {
    write(other(), bytes);
    const auto opened = GeoDatabase::open(other());
    ASSERT_FALSE(opened.has_value()) << bytes.size();
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(opened.error().detail.find(other()), 0U);
  }
  EXPECT_EQ(GeoDatabase::open(directory_.file("missing")).error().code, ErrorCode::io_failed);
  EXPECT_EQ(GeoDatabase::open(directory_.path().string()).error().code, ErrorCode::io_failed);
}

TEST_F(GeoFile, WithDamageInsideDoesNoHarm) {
  write_geo_file(path(), kMaxMind);
  const auto whole = contents(path());
  // The end holds the description of the file, without which it is refused.
  for (std::size_t at = 0; at + 200 < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    write(other(), damaged);
    const auto opened = GeoDatabase::open(other());
    if (!opened) continue;
    for (const auto* address : {"192.0.2.1", "2001:db8:1::1", "198.51.100.7"}) find(**opened, address);
  }
}

TEST_F(GeoFile, IsReadAgainWhenItWasReplacedAndCameToRest) {
  write_geo_file(path(), kMaxMind);
  write_geo_file(other(), kFlat);
  GeoSlot slot;
  EXPECT_EQ(find(slot, "192.0.2.1"), "no database");
  ASSERT_TRUE(slot.open(path()).has_value());
  GeoView view(slot);
  EXPECT_EQ(find(*view.get(), "192.0.2.1"), "DE|BE|Berlin");
  slot.check();
  EXPECT_EQ(find(slot, "192.0.2.1"), "DE|BE|Berlin");
  fs::rename(other(), path());
  slot.check();
  EXPECT_EQ(find(slot, "192.0.2.1"), "DE|BE|Berlin") << "it may still be under way";
  slot.check();
  EXPECT_EQ(find(slot, "192.0.2.1"), "FR|Bretagne|Brest");
  EXPECT_EQ(find(*view.get(), "192.0.2.1"), "FR|Bretagne|Brest");
}

TEST_F(GeoFile, ThatCannotBeReadLeavesTheOldOneInUse) {
  write_geo_file(path(), kMaxMind);
  GeoSlot slot;
  ASSERT_TRUE(slot.open(path()).has_value());
  const auto version = slot.version();
  write(path(), "overwritten in its place");
  for (int look = 0; look < 3; ++look) slot.check();
  EXPECT_EQ(slot.version(), version);
  fs::remove(path());
  for (int look = 0; look < 3; ++look) slot.check();
  EXPECT_EQ(find(slot, "192.0.2.1"), "DE|BE|Berlin");
  write_geo_file(path(), kFlat);
  for (int look = 0; look < 2; ++look) slot.check();
  EXPECT_EQ(find(slot, "192.0.2.1"), "FR|Bretagne|Brest");
}

TEST_F(GeoFile, ThatComesWithTheServerKnowsCountries) {
  const auto opened = GeoDatabase::open(packaged_geo_database());
  ASSERT_TRUE(opened.has_value()) << opened.error().detail;
  EXPECT_EQ(find(**opened, "8.8.8.8"), "US||");
  EXPECT_EQ(find(**opened, "2a02:8308::1"), "CZ||");
  EXPECT_EQ(find(**opened, "127.0.0.1"), "||");
}

TEST_F(GeoFile, OfTheConfigurationFillsTheClickAndItsUrl) {
  write_geo_file(path(),
                 R"({"127.0.0.0/8": {"country": {"iso_code": "DE"}, "city": {"names": {"en": "Bad \u00d6yn"}}}})");
  testing::TestServer server([this](AppOptions& options) {
    options.visitors.geo_database = path();
    options.visitors.ip = "truncated";
  });
  server.example_catalog();
  const auto put = server.put("offers", "vpn",
                              R"({"name":"VPN","network":"acme","payout":"1","currency":"USD",
      "url":"https://offer.example/lp?sub1={clickid}&c={country}&r={region}&t={city}&d={device}&o={os}&b={browser}&)"
                              R"(i={ip}"})");
  ASSERT_EQ(put.status, 200) << put.body;
  const std::string lines =
      "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0\r\n";
  const auto request = testing::request_text("GET", "/c/summer", lines);
  const auto location = server.exchange(request).header("Location").value_or("");
  const auto id = testing::query_value(location, "sub1");
  EXPECT_EQ(location, "https://offer.example/lp?sub1=" + id +
                          "&c=DE&r=&t=Bad%20%C3%96yn&d=desktop&o=Windows&b=Firefox&i=127.0.0.0");
  const auto click = server.get_json("/api/v1/clicks/" + id);
  EXPECT_EQ(click.at("country"), "DE");
  EXPECT_EQ(click.at("city"), "Bad \u00d6yn");
  EXPECT_EQ(click.at("ip"), "127.0.0.0");
  EXPECT_EQ(click.at("device"), "desktop");
  EXPECT_EQ(click.at("os"), "Windows");
  EXPECT_EQ(click.at("browser"), "Firefox");
  EXPECT_EQ(click.at("bot"), false);
  EXPECT_EQ(click.at("unique"), true);
  const auto again = testing::query_value(server.exchange(request).header("Location").value_or(""), "sub1");
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + again).at("unique"), false);
  const auto bot = server.exchange(testing::request_text("GET", "/c/summer", "User-Agent: Googlebot/2.1\r\n"));
  EXPECT_EQ(testing::query_value(bot.header("Location").value_or(""), "d"), "bot");
  EXPECT_EQ(server.get_json("/api/v1/clicks?bot=true").at("items").size(), 1U);
  EXPECT_EQ(server.get_json("/api/v1/clicks?unique=false&country=DE&device=desktop").at("items").size(), 1U);
}

TEST_F(GeoFile, OfTheConfigurationMustBeThere) {
  try {
    testing::TestServer server([this](AppOptions& options) { options.visitors.geo_database = path(); });
    FAIL() << "started without the file that geo.database names";
  } catch (const std::exception& fault) {
    EXPECT_NE(std::string(fault.what()).find("geo.database"), std::string::npos) << fault.what();
  }
}

}  // namespace
}  // namespace postback
