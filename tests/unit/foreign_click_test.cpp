// Descriptions of clicks of another tracker.
#include "postback/domain/foreign_click.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback {
namespace {

std::variant<ForeignClick, Faults> read_text(const std::string& text) {
  return read_foreign_click(Json::parse(with_samples(text)), *sample_catalog(), sample_keys(), FakeClock::kStart);
}

TEST(ForeignClick, IsReadWithEverythingThatIsKnown) {
  const auto read = read_text(R"({"foreign_id":"w1","campaign":"summer","time":1768478300,"offer":"plain","cost":"0.05",
      "currency":"USD","sub1":12,"sub20":"z","external_id":"E","ip":"192.0.2.1","user_agent":"A","referrer":"r",
      "language":"cs","country":"CZ","region":"PR","city":"Praha"})");
  ASSERT_TRUE(std::holds_alternative<ForeignClick>(read)) << joined(std::get<Faults>(read));
  const Click click = std::get<ForeignClick>(read).click();
  EXPECT_EQ(std::get<ForeignClick>(read).time, TimeMs{std::chrono::seconds{1'768'478'300}});
  EXPECT_EQ(click.id.high, 0U);
  EXPECT_EQ(click.campaign, 1U);
  EXPECT_EQ(click.offer, offer_number("plain"));
  EXPECT_EQ(click.source, 1U);
  EXPECT_EQ(click.cost, 50'000);
  EXPECT_EQ(click.sub[0], "12");
  EXPECT_EQ(click.sub[19], "z");
  EXPECT_EQ(click.country, "CZ");
}

TEST(ForeignClick, WithoutAnOfferIsTheCampaignsOnlyOne) {
  const auto read = read_text(R"({"foreign_id":"w1","campaign":"summer","time":"2026-01-01T00:00:00Z"})");
  ASSERT_TRUE(std::holds_alternative<ForeignClick>(read));
  EXPECT_EQ(std::get<ForeignClick>(read).offer, offer_number("vpn"));
}

TEST(ForeignClick, ACostWithoutCurrencyHasTheCampaignsOrTheOffers) {
  struct Row {
    const char* cost;
    const char* offer;
    const char* network;
    const char* currency;  ///< Empty: refused.
  };
  const char* const none = R"({"cost":{"model":"none"}})";
  for (const auto& [cost, offer, network, currency] :
       {Row{R"({"cost":{"model":"none","currency":"CZK"}})", "{}", "{}", "CZK"},
        Row{none, R"({"currency":"EUR"})", "{}", "EUR"}, Row{none, R"({"currency":null})", "{}", "USD"},
        Row{none, R"({"currency":null,"payout":null})", R"({"currency":null})", ""}}) {
    auto documents = example_documents();
    for (auto& document : documents) {
      auto object = Json::parse(document.json);
      if (document.kind == EntityKind::campaign) object.merge_patch(Json::parse(cost));
      if (document.kind == EntityKind::campaign) object["cost"].erase("amount");
      if (document.kind == EntityKind::campaign && std::string_view(cost) == none) object["cost"].erase("currency");
      if (document.kind == EntityKind::offer) object.merge_patch(Json::parse(offer));
      if (document.kind == EntityKind::network) object.merge_patch(Json::parse(network));
      document.json = object.dump();
    }
    const auto catalog = catalog_of(documents);
    const auto read_row = [&](const char* row) {
      return read_foreign_click(Json::parse(row), *catalog, sample_keys(), FakeClock::kStart);
    };
    const auto read = read_row(R"({"foreign_id":"w","campaign":"summer","time":"2026-01-01T00:00:00Z","cost":"0.5"})");
    if (*currency == '\0') {
      ASSERT_TRUE(std::holds_alternative<Faults>(read));
      EXPECT_TRUE(has_fault(std::get<Faults>(read), "currency", "is missing"));
    } else {
      ASSERT_TRUE(std::holds_alternative<ForeignClick>(read)) << joined(std::get<Faults>(read));
      EXPECT_EQ(std::get<ForeignClick>(read).cost_currency, currency);
    }
    const auto free = read_row(R"({"foreign_id":"w","campaign":"summer","time":"2026-01-01T00:00:00Z"})");
    ASSERT_TRUE(std::holds_alternative<ForeignClick>(free));
    EXPECT_EQ(std::get<ForeignClick>(free).cost_currency, "") << "without a cost there is nothing to name";
  }
}

TEST(ForeignClick, AnIdOfOursRestoresThatClick) {
  const auto read = read_text(R"({"foreign_id":"$ID","campaign":"summer","time":"2026-01-15T11:00:00Z"})");
  ASSERT_TRUE(std::holds_alternative<ForeignClick>(read)) << joined(std::get<Faults>(read));
  EXPECT_EQ(std::get<ForeignClick>(read).click().id, sample_click());
}

TEST(ForeignClick, NamesEveryFault) {
  struct Row {
    const char* text;
    const char* field;
    const char* said;
  };
  const Row rows[] = {
      {R"({"campaign":"summer","time":"2026-01-01T00:00:00Z"})", "foreign_id", "is missing"},
      {R"({"foreign_id":"w","time":"2026-01-01T00:00:00Z"})", "campaign", "is missing"},
      {R"({"foreign_id":"w","campaign":"winter","time":"2026-01-01T00:00:00Z"})", "campaign", "not in the catalog"},
      {R"({"foreign_id":"w","campaign":"summer","offer":"x","time":"2026-01-01T00:00:00Z"})", "offer", "not in the"},
      {R"({"foreign_id":"w","campaign":"summer"})", "time", "is missing"},
      {R"({"foreign_id":"w","campaign":"summer","time":"yesterday"})", "time", "neither RFC 3339"},
      {R"({"foreign_id":"w","campaign":"summer","time":"2024-12-31T00:00:00Z"})", "time", "before 2025"},
      {R"({"foreign_id":"w","campaign":"summer","time":"2027-01-01T00:00:00Z"})", "time", "in the future"},
      {R"({"foreign_id":"$ID","campaign":"summer","time":"2026-01-15T11:00:01Z"})", "time", "not the time in"},
      {R"({"foreign_id":"w","campaign":"summer","time":"2026-01-01T00:00:00Z","cost":0.5})", "cost", "is not text"},
      {R"({"foreign_id":"w","campaign":"summer","time":"2026-01-01T00:00:00Z","colour":1})", "colour", "not a known"},
      {R"(["w"])", "(document)", "is not a JSON object"},
  };
  for (const auto& row : rows) {
    const auto read = read_text(row.text);
    ASSERT_TRUE(std::holds_alternative<Faults>(read)) << row.text;
    EXPECT_TRUE(has_fault(std::get<Faults>(read), row.field, row.said)) << joined(std::get<Faults>(read));
  }
}

TEST(ForeignClick, SpacesAroundTheIdAreLeftOut) {
  const auto read = read_text(R"({"foreign_id":"  padded ","campaign":"summer","time":"2026-01-01T00:00:00Z"})");
  ASSERT_TRUE(std::holds_alternative<ForeignClick>(read)) << joined(std::get<Faults>(read));
  EXPECT_EQ(std::get<ForeignClick>(read).foreign_id, "padded");
  const auto blank = read_text(R"({"foreign_id":"  ","campaign":"summer","time":"2026-01-01T00:00:00Z"})");
  ASSERT_TRUE(std::holds_alternative<Faults>(blank));
  EXPECT_TRUE(has_fault(std::get<Faults>(blank), "foreign_id", "nothing but spaces"));
}

}  // namespace
}  // namespace postback
