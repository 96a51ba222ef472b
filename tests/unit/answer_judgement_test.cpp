// What the end of an exchange means, row by row.
#include "delivery/answer_judgement.hpp"

#include "delivery/attempt_note.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace postback::delivery {
namespace {

using End = http::OutgoingOutcome::End;
using namespace std::chrono_literals;

constexpr TimeMs kNow{std::chrono::milliseconds{1'768'478'400'000}};

struct Row {
  http::OutgoingOutcome outcome;
  ExpectedAnswer expected;
  AttemptReason reason;
  HostHealth health;
  bool for_good = false;
};

http::OutgoingOutcome answered(int status, std::string body = {}) {
  http::OutgoingOutcome outcome;
  outcome.status = status;
  outcome.body = std::move(body);
  return outcome;
}

http::OutgoingOutcome ended(End end, int status = 0, const char* body = "") {
  http::OutgoingOutcome outcome;
  outcome.body = body;
  outcome.end = end;
  outcome.status = status;
  return outcome;
}

std::vector<Row> rows() {
  using R = AttemptReason;
  using H = HostHealth;
  const ExpectedAnswer any;
  const ExpectedAnswer ok{.statuses = {{200, 200}}, .body = "OK"};
  const ExpectedAnswer redirect{.statuses = {{302, 302}}};
  return {
      {answered(200), any, R::delivered, H::well},
      {answered(204), any, R::delivered, H::well},
      {answered(299), any, R::delivered, H::well},
      {answered(302), redirect, R::delivered, H::well},
      {answered(200, "status=OK"), ok, R::delivered, H::well},
      {answered(200, "status=NO"), ok, R::wrong_body, H::well},
      {answered(201, "OK"), ok, R::wrong_status, H::well},
      {answered(199), any, R::wrong_status, H::well},
      {answered(301), any, R::redirect_not_followed, H::well},
      {answered(308), any, R::redirect_not_followed, H::well},
      {answered(400), any, R::wrong_status, H::well},
      {answered(401), any, R::wrong_status, H::well},
      {answered(404), any, R::wrong_status, H::well},
      {answered(410), any, R::gone, H::well},
      {answered(429), any, R::rate_limited, H::slow_down},
      {answered(502), any, R::rate_limited, H::overloaded},
      {answered(503), any, R::rate_limited, H::overloaded},
      {answered(504), any, R::rate_limited, H::overloaded},
      {answered(500), any, R::wrong_status, H::failing},
      {answered(501), any, R::wrong_status, H::failing},
      {ended(End::name_not_resolved), any, R::name_not_resolved, H::failing},
      {ended(End::connect_failed), any, R::connect_failed, H::failing},
      {ended(End::connect_timeout), any, R::connect_timeout, H::failing},
      {ended(End::tls_failed), any, R::tls_failed, H::failing},
      {ended(End::timeout), any, R::timeout, H::failing},
      {ended(End::timeout, 200), any, R::timeout, H::failing},
      {ended(End::reset), any, R::reset, H::failing},
      {ended(End::reset, 200), any, R::reset, H::failing},
      {ended(End::answer_too_large, 200), any, R::answer_too_large, H::well},
      {ended(End::answer_too_large, 200, "<html>"), any, R::delivered, H::well},
      {ended(End::answer_too_large, 500, "<html>"), any, R::answer_too_large, H::well},
      {ended(End::blocked_address), any, R::blocked_address, H::unknown, true},
      {ended(End::invalid_request), any, R::invalid_request, H::unknown, true},
  };
}

TEST(AnswerJudgement, OfEachEnd) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(std::string(to_string(row.reason)) + " " + std::to_string(row.outcome.status));
    const auto judged = judge_answer(row.outcome, row.expected, kNow);
    EXPECT_EQ(to_string(judged.reason), to_string(row.reason));
    EXPECT_EQ(judged.health, row.health);
    EXPECT_EQ(judged.for_good, row.for_good);
    EXPECT_EQ(judged.wait, std::nullopt);
  }
}

