// judge(): click, network match, repeat policy, status table, money and time.
#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

using Status = ConversionStatus;

std::string token_of(const std::string& network) {
  if (network == "acme") return std::string(kExampleToken);
  std::string upper = network;
  for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
  return upper + "-T0KEN";
}

Reading read_for(const std::string& network, const std::string& more, TimeMs arrival = FakeClock::kStart) {
  SentPostback sent;
  sent.network = network;
  sent.query = "token=" + token_of(network) + "&click_id=$ID" + more;
  sent.arrival = arrival;
  const Reading reading = read_sent(sent);
  EXPECT_FALSE(reading.refusal) << reading.refusal->message;
  return reading;
}

Facts facts_of(std::string_view offer, std::optional<Conversion> conversion = {}, std::uint32_t conversions = 0) {
  return {ClickFacts{sample_click().high, 1, offer.empty() ? 0 : offer_number(offer), 1}, std::move(conversion),
          conversions};
}

/// The conversion that a first postback with `more` creates.
Conversion made_by(const std::string& more, const std::string& network = "acme", std::string_view offer = "vpn") {
  const auto judgement = judge(read_for(network, more), facts_of(offer));
  EXPECT_TRUE(judgement.effect && judgement.creates) << judgement.verdict.message;
  Conversion conversion = judgement.effect.value_or(Conversion{});
  conversion.id = 99;
  return conversion;
}

constexpr auto kLater = FakeClock::kStart + std::chrono::minutes(5);

Judgement repeat(const Conversion& found, const std::string& more) {
  return judge(read_for("acme", more, kLater), facts_of("vpn", found, 1));
}

TEST(MatcherJudge, ANewConversion) {
  const auto judgement =
      judge(read_for("acme", "&payout=3.5&amount=70&currency=EUR&txid=A1&event=sale&status=approved&reason=r"),
            facts_of("vpn", {}, 4));
  EXPECT_EQ(judgement.verdict.result, VerdictResult::accepted);
  EXPECT_EQ(judgement.verdict.code, VerdictCode::converted);
  EXPECT_EQ(judgement.verdict.http(), 200);
  EXPECT_EQ(judgement.verdict.fix, "");
  EXPECT_TRUE(judgement.verdict.warnings.empty());
  EXPECT_EQ(judgement.verdict.evidence.find(kExampleToken), std::string::npos);
  EXPECT_TRUE(judgement.creates);
  EXPECT_EQ(judgement.conversion_number, 5U);
  const Conversion& made = judgement.effect.value();
  EXPECT_EQ(made.id, 0U);
  EXPECT_EQ(made.click, sample_click().high);
  EXPECT_EQ(made.number, 5U);
  EXPECT_EQ(made.event, "sale");
  EXPECT_EQ(made.txid, "A1");
  EXPECT_EQ(made.status, Status::approved);
  EXPECT_EQ(made.original_status, "approved");
  EXPECT_EQ(made.payout, 3'500'000);
  EXPECT_EQ(made.amount, 70'000'000);
  EXPECT_EQ(made.currency, "EUR");
  EXPECT_EQ(made.reason, "r");
  EXPECT_EQ(made.time, FakeClock::kStart);
  EXPECT_EQ(made.updated, FakeClock::kStart);
  EXPECT_EQ(made.revision, 1U);
  EXPECT_NE(made.last_said, "");
}

