// Starting, stopping and starting again: what was acknowledged is there, and what stands in the way is said.
#include "support/server_process.hpp"
#include "support/test_server.hpp"

#include <gtest/gtest.h>

#include <signal.h>

namespace postback::testing {
namespace {

TEST(Lifecycle, EverythingIsThereAfterARestart) {
  TestServer server;
  const auto token = server.example_catalog();
  const auto id = server.click("zone=z1&cid=E1");
  server.restart();
  EXPECT_EQ(server.get_json("/api/v1/clicks/" + id).at("sub1"), "z1");
  EXPECT_EQ(server.get_json("/api/v1/networks/acme").at("token"), token);
  EXPECT_NE(server.click(), id);
}

TEST(Lifecycle, SigtermEndsTheProcessWithZero) {
  const TemporaryDirectory directory;
  ServerProcess process(POSTBACK_BINARY, ServerProcess::serve((directory.path() / "t.db").string()));
  RawClient client(process.wait_until_listening());
  client.send(request_text("GET", "/readyz"));
  EXPECT_EQ(client.read_response().status, 200);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_for_end().exit_code, 0) << process.output();
}

}  // namespace
}  // namespace postback::testing