TEST(AnswerJudgement, AWishToBeLeftAloneCountsWhereAServerMayHaveOne) {
  for (const int status : {200, 301, 404, 410, 429, 500, 502, 503, 504}) {
    auto outcome = answered(status);
    outcome.retry_after = "3";
    const auto judged = judge_answer(outcome, {}, kNow);
    EXPECT_EQ(judged.wait.has_value(), status == 429 || (status >= 502 && status <= 504)) << status;
  }
  auto outcome = answered(503);
  outcome.retry_after = "999999999";
  EXPECT_EQ(judge_answer(outcome, {}, kNow).wait, 24h);
}

class AttemptNote : public ::testing::Test {
 protected:
  AttemptItem::Noted note(const http::OutgoingOutcome& outcome) {
    const EndedAttempt attempt{.delivery = delivery_,
                               .destination = destination_,
                               .request = "GET https://crm.example/",
                               .secrets = {},
                               .note = {},
                               .began = kNow - 1s,
                               .ended = kNow,
                               .settled = kNow};
    return note_attempt(attempt, judge_answer(outcome, {}, kNow), outcome, 7);
  }
  Destination destination_;
  Delivery delivery_{.id = 5, .destination = 3, .attempts = 2, .created = kNow - 1h, .retry_from = kNow - 1h};
};

TEST_F(AttemptNote, SaysWhatHappened) {
  auto outcome = answered(503, std::string(5'000, 'x'));
  outcome.retry_after = "7200";
  outcome.error = "";
  outcome.address = "192.0.2.1:443";
  outcome.duration = 250ms;
  const auto noted = note(outcome);
  EXPECT_EQ(noted.attempt.delivery, 5U);
  EXPECT_EQ(noted.attempt.number, 3U);
  EXPECT_EQ(noted.attempt.time, kNow - 1s);
  EXPECT_EQ(noted.attempt.duration, 250ms);
  EXPECT_EQ(noted.attempt.http_status, 503);
  EXPECT_EQ(noted.attempt.answer, std::string(1'024, 'x'));
  EXPECT_EQ(noted.attempt.request, "GET https://crm.example/");
  EXPECT_EQ(noted.attempt.address, "192.0.2.1:443");
  EXPECT_EQ(noted.state, DeliveryState::pending);
  EXPECT_EQ(noted.due, kNow + 2h);
}

TEST_F(AttemptNote, KeepsWhatWasLeftOutAndNoValueOfAHeader) {
  auto outcome = answered(500, "you sent tok-sale");
  outcome.error = "broken by tok-sale";
  const EndedAttempt attempt{.delivery = delivery_,
                             .destination = destination_,
                             .request = "GET https://crm.example/",
                             .secrets = {"tok-sale"},
                             .note = "shortened: so said the test",
                             .began = kNow,
                             .ended = kNow,
                             .settled = kNow};
  const auto noted = note_attempt(attempt, judge_answer(outcome, {}, kNow), outcome, 7);
  EXPECT_EQ(noted.attempt.answer, "you sent ***");
  EXPECT_EQ(noted.attempt.error, "broken by ***; shortened: so said the test");
}

TEST_F(AttemptNote, DecidesWhatFollows) {
  EXPECT_EQ(note(answered(200)).state, DeliveryState::delivered);
  EXPECT_EQ(note(answered(500)).state, DeliveryState::pending);
  EXPECT_GT(note(answered(500)).due, kNow);
  EXPECT_EQ(note(ended(End::blocked_address)).state, DeliveryState::failed);
  EXPECT_EQ(note(ended(End::invalid_request)).state, DeliveryState::failed);
  EXPECT_EQ(note(ended(End::blocked_address)).due, std::nullopt);
}

TEST_F(AttemptNote, WhatIsTooOldIsGivenUpUnlessItsDestinationIsGone) {
  delivery_.retry_from = kNow - 24h * 3;
  EXPECT_EQ(note(answered(500)).state, DeliveryState::failed);
  EXPECT_EQ(note(answered(410)).state, DeliveryState::pending);
  EXPECT_EQ(note(answered(410)).due, kNow);
}

}  // namespace
}  // namespace postback::delivery