TEST(MatcherJudge, PayoutAndCurrencyOfANewConversion) {
  struct Row {
    const char* network;
    const char* offer;
    const char* more;
    Micros payout;
    const char* currency;
    const char* warning;  ///< Part of the warnings; nullptr: there are none.
  };
  const Row rows[] = {
      {"acme", "vpn", "&payout=3", 3'000'000, "USD", nullptr},
      {"acme", "vpn", "&payout=0", 0, "USD", nullptr},
      {"acme", "vpn", "&payout=3&currency=EUR", 3'000'000, "EUR", nullptr},
      {"acme", "vpn", "", 12'500'000, "USD", "the offer's payout counts"},
      {"acme", "vpn", "&payout={payout}", 12'500'000, "USD", "unreplaced macro `{payout}`"},
      {"acme", "vpn", "&currency=EUR", 12'500'000, "USD", "The currency EUR was left aside"},
      {"acme", "plain", "", 0, "USD", "the payout is 0"},
      {"acme", "plain", "&payout=2", 2'000'000, "USD", nullptr},
      {"globex", "globex", "", 0, "", "the payout is 0"},
      {"globex", "globex", "&payout=0", 0, "", nullptr},
      {"globex", "globex", "&payout=2&currency=GBP", 2'000'000, "GBP", nullptr},
      {"fixed", "fixed", "&payout=99&currency=EUR", 7'000'000, "EUR", nullptr},
      {"fixed", "fixed", "", 7'000'000, "EUR", nullptr},
      {"fixed", "fixed", "&payout=99&currency=USD", 7'000'000, "EUR", "The currency USD was left aside"},
      {"globex", "globex", "&payout=2", 2'000'000, "", "2.00 has no currency"},
      {"acme", "", "&payout=2", 2'000'000, "USD", "has no offer in the catalog"},
      {"acme", "", "", 0, "USD", "the payout is 0"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.network) + row.offer + row.more);
    const auto judgement = judge(read_for(row.network, row.more), facts_of(row.offer));
    ASSERT_TRUE(judgement.effect) << judgement.verdict.message;
    EXPECT_EQ(judgement.effect->payout, row.payout);
    EXPECT_EQ(judgement.effect->currency, row.currency);
    const std::string warnings = joined(judgement.verdict.warnings);
    if (row.warning == nullptr)
      EXPECT_EQ(warnings, "");
    else
      EXPECT_NE(warnings.find(row.warning), std::string::npos) << warnings;
    EXPECT_EQ(judgement.verdict.fix.empty(), row.warning == nullptr);
  }
}

void expect_refused(const Judgement& judgement, VerdictCode code, const char* evidence, const char* fix) {
  EXPECT_EQ(judgement.verdict.result, VerdictResult::refused);
  EXPECT_EQ(to_string(judgement.verdict.code), to_string(code));
  EXPECT_FALSE(judgement.effect);
  EXPECT_FALSE(judgement.creates);
  EXPECT_NE(judgement.verdict.evidence.find(evidence), std::string::npos) << judgement.verdict.evidence;
  EXPECT_NE(judgement.verdict.fix.find(fix), std::string::npos) << judgement.verdict.fix;
}

TEST(MatcherJudge, Refusals) {
  expect_refused(judge(read_for("acme", "&payout=1"), Facts{}), VerdictCode::click_unknown, with_samples("$ID").c_str(),
                 "another installation");
  expect_refused(judge(read_for("acme", "&payout=1"), Facts{}), VerdictCode::click_unknown, "",
                 "`postbackd_clicks_unrecorded_total`");
  const auto mismatch = judge(read_for("acme", "&payout=1"), facts_of("globex"));
  expect_refused(mismatch, VerdictCode::network_mismatch, "offer `globex` of network `globex`", "/postback/globex");
  EXPECT_EQ(mismatch.verdict.message.find("globex"), std::string::npos)
      << "the caller learns nothing of other networks";
}

TEST(MatcherJudge, AnOfferChangedAfterTheClickIsNoMismatch) {
  Facts facts = facts_of("globex");
  facts.click->revision = 0;
  const auto judgement = judge(read_for("acme", "&payout=1"), facts);
  ASSERT_TRUE(judgement.effect) << judgement.verdict.message;
  const std::string warnings = joined(judgement.verdict.warnings);
  EXPECT_NE(warnings.find("network `globex` now"), std::string::npos) << warnings;
  EXPECT_NE(warnings.find("network `acme` was believed"), std::string::npos) << warnings;
}

TEST(MatcherJudge, APayoutWithoutCurrencyCounts) {
  const auto found = made_by("&payout=0", "globex", "globex");
  const auto repeated = [&](const char* more) {
    return judge(read_for("globex", more, kLater), facts_of("globex", found, 1));
  };
  const auto raised = repeated("&payout=1");
  ASSERT_TRUE(raised.effect);
  EXPECT_EQ(raised.effect->payout, 1'000'000);
  EXPECT_EQ(raised.effect->currency, "");
  EXPECT_NE(joined(raised.verdict.warnings).find("1.00 has no currency"), std::string::npos);
  const auto named = repeated("&payout=0&currency=EUR");
  ASSERT_TRUE(named.effect);
  EXPECT_EQ(named.effect->currency, "EUR");
  EXPECT_EQ(joined(named.verdict.warnings), "");
}

