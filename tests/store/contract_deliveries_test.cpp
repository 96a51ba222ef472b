// StoreContract: planning deliveries, noting attempts, what operators do to them, and how they are read.
#include "contract_delivery_fixture.hpp"

#include "postback/store/conversion_items.hpp"

namespace postback {
namespace {

TEST_P(DeliveryContract, APlanTakesTheOccurrenceAwayAndAddsItsDeliveries) {
  const Occurrence occurrence = conversion();
  world_.clock.advance(std::chrono::seconds{3});
  Idle<PlanItem> item;
  item.occurrences = {occurrence.id};
  item.deliveries.push_back({occurrence.id, delivery_of(occurrence)});
  Delivery withheld = delivery_of(occurrence, kOther);
  withheld.state = DeliveryState::withheld;
  item.deliveries.push_back({occurrence.id, withheld});
  item.remainders.push_back({kOther, 250});
  ASSERT_OK(commit({&item}));
  open();
  EXPECT_TRUE(outbox().empty());
  EXPECT_EQ(store_->identity().value().newest, item.deliveries[1].delivery.id) << "its ID is not given again";
  const SnowflakeId id = item.deliveries[0].delivery.id;
  EXPECT_NE(id, 0U);
  const Delivery stored = found(id);
  EXPECT_EQ(stored.destination, kCrm);
  EXPECT_EQ(stored.trigger, Trigger::conversion);
  EXPECT_EQ(stored.click, occurrence.click);
  EXPECT_EQ(stored.conversion, occurrence.conversion);
  EXPECT_EQ(stored.conversion_number, 1U);
  EXPECT_EQ(stored.conversion_revision, 1U);
  EXPECT_EQ(stored.campaign, 1U);
  EXPECT_EQ(stored.state, DeliveryState::pending);
  EXPECT_EQ(stored.occurred, occurrence.time);
  EXPECT_LT(stored.occurred, stored.created);
  EXPECT_EQ(stored.created, world_.clock.wall());
  EXPECT_EQ(stored.due, world_.clock.wall());
  EXPECT_FALSE(stored.finished);
  const Delivery left_out = found(item.deliveries[1].delivery.id);
  EXPECT_EQ(left_out.state, DeliveryState::withheld);
  EXPECT_FALSE(left_out.due);
  EXPECT_TRUE(reader_->was_told(occurrence.conversion, kCrm).value());
  EXPECT_TRUE(reader_->was_told(occurrence.conversion, kOther).value());
  EXPECT_FALSE(reader_->was_told(occurrence.conversion, kCrm + 1).value());
  EXPECT_FALSE(reader_->was_told(conversion().conversion, kCrm).value());
}

TEST_P(DeliveryContract, APlanThatIsRepeatedAddsNothing) {
  const Occurrence first = conversion();
  const Occurrence second = conversion();
  Idle<PlanItem> item;
  item.occurrences = {first.id};
  item.deliveries.push_back({first.id, delivery_of(first)});
  item.remainders.push_back({kCrm, 1});
  ASSERT_OK(commit({&item}));
  item.remainders = {{kCrm, 2}};
  ASSERT_OK(commit({&item}));
  EXPECT_EQ(item.deliveries[0].delivery.id, 0U);
  EXPECT_EQ(reader_->deliveries({}).value().rows.size(), 1U);
  EXPECT_EQ(reader_->destination_states().value().at(0).remainder, 1);
  // Together with one that is new, and twice in one batch.
  item.occurrences.push_back(second.id);
  item.deliveries.push_back({second.id, delivery_of(second)});
  Idle<PlanItem> same;
  same.occurrences = item.occurrences;
  same.deliveries = item.deliveries;
  ASSERT_OK(commit({&item, &same}));
  EXPECT_EQ(reader_->deliveries({}).value().rows.size(), 2U);
  EXPECT_NE(item.deliveries[1].delivery.id, 0U);
  EXPECT_EQ(same.deliveries[1].delivery.id, 0U);
}

TEST_P(DeliveryContract, AttemptsAreLoggedAndTheDeliveryFollows) {
  const SnowflakeId id = planned();
  const TimeMs later = world_.clock.wall() + std::chrono::seconds{10};
  EXPECT_TRUE(note(id, 1, AttemptReason::wrong_status, DeliveryState::pending, later).stored);
  Delivery stored = found(id);
  EXPECT_EQ(stored.attempts, 1U);
  EXPECT_EQ(stored.due, later);
  EXPECT_EQ(stored.http_status, 503);
  EXPECT_EQ(stored.reason, "wrong_status");
  EXPECT_TRUE(due(kCrm).empty());
  EXPECT_TRUE(note(id, 1, AttemptReason::wrong_status, DeliveryState::pending, later).stored) << "once more";
  world_.clock.advance(std::chrono::seconds{10});
  EXPECT_EQ(due(kCrm), std::vector{id});
  EXPECT_EQ(reader_->pending_deliveries().value(), 1U);
  EXPECT_TRUE(note(id, 2, AttemptReason::delivered, DeliveryState::delivered).stored);
  stored = found(id);
  EXPECT_EQ(stored.state, DeliveryState::delivered);
  EXPECT_EQ(stored.attempts, 2U);
  EXPECT_EQ(stored.http_status, 200);
  EXPECT_FALSE(stored.due);
  EXPECT_EQ(reader_->pending_deliveries().value(), 0U);
  EXPECT_EQ(stored.finished, world_.clock.wall() + std::chrono::milliseconds{40});
  EXPECT_TRUE(due(kCrm).empty());
  const auto attempts = reader_->delivery_attempts(id).value();
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].delivery, id);
  EXPECT_EQ(attempts[0].number, 1U);
  EXPECT_EQ(attempts[0].duration, std::chrono::milliseconds{40});
  EXPECT_EQ(attempts[0].http_status, 503);
  EXPECT_EQ(attempts[0].reason, AttemptReason::wrong_status);
  EXPECT_EQ(attempts[0].error, "it answered 503");
  EXPECT_EQ(attempts[0].answer, "busy");
  EXPECT_EQ(attempts[0].request, "GET https://crm.example/in?c=EXT1");
  EXPECT_EQ(attempts[0].address, "192.0.2.80");
  EXPECT_EQ(attempts[1].reason, AttemptReason::delivered);
  EXPECT_FALSE(note(id + 1, 1, AttemptReason::timeout, DeliveryState::failed).stored) << "there is no such delivery";
  EXPECT_TRUE(reader_->delivery_attempts(id + 1).value().empty());
}

