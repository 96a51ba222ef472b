// The stable names and HTTP statuses of verdicts.
#include "postback/domain/verdict.hpp"
#include "postback/domain/postback.hpp"

#include <gtest/gtest.h>

#include <set>

namespace postback {
namespace {

struct Row {
  VerdictCode code;
  std::string_view name;
  int http;
};

constexpr Row kRows[] = {
    {VerdictCode::converted, "converted", 200},
    {VerdictCode::updated, "updated", 200},
    {VerdictCode::added, "added", 200},
    {VerdictCode::duplicate, "duplicate", 200},
    {VerdictCode::ignored_by_rule, "ignored_by_rule", 200},
    {VerdictCode::click_id_missing, "click_id_missing", 400},
    {VerdictCode::click_id_unreplaced, "click_id_unreplaced", 400},
    {VerdictCode::click_id_malformed, "click_id_malformed", 400},
    {VerdictCode::click_id_forged, "click_id_forged", 400},
    {VerdictCode::parameter_repeated, "parameter_repeated", 400},
    {VerdictCode::event_unknown, "event_unknown", 400},
    {VerdictCode::currency_unknown, "currency_unknown", 400},
    {VerdictCode::payout_invalid, "payout_invalid", 400},
    {VerdictCode::unparseable, "unparseable", 400},
    {VerdictCode::token_missing, "token_missing", 401},
    {VerdictCode::signature_missing, "signature_missing", 401},
    {VerdictCode::token_wrong, "token_wrong", 403},
    {VerdictCode::signature_wrong, "signature_wrong", 403},
    {VerdictCode::signature_stale, "signature_stale", 403},
    {VerdictCode::ip_not_allowed, "ip_not_allowed", 403},
    {VerdictCode::https_required, "https_required", 403},
    {VerdictCode::network_disabled, "network_disabled", 403},
    {VerdictCode::network_unknown, "network_unknown", 404},
    {VerdictCode::network_mismatch, "network_mismatch", 404},
    {VerdictCode::click_unknown, "click_unknown", 404},
    {VerdictCode::status_transition, "status_transition", 409},
    {VerdictCode::click_expired, "click_expired", 410},
    {VerdictCode::too_large, "too_large", 413},
    {VerdictCode::rate_limited, "rate_limited", 429},
    {VerdictCode::store_unavailable, "store_unavailable", 503},
};

TEST(Verdict, CodesHaveStableNamesAndStatuses) {
  EXPECT_EQ(std::size(kRows), kVerdictCodeCount);
  std::set<VerdictCode> seen;
  for (const auto& row : kRows) {
    EXPECT_TRUE(seen.insert(row.code).second) << row.name;
    EXPECT_EQ(to_string(row.code), row.name);
    EXPECT_EQ(http_status(row.code), row.http) << row.name;
  }
}

TEST(Verdict, TestIsAlwaysAnswered200) {
  for (const auto& row : kRows) {
    Verdict verdict;
    verdict.code = row.code;
    EXPECT_EQ(verdict.http(), row.http) << row.name;
    verdict.result = VerdictResult::test;
    EXPECT_EQ(verdict.http(), 200) << row.name;
  }
}

TEST(Verdict, OtherNames) {
  EXPECT_EQ(to_string(VerdictResult::accepted), "accepted");
  EXPECT_EQ(to_string(VerdictResult::duplicate), "duplicate");
  EXPECT_EQ(to_string(VerdictResult::refused), "refused");
  EXPECT_EQ(to_string(VerdictResult::test), "test");
  EXPECT_EQ(to_string(Authentication::none), "none");
  EXPECT_EQ(to_string(Authentication::token), "token");
  EXPECT_EQ(to_string(Authentication::open), "open");
  for (const auto status : {ConversionStatus::pending, ConversionStatus::approved, ConversionStatus::rejected}) {
    EXPECT_EQ(parse_conversion_status(to_string(status)), status);
  }
  EXPECT_EQ(parse_conversion_status("Approved"), std::nullopt);
  EXPECT_EQ(parse_conversion_status(""), std::nullopt);
}

}  // namespace
}  // namespace postback