TEST(MatcherJudge, TheAmountKeepsToTheConversionsCurrency) {
  struct Row {
    const char* more;
    std::optional<Micros> amount;
    const char* currency;
  };
  const Row rows[] = {
      {"&payout=3&amount=%E2%82%AC50", {}, "USD"},
      {"&payout=3&amount=50+USD", 50'000'000, "USD"},
      {"&payout=3+EUR&amount=50+EUR", 50'000'000, "EUR"},
      {"&payout=1+USD&amount=2+EUR", {}, "USD"},
      {"&amount=%E2%82%AC50", {}, "USD"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.more);
    const auto judgement = judge(read_for("acme", row.more), facts_of("vpn"));
    ASSERT_TRUE(judgement.effect) << judgement.verdict.message;
    EXPECT_EQ(judgement.effect->amount, row.amount);
    EXPECT_EQ(judgement.effect->currency, row.currency);
    EXPECT_EQ(joined(judgement.verdict.warnings).find("was left out") == std::string::npos, row.amount.has_value());
  }
}

TEST(MatcherJudge, AFixedPayoutThatTheOfferDoesNotHave) {
  const auto judgement = judge(read_for("fixed", "&payout=9+USD"), facts_of(""));
  ASSERT_TRUE(judgement.effect);
  EXPECT_EQ(judgement.effect->payout, 9'000'000);
  EXPECT_EQ(judgement.effect->currency, "USD");
  EXPECT_NE(joined(judgement.verdict.warnings).find("the 9.00 that arrived counts"), std::string::npos);
}

TEST(MatcherJudge, TheNetworksWordFollowsTheStatus) {
  const auto approved = repeat(made_by("&payout=1&txid=A&status=hold"), "&payout=1&txid=A");
  ASSERT_TRUE(approved.effect);
  EXPECT_EQ(approved.effect->original_status, "");
}

TEST(MatcherJudge, ARefusedReadingIsAnsweredAsItIs) {
  SentPostback sent;
  sent.query = "token=$TOKEN&click_id=nonsense";
  const auto judgement = judge(read_sent(sent), facts_of("vpn"));
  expect_refused(judgement, VerdictCode::click_id_malformed, "nonsense", "sub1");
  EXPECT_EQ(judgement.conversion_number, 0U);
}

TEST(MatcherJudge, TimeIsBoundedToClickAndArrival) {
  struct Row {
    const char* time;
    TimeMs expected;
    bool warned;
  };
  const TimeMs clicked = sample_click().time();
  const Row rows[] = {
      {"2026-01-15T11:30:00Z", FakeClock::kStart - std::chrono::minutes(30), false},
      {"2026-01-15T12:00:00Z", FakeClock::kStart, false},
      {"2026-01-15T12:00:00.001Z", FakeClock::kStart, true},
      {"2026-01-15T11:00:00Z", clicked, false},
      {"2026-01-15T10:59:59.001Z", clicked, false},
      {"2026-01-15T10:59:59Z", FakeClock::kStart, true},
      {"1970-01-01T00:00:00Z", FakeClock::kStart, true},
      {"nonsense", FakeClock::kStart, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.time);
    const auto judgement = judge(read_for("acme", std::string("&payout=1&time=") + row.time), facts_of("vpn"));
    ASSERT_TRUE(judgement.effect);
    EXPECT_EQ(judgement.effect->time, row.expected);
    EXPECT_EQ(!judgement.verdict.warnings.empty(), row.warned);
  }
}