TEST_P(DeliveryContract, EveryReasonIsReadAsItWasWritten) {
  const SnowflakeId id = planned();
  std::uint32_t number = 0;
  for (auto reason = AttemptReason::delivered;; reason = static_cast<AttemptReason>(static_cast<int>(reason) + 1)) {
    note(id, ++number, reason, DeliveryState::pending);
    EXPECT_EQ(reader_->delivery_attempts(id).value().back().reason, reason) << to_string(reason);
    if (reason == AttemptReason::no_facts) break;
  }
}

TEST_P(DeliveryContract, WhatWasCancelledStaysCancelled) {
  const SnowflakeId id = planned();
  EXPECT_EQ(change(Action::cancel, {id, id + 1}).changed, std::vector{id});
  EXPECT_FALSE(note(id, 1, AttemptReason::delivered, DeliveryState::delivered).stored);
  const Delivery stored = found(id);
  EXPECT_EQ(stored.state, DeliveryState::cancelled);
  EXPECT_EQ(stored.reason, "by_hand");
  EXPECT_EQ(stored.finished, world_.clock.wall());
  EXPECT_EQ(stored.attempts, 1U) << "it was under way, and the log says so";
  EXPECT_EQ(reader_->delivery_attempts(id).value().size(), 1U);
  EXPECT_TRUE(due(kCrm).empty());
  EXPECT_TRUE(change(Action::cancel, {id}).changed.empty());
  EXPECT_TRUE(change(Action::retry, {id}).changed.empty());
  EXPECT_EQ(reader_->audit({}).value().rows.size(), 1U) << "of what changed something";
}

