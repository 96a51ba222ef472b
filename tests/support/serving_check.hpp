// Checks that every answer has to pass, and that the server goes on serving and storing after a bad input.
#pragma once

#include "support/test_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {

/// What holds for every answer: one Date in the form of RFC 9110, one Content-Length (none in a 204), one line per
/// header.
inline void expect_well_formed(const RawResponse& answer) {
  EXPECT_EQ(answer.count("Date"), 1U) << answer.head;
  const auto date = answer.header("Date").value_or("");
  EXPECT_TRUE(date.size() == 29 && date.ends_with(" GMT")) << date;
  EXPECT_EQ(answer.count("Content-Length"), answer.status == 204 ? 0U : 1U) << answer.head;
  EXPECT_LE(answer.count("Location"), 1U) << answer.head;
}

/// A new connection is served, and what is answered is stored. Needs the example catalog.
inline void expect_still_serving(const TestServer& server) {
  const auto id = server.click("zone=probe");
  ASSERT_EQ(id.size(), 26U);
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + id).at("sub1"), "probe");
}

/// A server with the example catalog, shared by the tests of a suite.
template <class Suite>
class SharedServer : public ::testing::Test {
 public:
  static void SetUpTestSuite() {
    server_ = std::make_unique<TestServer>();
    token_ = server_->example_catalog();
  }
  static void TearDownTestSuite() { server_.reset(); }

 protected:
  static TestServer& server() { return *server_; }
  static const std::string& token() { return token_; }
  static std::uint64_t clicks_committed() { return server_->app().recorder_figures().clicks_committed.load(); }

 private:
  static inline std::unique_ptr<TestServer> server_;
  static inline std::string token_;
};

}  // namespace postback::testing