TEST(MatcherJudge, StatusTable) {
  struct Row {
    const char* from;
    const char* to;
    VerdictCode code;
    Status status;  ///< Afterwards.
    const char* message;
  };
  constexpr auto kUpdated = VerdictCode::updated;
  constexpr auto kDuplicate = VerdictCode::duplicate;
  constexpr auto kRefused = VerdictCode::status_transition;
  // Another word for the same status is a resend; an unknown one is not.
  const Row rows[] = {
      {"pending", "hold", kDuplicate, Status::pending, "came before"},
      {"pending", "confirmed", kUpdated, Status::approved, "now approved"},
      {"pending", "declined", kUpdated, Status::rejected, "now rejected"},
      {"approved", "hold", kRefused, Status::approved, "approved already and cannot go back"},
      {"approved", "confirmed", kDuplicate, Status::approved, "came before"},
      {"approved", "refund", kUpdated, Status::rejected, "reversed"},
      {"rejected", "hold", kRefused, Status::rejected, "rejected already and cannot go back"},
      {"rejected", "confirmed", kUpdated, Status::approved, "reinstated"},
      {"rejected", "trash", kDuplicate, Status::rejected, "came before"},
      {"pending", "", kUpdated, Status::approved, "now approved"},
      {"approved", "", kDuplicate, Status::approved, "came before"},
      {"rejected", "", kUpdated, Status::approved, "reinstated"},
      {"pending", "frobbed", kDuplicate, Status::pending, "pending already"},
      {"approved", "frobbed", kDuplicate, Status::approved, "approved already"},
      {"rejected", "frobbed", kDuplicate, Status::rejected, "rejected already"},
      {"approved", "{status}", kDuplicate, Status::approved, "approved already"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.from) + " to " + row.to);
    const Conversion found = made_by(std::string("&payout=1&status=") + row.from);
    const auto judgement = repeat(found, std::string("&payout=1&status=") + row.to);
    EXPECT_EQ(to_string(judgement.verdict.code), to_string(row.code));
    EXPECT_NE(judgement.verdict.message.find(row.message), std::string::npos) << judgement.verdict.message;
    EXPECT_EQ(judgement.conversion_number, 1U);
    EXPECT_FALSE(judgement.creates);
    ASSERT_EQ(judgement.effect.has_value(), row.code == kUpdated);
    EXPECT_EQ((judgement.effect ? *judgement.effect : found).status, row.status);
    EXPECT_EQ(judgement.verdict.result, row.code == kUpdated     ? VerdictResult::accepted
                                        : row.code == kDuplicate ? VerdictResult::duplicate
                                                                 : VerdictResult::refused);
    if (!judgement.effect) continue;
    EXPECT_EQ(judgement.effect->id, found.id);
    EXPECT_EQ(judgement.effect->revision, 2U);
    EXPECT_EQ(judgement.effect->updated, kLater);
    EXPECT_EQ(judgement.effect->time, found.time);
    EXPECT_NE(judgement.effect->last_said, found.last_said);
  }
}

TEST(MatcherJudge, AnUnknownStatusWordWarns) {
  const auto fresh = judge(read_for("acme", "&payout=1&status=frobbed"), facts_of("vpn"));
  ASSERT_TRUE(fresh.effect);
  EXPECT_EQ(fresh.effect->status, Status::pending);
  EXPECT_EQ(fresh.effect->original_status, "frobbed");
  EXPECT_NE(joined(fresh.verdict.warnings).find("`frobbed`"), std::string::npos);
  const auto paid_more = repeat(made_by("&payout=1&txid=A"), "&payout=2&txid=A&status=frobbed");
  ASSERT_TRUE(paid_more.effect);
  EXPECT_EQ(paid_more.effect->status, Status::approved);
  EXPECT_EQ(paid_more.effect->payout, 2'000'000);
  EXPECT_NE(joined(paid_more.verdict.warnings).find("keeps its status"), std::string::npos);
}

TEST(MatcherJudge, ResendsHaveNoEffect) {
  const std::string all = "&payout=1.5&amount=2&currency=EUR&reason=r&status=approved&txid=A";
  const auto again = repeat(made_by(all), all + "&time=1&unknown=x");
  EXPECT_EQ(again.verdict.result, VerdictResult::duplicate);
  EXPECT_EQ(again.verdict.code, VerdictCode::duplicate);
  EXPECT_NE(again.verdict.message.find("came before"), std::string::npos);
  EXPECT_FALSE(again.effect);
  EXPECT_EQ(again.conversion_number, 1U);
  EXPECT_NE(repeat(made_by(""), "").verdict.message.find("came before"), std::string::npos);
}

TEST(MatcherJudge, ReinstatementByTheFirstRequestsBytes) {
  const Conversion first = made_by("&payout=1&txid=A");
  const auto reversed = repeat(first, "&payout=1&txid=A&status=refund");
  ASSERT_TRUE(reversed.effect);
  EXPECT_EQ(reversed.effect->status, Status::rejected);
  const auto reinstated = repeat(*reversed.effect, "&payout=1&txid=A");
  ASSERT_TRUE(reinstated.effect);
  EXPECT_EQ(reinstated.effect->status, Status::approved);
  EXPECT_EQ(reinstated.effect->revision, 3U);
  EXPECT_EQ(reinstated.effect->last_said, first.last_said);
  EXPECT_EQ(repeat(*reinstated.effect, "&payout=1&txid=A").verdict.code, VerdictCode::duplicate);
}