TEST_P(DeliveryContract, RetryGivesAFailedOneItsWholeTimeAgain) {
  const SnowflakeId id = planned();
  note(id, 1, AttemptReason::timeout, DeliveryState::failed);
  EXPECT_TRUE(found(id).finished);
  world_.clock.advance(std::chrono::hours{1});
  EXPECT_EQ(change(Action::retry, {id}).changed, std::vector{id});
  const Delivery stored = found(id);
  EXPECT_EQ(stored.state, DeliveryState::pending);
  EXPECT_EQ(stored.due, world_.clock.wall());
  EXPECT_EQ(stored.retry_from, world_.clock.wall());
  EXPECT_LT(stored.created, world_.clock.wall());
  EXPECT_FALSE(stored.finished);
  EXPECT_EQ(stored.attempts, 1U);
  EXPECT_EQ(due(kCrm), std::vector{id});
  note(id, 2, AttemptReason::delivered, DeliveryState::delivered);
  EXPECT_TRUE(change(Action::retry, {id}).changed.empty());
}

TEST_P(DeliveryContract, WhatIsRetriedUnderItsAttemptStaysAsThatLeftIt) {
  const SnowflakeId id = planned();
  const TimeMs retry_from = found(id).retry_from;
  world_.clock.advance(std::chrono::minutes{1});
  const TimeMs by_hand = world_.clock.wall();
  change(Action::retry, {id});
  const auto noted = note(id, 1, AttemptReason::timeout, DeliveryState::failed, {}, retry_from);
  EXPECT_TRUE(noted.stored);
  EXPECT_EQ(noted.state, DeliveryState::pending);
  EXPECT_EQ(noted.due, by_hand);
  EXPECT_EQ(found(id).attempts, 1U);
  EXPECT_EQ(due(kCrm), std::vector{id});
  EXPECT_EQ(reader_->delivery_attempts(id).value().size(), 1U) << "the log says what came of it";
  note(id, 2, AttemptReason::timeout, DeliveryState::pending, by_hand + std::chrono::hours{1}, retry_from);
  EXPECT_EQ(found(id).due, by_hand) << "nor is it put off";
  note(id, 3, AttemptReason::delivered, DeliveryState::delivered, {}, retry_from);
  EXPECT_EQ(found(id).state, DeliveryState::delivered) << "what arrived has arrived";
}

TEST_P(DeliveryContract, ResendMakesANewOneOfEveryFinalOne) {
  for (const auto state : {DeliveryState::delivered, DeliveryState::failed, DeliveryState::withheld,
                           DeliveryState::cancelled, DeliveryState::listed, DeliveryState::pending}) {
    SCOPED_TRACE(to_string(state));
    const Occurrence occurrence = conversion();
    Delivery delivery = delivery_of(occurrence);
    delivery.state = state;
    delivery.detail = "{}";
    const SnowflakeId id = plan(occurrence, delivery);
    world_.clock.advance(std::chrono::hours{1});
    const auto item = change(Action::resend, {id});
    if (state == DeliveryState::pending) {
      EXPECT_TRUE(item.changed.empty() && item.made.empty());
      continue;
    }
    ASSERT_EQ(item.made.size(), 1U);
    EXPECT_EQ(item.changed, std::vector{id});
    const Delivery made = found(item.made[0]);
    EXPECT_EQ(made.state, DeliveryState::pending) << "sent or listed: as its destination is by then";
    EXPECT_EQ(made.resend_of, id);
    EXPECT_EQ(made.conversion, occurrence.conversion);
    EXPECT_EQ(made.detail, "{}");
    EXPECT_EQ(made.attempts, 0U);
    EXPECT_EQ(made.created, world_.clock.wall());
    EXPECT_EQ(found(id).state, state) << "the old one stays as it is";
  }
}

TEST_P(DeliveryContract, PendingOnesCanBeListed) {
  const SnowflakeId pending = planned();
  const SnowflakeId failed = planned();
  note(failed, 1, AttemptReason::timeout, DeliveryState::failed);
  EXPECT_EQ(change(Action::list, {pending, failed}).changed, std::vector{pending});
  const Delivery stored = found(pending);
  EXPECT_EQ(stored.state, DeliveryState::listed);
  EXPECT_EQ(stored.finished, world_.clock.wall());
  EXPECT_FALSE(stored.due);
  EXPECT_EQ(reader_->pending_deliveries().value(), 0U);
  EXPECT_FALSE(note(pending, 1, AttemptReason::timeout, DeliveryState::failed).stored) << "that was under way";
  EXPECT_EQ(found(pending).state, DeliveryState::listed);
}

