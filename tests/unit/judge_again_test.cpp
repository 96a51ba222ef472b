// Judging logged postbacks again: which effects they may still have, and what stays as it is.
#include "postback/domain/judge_again.hpp"
#include "postback/domain/logged_request.hpp"
#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback {
namespace {

Facts with_click() {
  Facts facts;
  facts.click = ClickFacts{sample_click().high, 1, offer_number("vpn"), 1};
  return facts;
}

/// A conversion that was changed so long after the arrival of read_query's postbacks.
Conversion conversion_changed(std::chrono::minutes later, ConversionStatus status, std::string said) {
  Conversion conversion;
  conversion.click = sample_click().high;
  conversion.number = conversion.revision = 1;
  conversion.event = "conversion";
  conversion.status = status;
  conversion.payout = 1'000'000;
  conversion.currency = "USD";
  conversion.updated = FakeClock::kStart + later;
  conversion.last_said = std::move(said);
  return conversion;
}

TEST(JudgeAgain, GivesARefusedPostbackItsEffect) {
  const auto again =
      judge_again(read_query("&payout=1"), with_click(), {.code = "network_mismatch", .result = "refused"});
  EXPECT_TRUE(again.changes);
  EXPECT_TRUE(again.judgement.creates);
  EXPECT_EQ(to_string(again.judgement.verdict.code), "converted");
}

TEST(JudgeAgain, ChangesNothingThatSaysTheSame) {
  struct Row {
    const char* name;
    std::string query;
    EarlierJudgement earlier;
  };
  const Row rows[] = {
      {"had its effect", "&payout=1", {.code = "converted", .result = "accepted"}},
      {"had its effect, and would be refused now", "&payout=x", {.code = "updated", .result = "accepted"}},
      {"still refused", "&payout=1,234", {.code = "payout_invalid", .result = "refused"}},
      {"a test", "&test=1", {.code = "network_mismatch", .result = "test"}},
      {"a test with an effect otherwise", "&test=1", {.code = "click_unknown", .result = "refused"}},
  };
  for (const auto& row : rows) {
    const auto again = judge_again(read_query(row.query), with_click(), row.earlier);
    EXPECT_FALSE(again.changes) << row.name;
    EXPECT_FALSE(again.judgement.effect && again.changes) << row.name;
  }
}

TEST(JudgeAgain, DoesNotUndoWhatCameLater) {
  struct Row {
    const char* name;
    std::string query;
    EarlierJudgement earlier;
    int minutes;       ///< From this postback's arrival to the conversion's newest change.
    const char* code;  ///< Empty: unchanged.
  };
  const EarlierJudgement refused{.code = "network_mismatch", .result = "refused"};
  const EarlierJudgement duplicate{.code = "duplicate", .result = "duplicate"};
  const Row rows[] = {
      {"an older approval of what was rejected later", "&status=approved", refused, 5, "duplicate"},
      {"a newer one", "&status=approved", refused, -5, "updated"},
      {"an older pending", "&status=pending", refused, 5, "duplicate"},
      {"a newer pending", "&status=pending", refused, -5, "status_transition"},
      {"a resend, which was none of the last change", "&status=approved", duplicate, 5, ""},
  };
  for (const auto& row : rows) {
    Facts facts = with_click();
    facts.conversion =
        conversion_changed(std::chrono::minutes{row.minutes}, ConversionStatus::rejected, "status=rejected ");
    facts.conversions_of_click = 1;
    const auto again = judge_again(read_query(row.query), facts, row.earlier);
    EXPECT_EQ(again.changes, *row.code != '\0') << row.name;
    if (again.changes) {
      EXPECT_EQ(to_string(again.judgement.verdict.code), row.code) << row.name;
    }
    EXPECT_FALSE(row.minutes > 0 && again.judgement.effect) << row.name;
  }
}

TEST(JudgeAgain, AWordThatIsKnownNowIsOneMoreRevision) {
  EarlierJudgement earlier{.code = "converted", .result = "accepted"};
  earlier.own = conversion_changed(std::chrono::minutes{0}, ConversionStatus::pending, "status=unknown word=2:ok ");
  Facts facts = with_click();
  facts.conversion = earlier.own;
  const auto known = judge_again(read_query("&status=approved&payout=9"), facts, earlier);
  ASSERT_TRUE(known.changes && known.judgement.effect);
  EXPECT_EQ(to_string(known.judgement.effect->status), "approved");
  EXPECT_EQ(known.judgement.effect->revision, 2U);
  EXPECT_EQ(known.judgement.effect->payout, 1'000'000) << "nothing but the status";
  EXPECT_FALSE(known.judgement.creates);
  EXPECT_FALSE(judge_again(read_query("&status=glorious"), facts, earlier).changes) << "still unknown";
  EXPECT_FALSE(judge_again(read_query("&status=pending"), facts, earlier).changes) << "it is pending already";
  earlier.own->last_said = "status=pending word=4:hold ";
  EXPECT_FALSE(judge_again(read_query("&status=approved"), facts, earlier).changes) << "it was a known word";
  earlier.own.reset();
  EXPECT_FALSE(judge_again(read_query("&status=approved"), facts, earlier).changes) << "something changed it since";
}

TEST(JudgeAgain, OnlyItsOwnUnknownWordCounts) {
  EarlierJudgement earlier{.code = "updated", .result = "accepted"};
  earlier.own = conversion_changed(std::chrono::minutes{5}, ConversionStatus::pending, "status=unknown word=2:ok ");
  Facts facts = with_click();
  facts.conversion = earlier.own;
  EXPECT_FALSE(judge_again(read_query("&status=approved"), facts, earlier).changes)
      << "the word is that of a postback which arrived later";
}

TEST(JudgeAgain, WhatSaidNothingByAnUnknownWordIsNewsOnceItIsKnown) {
  // A refund whose word was unknown; then another postback changed the conversion.
  const EarlierJudgement unknown{.code = "duplicate", .result = "duplicate", .status = "pending"};
  auto documents = patched_example(EntityKind::network, R"({"repeat":{"*":"add"}})");
  const auto adding = catalog_of(std::move(documents));
  Facts facts = with_click();
  facts.click->offer = 1;
  facts.conversion = conversion_changed(std::chrono::minutes{5}, ConversionStatus::approved, "status=approved ");
  facts.conversions_of_click = 1;
  const auto reading =
      read_request({.target = "/postback/acme?token=T0KEN-acme&click_id=$ID&txid=A&payout=2&status=paid"}, adding);
  const auto again = judge_again(reading, facts, unknown);
  ASSERT_TRUE(again.changes && again.judgement.effect);
  EXPECT_EQ(again.judgement.effect->payout, 3'000'000) << "sums undo nothing";
  EXPECT_FALSE(judge_again(read_query("&status=refund"), facts, unknown).changes) << "a status would undo";
  const EarlierJudgement known{.code = "duplicate", .result = "duplicate", .status = "approved"};
  EXPECT_FALSE(judge_again(reading, facts, known).changes) << "it was no news then";
}

TEST(JudgeAgain, DoesNotBecomeTheNewestChange) {
  auto documents = patched_example(EntityKind::network, R"({"repeat":{"*":"add"}})");
  const auto adding = catalog_of(std::move(documents));
  const auto send = [&](const std::string& more) {
    return read_request({.target = "/postback/acme?token=T0KEN-acme&click_id=$ID&txid=A" + more}, adding);
  };
  auto newest = send("&payout=5");
  newest.arrival += std::chrono::minutes{5};
  Facts facts = with_click();
  facts.click->offer = 1;
  facts.conversion = judge(newest, facts).effect;
  facts.conversion->id = 99;
  facts.conversions_of_click = 1;
  const auto again = judge_again(send("&payout=3"), facts, {.code = "network_mismatch", .result = "refused"});
  ASSERT_TRUE(again.changes && again.judgement.effect);
  EXPECT_EQ(again.judgement.effect->payout, 8'000'000);
  EXPECT_EQ(again.judgement.effect->revision, 2U);
  EXPECT_EQ(again.judgement.effect->updated, newest.arrival);
  facts.conversion = again.judgement.effect;
  newest.arrival += std::chrono::minutes{5};
  EXPECT_EQ(to_string(judge(newest, facts).verdict.code), "duplicate") << "the newest sent again is known all the same";
}

/// A logged request of network acme.
LoggedRequest logged(std::string target, Authentication authentication = Authentication::token) {
  LoggedRequest request;
  request.method = "GET";
  request.target = std::move(target);
  request.headers = "Host: t.example\r\n";
  request.network = "acme";
  request.arrival = FakeClock::kStart;
  request.authentication = authentication;
  return request;
}

TEST(LoggedRequest, IsReadAgainWithoutItsToken) {
  const ReplayedRequest replayed(logged(with_samples("/postback/acme/sale?token=***&click_id=$ID&payout=2")));
  const auto reading = read(replayed.postback(), sample_catalog(), sample_keys());
  EXPECT_FALSE(reading.refusal);
  EXPECT_EQ(reading.event, "sale");
  EXPECT_EQ(reading.authentication, Authentication::token);
  EXPECT_EQ(reading.arrival, FakeClock::kStart);
}

TEST(LoggedRequest, BodiesAreReadByTheirLoggedType) {
  auto post = logged("/postback/acme?token=***");
  post.method = "POST";
  post.headers = "Host: t.example\r\ncontent-TYPE:  application/json\r\n";
  post.body = with_samples(R"({"click_id":"$ID","payout":"3"})");
  const ReplayedRequest replayed(std::move(post));
  const auto reading = read(replayed.postback(), sample_catalog(), sample_keys());
  EXPECT_FALSE(reading.refusal);
  EXPECT_EQ(reading.payout, 3'000'000);
}

TEST(LoggedRequest, OtherShapesKeepTheNetworkTheyWereLoggedUnder) {
  auto shaped = logged("/postback?cid=1");
  shaped.shape = PostbackShape::voluum;
  const ReplayedRequest as_logged(shaped);
  EXPECT_EQ(as_logged.postback().network, "acme");
}

TEST(LoggedRequest, OneThatWaitedIsAuthenticatedByWhatItProved) {
  auto waited = logged("/***/postback?subid=1");
  waited.shape = PostbackShape::keitaro;
  waited.authentication.reset();
  waited.proved_to = {7, 9};
  const ReplayedRequest replayed(std::move(waited));
  const auto postback = replayed.postback();
  EXPECT_FALSE(postback.authenticated);
  ASSERT_NE(postback.proved_to, nullptr);
  EXPECT_EQ(*postback.proved_to, (std::vector<EntityNumber>{7, 9}));
  EXPECT_EQ(postback.path_key, "***") << "that a key came is known";
  const ReplayedRequest other(logged("/postback/acme"));
  EXPECT_EQ(other.postback().proved_to, nullptr);
  auto emptied = logged("");
  emptied.shape = PostbackShape::keitaro;
  const ReplayedRequest nothing(std::move(emptied));
  EXPECT_EQ(nothing.postback().path_key, "");
}

TEST(LoggedRequest, NamesWhatTheLogMasked) {
  const auto catalog = sample_catalog();
  struct Row {
    const char* target;
    const char* field;  ///< Empty: nothing but credentials.
  };
  const Row rows[] = {
      {"/postback/acme?token=***&click_id=x", ""}, {"/postback/acme?TOKEN=***&amp;token=***&sign=***", ""},
      {"/postback/acme?token=a&txid=***", "txid"}, {"/postback/acme?token=a&reason=b***c", "reason"},
      {"/postback/acme?token=a&whatever=***", ""}, {"/postback/acme/***?token=a", "path"},
      {"/postback/***?token=a", "path"},
  };
  for (const auto& row : rows) {
    const ReplayedRequest replayed(logged(row.target));
    EXPECT_EQ(masked_field(replayed.postback(), catalog->network("acme")).value_or(""), row.field) << row.target;
  }
}

TEST(LoggedRequest, ReadsEveryShapesName) {
  using enum PostbackShape;
  for (const auto shape : {own, voluum, keitaro, binom, generic, browser, manual})
    EXPECT_EQ(parse_postback_shape(to_string(shape)), shape);
  EXPECT_EQ(parse_postback_shape(""), own);
}

std::string foreign_id_of(const std::string& query) {
  SentPostback sent;
  sent.query = query;
  return read_sent(sent).foreign_id;
}

TEST(ForeignId, AnIdThatIsNotOursMayBeOfAnotherTracker) {
  EXPECT_EQ(foreign_id_of("token=$TOKEN&click_id=wABC123"), "wABC123");
  EXPECT_EQ(foreign_id_of("token=$TOKEN&click_id=$FORGED"), with_samples("$FORGED"));
  EXPECT_EQ(foreign_id_of("token=$TOKEN&click_id={clickid}"), "{clickid}") << "an ID there may look like anything";
  for (const char* const query :
       {"token=$TOKEN&click_id=$ID", "token=$TOKEN", "token=wrong&click_id=wABC123", "token=$TOKEN&click_id=$ID$OTHER"})
    EXPECT_EQ(foreign_id_of(query), "") << query;
}

}  // namespace
}  // namespace postback