TEST(MatcherJudge, WhatAnUpdateReplaces) {
  struct Row {
    const char* first;
    const char* second;
    bool updated;
    Micros payout;
    const char* currency;
    const char* reason;
    const char* warning;  ///< Part of the warnings; nullptr: there are none.
  };
  const Row rows[] = {
      {"&txid=A&payout=1", "&txid=A&payout=2", true, 2'000'000, "USD", "", nullptr},
      {"&txid=A&payout=1&currency=EUR", "&txid=A&payout=2", true, 2'000'000, "EUR", "", nullptr},
      {"&txid=A&payout=1", "&txid=A&payout=1&currency=EUR", true, 1'000'000, "EUR", "", nullptr},
      {"&txid=A&payout=1", "&txid=A&payout=1&currency=USD", false, 1'000'000, "USD", "", nullptr},
      {"&txid=A&payout=1", "&txid=A", false, 1'000'000, "USD", "", nullptr},
      {"&txid=A&payout=1", "&txid=A&currency=EUR", false, 1'000'000, "USD", "", "came without a payout"},
      {"&txid=A&payout=1", "&txid=A&status=refund", true, 1'000'000, "USD", "", nullptr},
      {"&txid=A&payout=1", "&txid=A&payout=1&amount=9", true, 1'000'000, "USD", "", nullptr},
      {"&txid=A&payout=1", "&txid=A&payout=1&reason=late", true, 1'000'000, "USD", "late", nullptr},
      {"&txid=A&payout=1&reason=late", "&txid=A&payout=1", false, 1'000'000, "USD", "late", nullptr},
      {"&payout=1", "&payout=2", true, 2'000'000, "USD", "", "`new` (each counts)"},
      {"&payout=1", "&payout=1&currency=EUR", true, 1'000'000, "EUR", "", "The currency of the payout"},
      {"&payout=1", "&payout=2", true, 2'000'000, "USD", "", "`txid`"},
      {"&payout=1", "&payout=1.0", false, 1'000'000, "USD", "", nullptr},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.first) + " then " + row.second);
    const Conversion found = made_by(row.first);
    const auto judgement = repeat(found, row.second);
    EXPECT_EQ(judgement.effect.has_value(), row.updated) << judgement.verdict.message;
    EXPECT_EQ(to_string(judgement.verdict.code), row.updated ? "updated" : "duplicate");
    const Conversion& after = judgement.effect ? *judgement.effect : found;
    EXPECT_EQ(after.payout, row.payout);
    EXPECT_EQ(after.currency, row.currency);
    EXPECT_EQ(after.reason, row.reason);
    const std::string warnings = joined(judgement.verdict.warnings);
    if (row.warning == nullptr)
      EXPECT_EQ(warnings, "");
    else
      EXPECT_NE(warnings.find(row.warning), std::string::npos) << warnings;
  }
}

TEST(MatcherJudge, ARefusedTransitionChangesNothingElse) {
  const auto judgement = repeat(made_by("&payout=1&txid=A"), "&payout=9&txid=A&status=hold");
  expect_refused(judgement, VerdictCode::status_transition, "txid `A`", "status words of network `acme`");
  EXPECT_EQ(judgement.verdict.http(), 409);
  EXPECT_EQ(judgement.conversion_number, 1U);
}

TEST(MatcherJudge, PolicyIgnore) {
  const auto found = made_by("&payout=1&event=sale", "ignorer", "ignorer");
  const auto again = [&](const std::string& more) {
    return judge(read_for("ignorer", "&event=sale" + more, kLater), facts_of("ignorer", found, 1));
  };
  for (const char* more :
       {"&payout=1", "&payout=2", "&payout=1&status=refund", "&payout=1&status=hold", "&payout=1&reason=x"}) {
    SCOPED_TRACE(more);
    EXPECT_EQ(again(more).verdict.result, VerdictResult::duplicate);
    EXPECT_FALSE(again(more).effect);
    EXPECT_EQ(again(more).conversion_number, 1U);
  }
  EXPECT_TRUE(again("&payout=1").verdict.warnings.empty());
  EXPECT_NE(joined(again("&payout=2").verdict.warnings).find("payout was ignored"), std::string::npos);
  EXPECT_NE(joined(again("&payout=1&status=refund").verdict.warnings).find("status rejected was ignored"),
            std::string::npos);
  // Other events of the same network keep the default policy.
  const auto lead = made_by("&payout=1&event=lead", "ignorer", "ignorer");
  EXPECT_TRUE(judge(read_for("ignorer", "&payout=2&event=lead", kLater), facts_of("ignorer", lead, 1)).effect);
}

