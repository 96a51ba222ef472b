// Words that were unknown when their postback came and are known now: what rules and holds make of them.
#include "postback/domain/conversion_hold.hpp"
#include "postback/domain/judge_again.hpp"
#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback {
namespace {

/// Network acme with these rules; `fine` is approved, `fee` an approved `rebill`, `visit` a pending `lead`.
Reading read_with(const std::string& rules, const std::string& word) {
  const auto catalog = catalog_of(patched_example(
      EntityKind::network,
      R"({"status_words":{"fine":"approved","bad":"rejected","fee":{"status":"approved","event":"rebill"},)"
      R"("visit":{"status":"pending","event":"lead"}},"rules":)" +
          rules + "}"));
  return read_request({.target = "/postback/acme?token=T0KEN-acme&click_id=$ID&payout=5&status=" + word}, catalog);
}

Facts click_only() {
  Facts facts;
  facts.click = ClickFacts{sample_click().high, 1, 1, 1};
  return facts;
}

/// As a postback with an unknown word left it; `revision` 1: it made it.
EarlierJudgement left(ConversionStatus status, std::uint32_t revision = 1) {
  EarlierJudgement earlier{.code = revision == 1 ? "converted" : "updated", .result = "accepted"};
  auto& own = earlier.own.emplace();
  own.id = 99;
  own.click = sample_click().high;
  own.number = 1;
  own.revision = revision;
  own.event = "conversion";
  own.status = status;
  own.payout = 5'000'000;
  own.currency = "USD";
  own.updated = FakeClock::kStart;
  own.last_said = "status=unknown word=4:fine ";
  return earlier;
}

constexpr const char* kHold = R"([{"name":"new","action":"hold","hold_s":600}])";
constexpr const char* kReject = R"([{"name":"none","action":"reject"}])";
constexpr auto kPending = ConversionStatus::pending;
constexpr auto kApproved = ConversionStatus::approved;
constexpr auto kRejected = ConversionStatus::rejected;

TEST(KnownWord, IsJudgedByTodaysRules) {
  struct Row {
    const char* what;
    const char* rules;
    const char* word;
    EarlierJudgement earlier;
    std::optional<ConversionStatus> status;  ///< Nothing: no change.
    bool held = false;
    const char* message = "";
  };
  const Row rows[] = {
      {"no rule", "[]", "fine", left(kPending), kApproved, false, "was pending and is approved."},
      {"a hold", kHold, "fine", left(kPending), kPending, true, "the rule `new` of the network holds it until"},
      {"a hold of one it changed", kHold, "fine", left(kPending, 2), kPending, true},
      {"a reversal is not held", kHold, "bad", left(kApproved, 2), kRejected},
      {"a reinstatement is", kHold, "fine", left(kRejected, 2), kPending, true},
      {"ignored: it should not have made one", kReject, "fine", left(kPending), kRejected, false, "`none`"},
      {"ignored, pending as it was", kReject, "visit", left(kPending), kRejected},
      {"the status of a known one changes all the same", kReject, "fine", left(kPending, 2), kApproved},
      {"rules see the word's event", R"([{"when":{"field":"event","op":"is","value":"rebill"},"action":"hold"}])",
       "fee", left(kPending), kPending, true, "until somebody decides"},
      {"and its status", R"([{"when":{"field":"status","op":"is","value":"pending"},"action":"reject"}])", "fine",
       left(kPending), kApproved},
      {"pending already", kHold, "visit", left(kPending), std::nullopt},
      {"nothing goes back to pending", kHold, "visit", left(kApproved, 2), std::nullopt},
      {"the same already", kHold, "fine", left(kApproved, 2), std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading = read_with(row.rules, row.word);
    ASSERT_FALSE(reading.refusal);
    const auto again = judge_again(reading, click_only(), row.earlier);
    ASSERT_EQ(again.changes, row.status.has_value());
    if (!row.status) continue;
    const auto& effect = again.judgement.effect.value();
    EXPECT_EQ(to_string(again.judgement.verdict.code), "updated");
    EXPECT_EQ(to_string(effect.status), to_string(*row.status));
    EXPECT_EQ(effect.hold_until.has_value(), row.held);
    EXPECT_EQ(effect.revision, row.earlier.own->revision + 1);
    EXPECT_EQ(effect.payout, row.earlier.own->payout) << "its sums are in already";
    EXPECT_FALSE(again.judgement.creates);
    EXPECT_NE(again.judgement.verdict.message.find(row.message), std::string::npos) << again.judgement.verdict.message;
    EarlierJudgement second{.code = "updated", .result = "accepted"};
    second.own = effect;
    EXPECT_FALSE(judge_again(reading, click_only(), second).changes) << "a second replay changes nothing";
  }
}

TEST(KnownWord, AHoldIsCountedFromTheArrival) {
  const auto again = judge_again(read_with(kHold, "fine"), click_only(), left(kPending));
  EXPECT_EQ(again.judgement.effect->hold_until, FakeClock::kStart + std::chrono::minutes{10});
}

TEST(KnownWord, WhatIsHeldAlreadyIsRejectedButNotApproved) {
  auto earlier = left(kPending, 2);
  earlier.own->hold_until = kUntilDecided;
  EXPECT_FALSE(judge_again(read_with("[]", "fine"), click_only(), earlier).changes);
  const auto rejected = judge_again(read_with("[]", "bad"), click_only(), earlier);
  ASSERT_TRUE(rejected.changes);
  EXPECT_EQ(to_string(rejected.judgement.effect->status), "rejected");
  EXPECT_FALSE(rejected.judgement.effect->hold_until);
}

TEST(KnownWord, AConversionKeepsItsEvent) {
  const auto again = judge_again(read_with("[]", "fee"), click_only(), left(kPending));
  ASSERT_TRUE(again.changes);
  EXPECT_EQ(again.judgement.effect->event, "conversion");
  EXPECT_NE(joined(again.judgement.verdict.warnings).find("`rebill`"), std::string::npos);
}

TEST(KnownWord, ARejectionThatCountedAsAConversionSaysSo) {
  const auto catalog =
      catalog_of(patched_example(EntityKind::network, R"({"status_words":{"bad":"rejected"},"repeat":{"*":"new"}})"));
  const auto reading = read_request({.target = "/postback/acme?token=T0KEN-acme&click_id=$ID&status=bad"}, catalog);
  const auto again = judge_again(reading, click_only(), left(kPending));
  ASSERT_TRUE(again.changes);
  EXPECT_NE(joined(again.judgement.verdict.warnings).find("reject that by hand"), std::string::npos);
}

TEST(KnownWord, UnderAddAnUnknownWordLeavesEverythingToTheReplay) {
  const auto catalog = catalog_of(patched_example(EntityKind::network, R"({"repeat":{"*":"add"}})"));
  Facts facts = click_only();
  facts.conversion = left(kApproved).own;
  facts.conversion->last_said = "status=approved ";
  facts.conversions_of_click = 1;
  const auto send = [&](const std::string& word) {
    return read_request(
        {.target = "/postback/acme?token=T0KEN-acme&click_id=$ID&txid=A&payout=2&reason=late&status=" + word}, catalog);
  };
  const auto judgement = judge(send("glorious"), facts);
  EXPECT_EQ(to_string(judgement.verdict.code), "duplicate");
  EXPECT_FALSE(judgement.effect) << "with a reason noted it would have had its effect, and the sum would be lost";
  const auto again =
      judge_again(send("paid"), facts, {.code = "duplicate", .result = "duplicate", .status = "pending"});
  ASSERT_TRUE(again.changes);
  EXPECT_EQ(again.judgement.effect->payout, 7'000'000);
  EXPECT_EQ(again.judgement.effect->reason, "late");
}

}  // namespace
}  // namespace postback
