// Counting of requests by address and network, in minutes.
#include "postback/tracking/request_counts.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

using std::chrono::milliseconds;
using Limit = RequestCounts::Limit;

constexpr PostbackLimits kLimits{
    .unauthenticated_per_peer = 3, .unauthenticated_in_all = 5, .logged_per_peer = 2, .logged_in_all = 3};

TEST(RequestCounts, RefusalsOfOneAddress) {
  RequestCounts counts(kLimits);
  const struct {
    Limit limit;
    bool logged;
  } rows[] = {{Limit::none, true}, {Limit::none, true}, {Limit::none, false}, {Limit::peer, false}};
  for (const auto& row : rows) {
    const auto noted = counts.note_refused("192.0.2.1", milliseconds{1'000});
    EXPECT_EQ(noted.limit, row.limit);
    EXPECT_EQ(noted.logged, row.logged);
  }
  EXPECT_EQ(counts.note_refused("192.0.2.1", milliseconds{31'000}).wait, milliseconds{30'000});
  const auto anew = counts.note_refused("192.0.2.1", milliseconds{61'000});
  EXPECT_EQ(anew.limit, Limit::none) << "a new minute";
  EXPECT_TRUE(anew.logged);
  EXPECT_EQ(anew.wait.count(), 0);
}

TEST(RequestCounts, RefusalsOfAllTogether) {
  RequestCounts counts(kLimits);
  std::size_t logged = 0;
  for (const auto* peer : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"}) {
    const auto noted = counts.note_refused(peer, milliseconds{0});
    EXPECT_EQ(noted.limit, Limit::none);
    logged += noted.logged ? 1U : 0U;
  }
  EXPECT_EQ(logged, 3U);
  EXPECT_EQ(counts.note_refused("192.0.2.6", milliseconds{0}).limit, Limit::all);
}

TEST(RequestCounts, AMachineWithAnIpv6NetworkIsOneAddress) {
  RequestCounts counts(kLimits);
  for (const auto* peer : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) counts.note_refused(peer, milliseconds{0});
  EXPECT_EQ(counts.note_refused("2001:db8::4", milliseconds{0}).limit, Limit::peer);
}

TEST(RequestCounts, AddressesWithoutAPlaceAreCountedTogether) {
  RequestCounts counts({.unauthenticated_per_peer = 2, .unauthenticated_in_all = 0}, 1);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(counts.note_refused("192.0.2.1", milliseconds{0}).limit, Limit::none);
  EXPECT_EQ(counts.note_refused("192.0.2.2", milliseconds{0}).limit, Limit::none);
  EXPECT_EQ(counts.note_refused("192.0.2.3", milliseconds{0}).limit, Limit::none);
  EXPECT_EQ(counts.note_refused("192.0.2.4", milliseconds{0}).limit, Limit::peer);
}

TEST(RequestCounts, ZeroIsNoLimit) {
  RequestCounts counts({.unauthenticated_per_peer = 0, .unauthenticated_in_all = 0});
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(counts.note_refused("192.0.2.1", milliseconds{0}).limit, Limit::none);
}

TEST(RequestCounts, ANetworkHasItsOwn) {
  RequestCounts counts(kLimits);
  EXPECT_EQ(counts.note_authenticated(1, 2, milliseconds{0}).count(), 0);
  EXPECT_EQ(counts.note_authenticated(1, 2, milliseconds{0}).count(), 0);
  EXPECT_EQ(counts.note_authenticated(1, 2, milliseconds{15'000}), milliseconds{45'000});
  EXPECT_EQ(counts.note_authenticated(2, 2, milliseconds{15'000}).count(), 0) << "another network";
  EXPECT_EQ(counts.note_authenticated(1, 2, milliseconds{60'000}).count(), 0) << "a new minute";
}

}  // namespace
}  // namespace postback