TEST(MatcherJudge, ATestHasTheCodeButNoEffect) {
  struct Row {
    const char* more;
    Facts facts;
    VerdictCode code;
    std::uint32_t number;
  };
  const Conversion found = made_by("&payout=1");
  const Row rows[] = {
      {"&payout=1", facts_of("vpn"), VerdictCode::converted, 0},
      {"&payout=1", facts_of("vpn", found, 1), VerdictCode::duplicate, 1},
      {"&payout=2", facts_of("vpn", found, 1), VerdictCode::updated, 1},
      {"&status=hold", facts_of("vpn", found, 1), VerdictCode::status_transition, 1},
      {"&payout=1", Facts{}, VerdictCode::click_unknown, 0},
      {"&payout=1", facts_of("globex"), VerdictCode::network_mismatch, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.more);
    const auto judgement = judge(read_for("acme", std::string(row.more) + "&test=1"), row.facts);
    EXPECT_EQ(judgement.verdict.result, VerdictResult::test);
    EXPECT_EQ(to_string(judgement.verdict.code), to_string(row.code));
    EXPECT_EQ(judgement.verdict.http(), 200);
    EXPECT_NE(judgement.verdict.message.find("nothing was recorded"), std::string::npos);
    EXPECT_FALSE(judgement.effect);
    EXPECT_FALSE(judgement.creates);
    EXPECT_EQ(judgement.conversion_number, row.number);
  }
}

/// Under the policy `add`.
Reading adding(const std::string& more) {
  static const auto catalog = catalog_of(patched_example(EntityKind::network, R"({"repeat":{"*":"add"}})"));
  return read_request({.target = "/postback/acme?token=T0KEN-acme&click_id=$ID&event=sale&txid=A1" + more}, catalog);
}

Conversion made_by_adding(const std::string& more) {
  auto conversion = judge(adding(more), facts_of("vpn")).effect.value_or(Conversion{});
  conversion.id = 99;
  return conversion;
}

TEST(MatcherJudge, AResendMayBeSpelledOtherwise) {
  struct Row {
    const char* first;
    const char* second;
    const char* code;
  };
  const Row rows[] = {
      {"&payout=10&status=approved", "&payout=10&status=confirmed", "duplicate"},
      {"&payout=10&status=approved", "&payout=10", "duplicate"},
      {"&payout=10", "&payout=10&status=APPROVED", "duplicate"},
      {"&payout=10", "&payout=10&currency=USD", "duplicate"},
      {"&payout=10&currency=usd", "&payout=10USD", "duplicate"},
      {"&payout=10&currency=EUR", "&payout=10", "duplicate"},
      {"&payout=10&amount=5", "&payout=10&amount=5USD", "duplicate"},
      {"&payout=10", "&payout=10.5", "added"},
      {"&payout=10", "&payout=10&reason=r", "added"},
      {"&payout=10", "&payout=10&amount=1", "added"},
      {"&payout=10&currency=USD", "&payout=10&currency=EUR", "payout_invalid"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.first) + " " + row.second);
    const auto judgement = judge(adding(row.second), facts_of("vpn", made_by_adding(row.first), 1));
    EXPECT_EQ(to_string(judgement.verdict.code), row.code) << judgement.verdict.message;
  }
}

TEST(MatcherJudge, AnUnknownWordIsOfTheStatementItself) {
  Conversion found = made_by_adding("&payout=10&status=glorious");
  EXPECT_EQ(judge(adding("&payout=10&status=glorious"), facts_of("vpn", found, 1)).verdict.message.substr(0, 25),
            "This postback came before");
  EXPECT_NE(judge(adding("&payout=10&status=splendid"), facts_of("vpn", found, 1)).verdict.message.substr(0, 25),
            "This postback came before");
}

TEST(MatcherJudge, AResendOfWhatAnEarlierVersionStoredIsKnown) {
  Conversion found = made_by_adding("&payout=10");
  struct Row {
    const char* said;
    const char* more;
    const char* code;
  };
  const Row rows[] = {
      {"status=approved payout=10000000 ", "&payout=10", "duplicate"},
      {"status=approved word=9:confirmed payout=10000000 currency=3:USD ", "&payout=10&currency=USD&status=confirmed",
       "duplicate"},
      {"status=approved payout=10000000 amount=5000000 amount_currency=3:USD ", "&payout=10&amount=5USD", "duplicate"},
      {"status=approved payout=10000000 ", "&payout=11", "added"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.said);
    found.last_said = row.said;
    EXPECT_EQ(to_string(judge(adding(row.more), facts_of("vpn", found, 1)).verdict.code), row.code);
  }
}

}  // namespace
}  // namespace postback
