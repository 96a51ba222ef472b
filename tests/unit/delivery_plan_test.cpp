// Planning deliveries: trigger, scope, condition, the part that is sent, and when.
#include "postback/domain/delivery_plan.hpp"

#include "postback/domain/impression_detail.hpp"
#include "support/destination_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace postback {
namespace {

using Remainders = std::unordered_map<EntityNumber, SendRemainder>;

std::string document(std::string_view patch) {
  auto json = nlohmann::json::parse(R"({"name":"D","url":"https://d.example/"})");
  json.merge_patch(nlohmann::json::parse(patch));
  return json.dump();
}

std::shared_ptr<const Catalog> one(std::string_view patch) { return catalog_with({{"d", document(patch)}}); }

std::vector<Delivery> plan(const Catalog& catalog, const Occurrence& occurrence, const DeliveryFacts& facts,
                           bool told = false) {
  Remainders remainders;
  return plan_deliveries(
      {.catalog = catalog, .destinations = catalog, .occurrence = occurrence, .facts = facts, .now = kNewYear},
      remainders, [told](EntityNumber) { return told; });
}

bool fires(std::string_view patch, const DeliveryFacts& facts = example_facts(), Trigger kind = Trigger::conversion) {
  return !plan(*one(patch), occurrence_of(facts, kind), facts).empty();
}

TEST(DeliveryPlan, ADeliverySaysWhatItIsAbout) {
  const auto facts = example_facts();
  auto occurrence = occurrence_of(facts);
  occurrence.time = kNewYear - std::chrono::seconds(20);
  const auto planned = plan(*one("{}"), occurrence, facts);
  ASSERT_EQ(planned.size(), 1U);
  const Delivery& delivery = planned[0];
  EXPECT_EQ(delivery.id, 0U);
  EXPECT_EQ(delivery.destination, 1U);
  EXPECT_EQ(delivery.trigger, Trigger::conversion);
  EXPECT_EQ(delivery.click, facts.click->id);
  EXPECT_EQ(delivery.conversion, facts.conversion->id);
  EXPECT_EQ(delivery.conversion_number, 2U);
  EXPECT_EQ(delivery.conversion_revision, 1U);
  EXPECT_EQ(delivery.campaign, 1U);
  EXPECT_EQ(delivery.state, DeliveryState::pending);
  EXPECT_EQ(delivery.occurred, occurrence.time);
  EXPECT_EQ(delivery.created, kNewYear);
  EXPECT_EQ(delivery.due, kNewYear);
  EXPECT_EQ(delivery.retry_from, kNewYear);
  EXPECT_FALSE(delivery.finished);
}

TEST(DeliveryPlan, EachTriggerTellsItsOwn) {
  const std::vector<std::string> triggers{"click", "impression", "cta", "conversion", "status_change"};
  for (const auto& trigger : triggers) {
    for (std::size_t kind = 1; kind <= kTriggerCount; ++kind) {
      auto facts = example_facts();
      if (kind <= 3) facts.conversion.reset();
      auto occurrence = occurrence_of(facts, static_cast<Trigger>(kind));
      occurrence.campaign = 1;
      const auto planned = plan(*one(R"({"trigger":")" + trigger + R"("})"), occurrence, facts);
      const bool waited = trigger == "conversion" && static_cast<Trigger>(kind) == Trigger::status_change;
      EXPECT_EQ(!planned.empty(), trigger == triggers[kind - 1] || waited) << trigger << " " << kind;
    }
  }
}

TEST(DeliveryPlan, AConversionIsToldOnceAsSoonAsItFits) {
  auto facts = example_facts();
  facts.conversion->status = ConversionStatus::pending;
  const auto catalog = one(R"({"when":{"status":["approved"]}})");
  EXPECT_TRUE(plan(*catalog, occurrence_of(facts), facts).empty());
  facts.conversion->status = ConversionStatus::approved;
  const auto change = occurrence_of(facts, Trigger::status_change);
  const auto planned = plan(*catalog, change, facts, false);
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(planned[0].trigger, Trigger::conversion);
  EXPECT_TRUE(plan(*catalog, change, facts, true).empty()) << "it was told already";
  // At the beginning nobody is asked.
  Remainders remainders;
  const auto asked = [](EntityNumber) -> bool { throw std::logic_error("asked"); };
  const auto beginning = occurrence_of(facts);
  EXPECT_EQ(plan_deliveries({*catalog, *catalog, beginning, facts, kNewYear}, remainders, asked).size(), 1U);
  // Nor for what is told of every change.
  const auto every = one(R"({"trigger":"status_change"})");
  EXPECT_EQ(plan_deliveries({*every, *every, change, facts, kNewYear}, remainders, asked).size(), 1U);
}

TEST(DeliveryPlan, ScopeOfFourKinds) {
  auto documents = example_documents();
  documents.push_back(
      document_of(EntityKind::network, "other", R"({"name":"O","token":"OTHER-token","click_param":"s"})"));
  documents.push_back(
      document_of(EntityKind::offer, "shop", R"({"name":"S","network":"other","url":"https://shop.example/"})"));
  documents.push_back(document_of(EntityKind::source, "social", R"({"name":"S"})"));
  documents.push_back(document_of(EntityKind::campaign, "winter",
                                  R"({"name":"W","source":"social","paths":[{"offers":[{"offer":"shop"}]}]})"));
  const std::vector<std::pair<std::string, bool>> rows{{R"({})", true},
                                                       {R"({"campaigns":["summer"]})", true},
                                                       {R"({"campaigns":["winter"]})", false},
                                                       {R"({"campaigns":["winter","summer"]})", true},
                                                       {R"({"offers":["vpn"]})", true},
                                                       {R"({"offers":["shop"]})", false},
                                                       {R"({"networks":["acme"]})", true},
                                                       {R"({"networks":["other"]})", false},
                                                       {R"({"sources":["adnet"]})", true},
                                                       {R"({"sources":["social"]})", false},
                                                       {R"({"campaigns":["summer"],"networks":["other"]})", false}};
  for (const auto& [scope, tells] : rows) {
    auto all = documents;
    all.push_back(document_of(EntityKind::destination, "d", document(R"({"scope":)" + scope + "}")));
    const auto catalog = catalog_of(std::move(all));
    const auto facts = example_facts();
    EXPECT_EQ(!plan(*catalog, occurrence_of(facts), facts).empty(), tells) << scope;
  }
}

TEST(DeliveryPlan, ConditionsSeeConversionClickAndPostback) {
  auto facts = example_facts();
  facts.conversion->reason = "late";
  facts.postback = PostbackText{"/postback/acme?geo=de&Plan=gold", "application/json", R"({"user":{"age":44}})"};
  const std::vector<std::pair<std::string_view, bool>> rows{
      {R"({"status":["approved","rejected"]})", true},
      {R"({"status":["pending"]})", false},
      {R"({"event":["SALE"]})", true},
      {R"({"event":["ftd"]})", false},
      {R"({"reason":["late"]})", true},
      {R"({"payout":{"at_least":"12.5"}})", true},
      {R"({"payout":{"at_least":"12.51"}})", false},
      {R"({"payout":{"at_least":"1","at_most":"12.49"}})", false},
      {R"({"status":["approved"],"event":["ftd"]})", false},
      {R"({"all":[{"field":"country","op":"in","value":["DE","AT"]},{"field":"sub1","op":"is","value":"z9"}]})", true},
      {R"({"any":[{"field":"country","op":"is","value":"FR"},{"field":"query.fbclid","op":"contains","value":"fb_"}]})",
       true},
      {R"({"none":[{"field":"network","op":"is","value":"acme"}]})", false},
      {R"({"all":[{"field":"network","op":"is","value":"acme"},{"field":"query.zone","op":"is","value":"z9"}]})", true},
      {R"({"all":[{"field":"postback.geo","op":"is","value":"de"},)"
       R"({"field":"postback.user.age","op":"is","value":"44"}]})",
       true},
      {R"({"all":[{"field":"postback.Plan","op":"is","value":"silver"}]})", false},
      {R"({"all":[{"field":"ip","op":"is","value":"203.0.113.0/24"}],"status":["approved"]})", true},
      {R"({"any":[{"all":[{"field":"payout","op":"more_than","value":"12"},)"
       R"({"none":[{"field":"bot","op":"is","value":true}]}]}]})",
       true},
      {R"({"all":[{"field":"cost","op":"at_least","value":"0.07"},{"field":"cost","op":"less_than","value":"0.08"}]})",
       true},
      {R"({"all":[{"field":"timestamp","op":"is","value":"1767222000"}]})", true},
      {R"({"all":[{"field":"conversion_time","op":"is","value":"1767225600"}]})", true},
      {R"({"all":[{"field":"random","op":"matches","value":"^[0-9]{1,10}$"}]})", true}};
  for (const auto& [when, tells] : rows)
    EXPECT_EQ(fires(R"({"when":)" + std::string(when) + "}", facts), tells) << when;
}

TEST(DeliveryPlan, AConditionSeesTheTimeOfWhatIsNoConversion) {
  const auto facts = example_facts();
  const auto fires_for = [&](Trigger trigger, const std::string& time) {
    nlohmann::json document{{"name", "D"}, {"url", "https://d.example/"}, {"trigger", to_string(trigger)}};
    document["when"]["all"] = {{{"field", "conversion_time"}, {"op", "is"}, {"value", time}}};
    const auto catalog = catalog_with({{"d", document.dump()}});
    auto occurrence = occurrence_of(facts, trigger);
    occurrence.time = kNewYear + std::chrono::seconds(5);
    return !plan(*catalog, occurrence, facts).empty();
  };
  EXPECT_TRUE(fires_for(Trigger::cta, "1767225605"));
  EXPECT_FALSE(fires_for(Trigger::cta, "1767225604"));
}

TEST(DeliveryPlan, ARandomConditionIsTheSameWheneverItIsAsked) {
  const auto facts = example_facts();
  const auto catalog = catalog_with({{"d", R"({"name":"D","url":"https://d.example/",)"
                                           R"("when":{"all":[{"field":"random","op":"matches","value":"[0-4]$"}]}})"}});
  std::size_t told = 0;
  for (unsigned n = 0; n < 1'000; ++n) {
    auto occurrence = occurrence_of(facts);
    occurrence.id += n;
    const bool fires = !plan(*catalog, occurrence, facts).empty();
    EXPECT_EQ(!plan(*catalog, occurrence, facts).empty(), fires);
    told += fires ? 1 : 0;
  }
  EXPECT_GT(told, 400U);
  EXPECT_LT(told, 600U);
}

TEST(DeliveryPlan, SendsItsPartEvenly) {
  const auto facts = example_facts();
  const auto occurrence = occurrence_of(facts);
  for (const auto& [percent, wanted] : std::vector<std::pair<std::string, int>>{
           {"37", 3700}, {"0", 0}, {"0.01", 1}, {"50", 5000}, {"99.99", 9999}, {"33.333333", 3333}}) {
    const auto catalog = one(R"({"send_percent":")" + percent + R"("})");
    Remainders remainders;
    int sent = 0;
    for (int i = 0; i < 10'000; ++i) {
      const auto planned = plan_deliveries({*catalog, *catalog, occurrence, facts, kNewYear}, remainders,
                                           [](EntityNumber) { return false; });
      ASSERT_EQ(planned.size(), 1U);
      const bool pending = planned[0].state == DeliveryState::pending;
      sent += pending ? 1 : 0;
      EXPECT_EQ(planned[0].state, pending ? DeliveryState::pending : DeliveryState::withheld);
      EXPECT_EQ(planned[0].due.has_value(), pending);
      EXPECT_EQ(planned[0].finished.has_value(), !pending);
      if (percent != "37") continue;
      EXPECT_LE(std::abs(sent * 100 - (i + 1) * 37), 100) << "not even after " << i + 1;
    }
    EXPECT_NEAR(sent, wanted, 1) << percent;
    EXPECT_EQ(remainders.size(), 1U);
  }
  Remainders remainders;
  const auto whole = one("{}");
  plan_deliveries({*whole, *whole, occurrence, facts, kNewYear}, remainders, [](EntityNumber) { return false; });
  EXPECT_TRUE(remainders.empty()) << "one that sends everything has no remainder";
}

TEST(DeliveryPlan, TheRemainderIsOfEachDestinationAndGoesOn) {
  const auto facts = example_facts();
  const auto occurrence = occurrence_of(facts);
  const auto catalog =
      catalog_with({{"a", document(R"({"send_percent":"50"})")}, {"b", document(R"({"send_percent":"50"})")}});
  Remainders remainders{{1, 50'000'000}};
  const auto planned = plan_deliveries({*catalog, *catalog, occurrence, facts, kNewYear}, remainders,
                                       [](EntityNumber) { return false; });
  ASSERT_EQ(planned.size(), 2U);
  EXPECT_EQ(planned[0].state, DeliveryState::pending);
  EXPECT_EQ(planned[1].state, DeliveryState::withheld);
  EXPECT_EQ(remainders, (Remainders{{1, 0}, {2, 50'000'000}}));
}

TEST(DeliveryPlan, DelayCountsFromTheOccurrence) {
  const auto facts = example_facts();
  auto occurrence = occurrence_of(facts);
  const auto catalog = one(R"({"delay_s":600})");
  EXPECT_EQ(plan(*catalog, occurrence, facts).at(0).due, kNewYear + std::chrono::seconds(600));
  EXPECT_EQ(plan(*catalog, occurrence, facts).at(0).retry_from, kNewYear + std::chrono::seconds(600));
  occurrence.time = kNewYear - std::chrono::seconds(500);
  EXPECT_EQ(plan(*catalog, occurrence, facts).at(0).due, kNewYear + std::chrono::seconds(100));
  occurrence.time = kNewYear - std::chrono::seconds(5000);
  EXPECT_EQ(plan(*catalog, occurrence, facts).at(0).due, kNewYear);
}

TEST(DeliveryPlan, PausedOnesWaitAndFeedsAreListed) {
  const auto facts = example_facts();
  const auto paused = plan(*one(R"({"state":"paused"})"), occurrence_of(facts), facts);
  ASSERT_EQ(paused.size(), 1U);
  EXPECT_EQ(paused[0].state, DeliveryState::pending);
  const auto catalog = catalog_with({{"g", R"({"name":"G","profile":"google_ads_offline","feed_token":"0123456789",)"
                                           R"("settings":{"conversion_name":"Sale"}})"}});
  const auto listed = plan(*catalog, occurrence_of(facts), facts);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].state, DeliveryState::listed);
  EXPECT_FALSE(listed[0].due);
  EXPECT_EQ(listed[0].finished, kNewYear);
}

TEST(DeliveryPlan, WhatIsNotKnownLeadsToNothing) {
  auto facts = example_facts();
  const auto occurrence = occurrence_of(facts);
  const auto catalog = one("{}");
  facts.conversion.reset();
  EXPECT_TRUE(plan(*catalog, occurrence, facts).empty());
  facts = example_facts();
  facts.click.reset();
  EXPECT_TRUE(plan(*catalog, occurrence, facts).empty());
}

TEST(DeliveryPlan, ImpressionsHaveTheirFactsInTheirDetail) {
  Click visit;
  visit.ip = "203.0.113.9";
  visit.country = "CZ";
  visit.sub[3] = "four";
  visit.extra = "a=1&b=2";
  visit.external_id = "E\xFF";
  Occurrence occurrence;
  occurrence.kind = Trigger::impression;
  occurrence.time = kNewYear;
  occurrence.campaign = 1;
  occurrence.detail = impression_detail(visit);
  const DeliveryFacts nothing;
  const auto tells = [&](std::string_view when) {
    const auto catalog =
        one(R"({"trigger":"impression","scope":{"sources":["adnet"]},"when":)" + std::string(when) + "}");
    const auto planned = plan(*catalog, occurrence, nothing);
    for (const Delivery& delivery : planned) EXPECT_EQ(delivery.detail, occurrence.detail);
    return !planned.empty();
  };
  EXPECT_TRUE(
      tells(R"({"all":[{"field":"country","op":"is","value":"CZ"},{"field":"sub4","op":"is","value":"four"}]})"));
  EXPECT_TRUE(
      tells(R"({"all":[{"field":"query.b","op":"is","value":"2"},{"field":"campaign","op":"is","value":"summer"}]})"));
  EXPECT_FALSE(tells(R"({"all":[{"field":"country","op":"is","value":"DE"}]})"));
  occurrence.detail = "not JSON";
  EXPECT_TRUE(tells("{}"));
}

TEST(DeliveryPlan, KnowsWhoNeedsThePostback) {
  const auto catalog = catalog_with({{"a", document(R"({"trigger":"click"})")},
                                     {"b", document(R"({"url":"https://d.example/?e={postback.email}"})")}});
  EXPECT_TRUE(needs_postback(*catalog, Trigger::conversion));
  EXPECT_FALSE(needs_postback(*catalog, Trigger::click));
  EXPECT_FALSE(needs_postback(*catalog, Trigger::cta));
}

}  // namespace
}  // namespace postback
