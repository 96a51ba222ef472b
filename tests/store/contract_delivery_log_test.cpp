// StoreContract: the log of deliveries, filtered on every column.
#include "contract_delivery_fixture.hpp"

#include <string_view>

namespace postback {
namespace {

/// A delivery of a conversion that failed, the one it was sent once more by, and one of an impression.
class DeliveryLog : public DeliveryContract {
 protected:
  using Ids = std::vector<SnowflakeId>;

  void SetUp() override {
    DeliveryContract::SetUp();
    told_ = conversion();
    Delivery delivery = delivery_of(told_);
    delivery.trigger = Trigger::status_change;
    failed_ = plan(told_, delivery);
    note(failed_, 1, AttemptReason::wrong_status, DeliveryState::failed);
    world_.clock.advance(std::chrono::hours{1});
    resent_ = change(Action::resend, {failed_}).made.at(0);
    Delivery plain;
    plain.destination = kOther;
    plain.trigger = Trigger::impression;
    plain.campaign = 2;
    plain.created = plain.retry_from = world_.clock.wall();
    plain.detail = R"({"ip":"192.0.2.9"})";
    shown_ = plan(conversion(), plain);
  }
  Ids ids(const LogQuery& query) {
    Ids ids;
    for (const auto& row : reader_->deliveries(query).value().rows) ids.push_back(row.id);
    return ids;
  }
  using Value = decltype(LogFilter::value);
  Ids with(std::string_view column, Value value) {
    LogQuery query;
    query.filters = {{column, std::move(value)}};
    return ids(query);
  }
  template <class Number>
  Ids with_number(std::string_view column, Number number) {
    return with(column, static_cast<std::int64_t>(number));
  }
  Ids with_time(std::string_view column, TimeMs time) { return with_number(column, time.time_since_epoch().count()); }
  Ids without(std::string_view column) { return with(column, {}); }

  Occurrence told_;
  SnowflakeId failed_ = 0;
  SnowflakeId resent_ = 0;
  SnowflakeId shown_ = 0;
};

TEST_P(DeliveryLog, CanBeFilteredByWhatItIsAbout) {
  const Ids both{resent_, failed_};
  EXPECT_EQ(with_number("destination", kCrm), both);
  EXPECT_EQ(with_number("trigger", Trigger::impression), Ids{shown_});
  EXPECT_EQ(with_number("click", told_.click), both);
  EXPECT_EQ(without("click"), Ids{shown_});
  EXPECT_EQ(with_number("conversion", told_.conversion), both);
  EXPECT_EQ(with_number("conversion_number", 1), both);
  EXPECT_EQ(without("conversion_number"), Ids{shown_});
  EXPECT_EQ(with_number("conversion_revision", 1), both);
  EXPECT_EQ(with_number("conversion_revision", 0), Ids{shown_});
  EXPECT_EQ(with_number("cta", 0), (Ids{shown_, resent_, failed_}));
  EXPECT_EQ(with_number("campaign", 2), Ids{shown_});
  EXPECT_EQ(without("detail"), both);
  EXPECT_EQ(with_number("resend_of", failed_), Ids{resent_});
  EXPECT_EQ(without("resend_of"), (Ids{shown_, failed_}));
}

TEST_P(DeliveryLog, CanBeFilteredByWhatBecameOfIt) {
  const Delivery failed = found(failed_);
  const Ids waiting{shown_, resent_};
  EXPECT_EQ(with_number("state", DeliveryState::failed), Ids{failed_});
  EXPECT_EQ(with_number("attempts", 1), Ids{failed_});
  EXPECT_EQ(with_time("created_ms", failed.created), Ids{failed_});
  EXPECT_EQ(with_time("retry_from_ms", failed.retry_from), Ids{failed_});
  EXPECT_EQ(without("due_ms"), Ids{failed_});
  EXPECT_EQ(with_time("due_ms", world_.clock.wall()), waiting);
  EXPECT_EQ(with_time("finished_ms", failed.finished.value()), Ids{failed_});
  EXPECT_EQ(without("finished_ms"), waiting);
  EXPECT_EQ(with_number("http_status", 503), Ids{failed_});
  EXPECT_EQ(with_number("http_status", 0), waiting);
  EXPECT_EQ(with("reason", std::string("wrong_status")), Ids{failed_});
  EXPECT_EQ(without("reason"), waiting);
}

TEST_P(DeliveryLog, AFeedHasItsOwnRowsOnly) {
  const auto listed = [this](EntityNumber destination) {
    Delivery delivery = delivery_of(told_, destination);
    delivery.state = DeliveryState::listed;
    return plan(conversion(), delivery);
  };
  const auto first = listed(kCrm);
  const auto other = listed(kOther);
  const auto second = listed(kCrm);
  LogQuery query;
  query.filters = {{"state", static_cast<std::int64_t>(DeliveryState::listed)}, {"destination", std::int64_t{kCrm}}};
  EXPECT_EQ(ids(query), (Ids{second, first}));
  query.before = second;
  EXPECT_EQ(ids(query), Ids{first});
  query.filters[1].value = std::int64_t{kOther};
  query.before = 0;
  EXPECT_EQ(ids(query), Ids{other});
}

TEST_P(DeliveryLog, IsPagedAndFoundByItsClick) {
  LogQuery query;
  query.click = told_.click;
  EXPECT_EQ(ids(query), (Ids{resent_, failed_}));
  query.oldest_first = true;
  query.limit = 1;
  EXPECT_EQ(ids(query), Ids{failed_});
  query.after = reader_->deliveries(query).value().next;
  EXPECT_EQ(ids(query), Ids{resent_});
  LogQuery by_row;
  by_row.row = shown_;
  EXPECT_EQ(ids(by_row), Ids{shown_});
  LogQuery unknown;
  unknown.filters = {{"payout", std::int64_t{1}}};
  EXPECT_ERROR(reader_->deliveries(unknown), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Stores, DeliveryLog,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