TEST_P(DeliveryContract, ATooLongListIsRefusedWhole) {
  Idle<DeliveryChangeItem> item;
  item.deliveries.assign(DeliveryChangeItem::kMost + 1, planned());
  EXPECT_ERROR(commit({&item}), ErrorCode::store_rejected);
}

TEST_P(DeliveryContract, DueOnesComeInTheOrderOfTheirTimesPageByPage) {
  std::vector<SnowflakeId> ids;
  const TimeMs start = world_.clock.wall();
  for (const int second : {3, 1, 1, 1, 2, 9}) {
    const Occurrence occurrence = conversion();
    Delivery delivery = delivery_of(occurrence);
    delivery.due = start + std::chrono::seconds{second};
    ids.push_back(plan(occurrence, delivery));
  }
  const Occurrence other = conversion();
  const SnowflakeId foreign = plan(other, delivery_of(other, kOther));
  EXPECT_EQ(reader_->next_due(kCrm, {}).value(), start + std::chrono::seconds{1});
  world_.clock.advance(std::chrono::seconds{3});
  EXPECT_EQ(due(kCrm), (std::vector{ids[1], ids[2], ids[3], ids[4], ids[0]}));
  EXPECT_EQ(due(kCrm, {}, 2), (std::vector{ids[1], ids[2]}));
  EXPECT_EQ(due(kCrm, {start + std::chrono::seconds{1}, ids[2]}, 2), (std::vector{ids[3], ids[4]}));
  EXPECT_EQ(due(kOther), std::vector{foreign});
  EXPECT_EQ(reader_->next_due(kCrm, {start + std::chrono::seconds{3}, ids[0]}).value(),
            start + std::chrono::seconds{9});
  EXPECT_FALSE(reader_->next_due(kCrm, {start + std::chrono::seconds{9}, ids[5]}).value());
}

TEST_P(DeliveryContract, TheStoreKnowsWhichDestinationsArePausedAndWhenTheyGoOn) {
  EXPECT_TRUE(reader_->destination_states().value().empty());
  const Occurrence occurrence = conversion();
  plan(occurrence, delivery_of(occurrence, kOther));
  Idle<DestinationStateItem> item;
  item.destination = kCrm;
  item.paused = world_.clock.wall();
  item.reason = "gone";
  item.audit = AuditEntry{.time = world_.clock.wall(), .actor = "me", .action = "destination.pause", .target = "d"};
  ASSERT_OK(commit({&item}));
  auto states = reader_->destination_states().value();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].destination, kCrm);
  EXPECT_EQ(states[0].paused, world_.clock.wall());
  EXPECT_EQ(states[0].reason, "gone");
  EXPECT_FALSE(states[0].next_due);
  EXPECT_EQ(states[1].destination, kOther);
  EXPECT_FALSE(states[1].paused);
  EXPECT_EQ(states[1].next_due, world_.clock.wall());
  Idle<PlanItem> plan;
  const Occurrence further = conversion();
  plan.occurrences = {further.id};
  plan.remainders = {{kCrm, 42}};
  item.paused.reset();
  item.reason.clear();
  ASSERT_OK(commit({&plan, &item}));
  states = reader_->destination_states().value();
  EXPECT_FALSE(states[0].paused);
  EXPECT_EQ(states[0].reason, "");
  EXPECT_EQ(states[0].remainder, 42) << "pausing does not touch it";
  EXPECT_EQ(reader_->audit({}).value().rows.size(), 2U);
}

TEST_P(DeliveryContract, FactsAreThoseOfTheRevisionThatIsTold) {
  ClickItem& click = world_.click();
  click.click.external_id = "EXT1";
  ASSERT_OK(commit({&click}));
  PostbackItem& made = world_.postback(click.click.id, "&payout=5&txid=A&status=hold&aff=first");
  ASSERT_OK(commit({&made}));
  world_.clock.advance(std::chrono::hours{1});
  ASSERT_OK(commit({&world_.postback(click.click.id, "&payout=7&txid=A&status=paid&aff=second")}));
  Reader::FactsWanted wanted{.click = click.click.id.high,
                             .conversion = made.judgement.effect->id,
                             .conversion_revision = 1,
                             .postback = true};
  auto facts = reader_->delivery_facts(wanted).value();
  ASSERT_TRUE(facts.click && facts.conversion && facts.postback);
  EXPECT_EQ(facts.click->external_id, "EXT1");
  EXPECT_EQ(facts.conversion->status, ConversionStatus::pending);
  EXPECT_EQ(facts.conversion->original_status, "hold");
  EXPECT_EQ(facts.conversion->payout, 5'000'000);
  EXPECT_EQ(facts.conversion->revision, 1U);
  EXPECT_EQ(facts.conversion->number, 1U);
  EXPECT_EQ(facts.conversion->txid, "A");
  EXPECT_EQ(facts.conversion->updated, made.postback.arrival);
  EXPECT_EQ(facts.offer, 1U);
  EXPECT_NE(facts.postback->target.find("aff=first"), std::string::npos);
  wanted.conversion_revision = 2;
  wanted.postback = false;
  facts = reader_->delivery_facts(wanted).value();
  EXPECT_EQ(facts.conversion->status, ConversionStatus::approved);
  EXPECT_EQ(facts.conversion->payout, 7'000'000);
  EXPECT_FALSE(facts.postback);
  wanted.conversion_revision = 3;
  wanted.click += 1;
  facts = reader_->delivery_facts(wanted).value();
  EXPECT_FALSE(facts.click || facts.conversion);
}

TEST_P(DeliveryContract, WhatAHandChangedIsStillSpokenForByItsPostback) {
  const Occurrence occurrence = conversion("&payout=5&aff=first");
  Idle<CorrectionItem> correction;
  correction.click = occurrence.click;
  correction.number = 1;
  correction.correction.status = ConversionStatus::rejected;
  correction.audit = AuditEntry{.time = world_.clock.wall(), .actor = "me", .action = "a", .target = "c"};
  ASSERT_OK(commit({&correction}));
  const auto facts = reader_
                         ->delivery_facts({.click = occurrence.click,
                                           .conversion = occurrence.conversion,
                                           .conversion_revision = 2,
                                           .postback = true})
                         .value();
  EXPECT_EQ(facts.conversion->status, ConversionStatus::rejected);
  ASSERT_TRUE(facts.postback);
  EXPECT_NE(facts.postback->target.find("aff=first"), std::string::npos);
}

TEST_P(DeliveryContract, TheRequestsBodyComesWithItsType) {
  ClickItem& click = world_.click();
  PostbackItem& item = world_.postback(click.click.id, "&payout=5");
  item.reading.logged_headers = "Host: x\r\ncontent-TYPE: application/json\r\n";
  item.reading.logged_body = R"({"a":1})";
  ASSERT_OK(commit({&click, &item}));
  const auto facts = reader_
                         ->delivery_facts({.click = click.click.id.high,
                                           .conversion = item.judgement.effect->id,
                                           .conversion_revision = 1,
                                           .postback = true})
                         .value();
  EXPECT_EQ(facts.postback.value().content_type, "application/json");
  EXPECT_EQ(facts.postback.value().body, R"({"a":1})");
}

TEST_P(DeliveryContract, TheOfferOfACtaIsItsOwn) {
  ClickItem& click = world_.click();
  Idle<CtaItem> first;
  first.cta = {.click = click.click.id.high, .time = world_.clock.wall(), .offer = 3};
  Idle<CtaItem> second;
  second.cta = {.click = click.click.id.high, .time = world_.clock.wall(), .offer = 4};
  ASSERT_OK(commit({&click, &first, &second}));
  const auto offer = [&](std::uint32_t cta) {
    return reader_->delivery_facts({.click = click.click.id.high, .cta = cta}).value().offer;
  };
  EXPECT_EQ(offer(1), 3U);
  EXPECT_EQ(offer(2), 4U);
  EXPECT_EQ(offer(0), 1U) << "the click's";
}

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
