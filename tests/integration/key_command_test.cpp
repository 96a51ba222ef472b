// `key list`, `key create` and `key revoke`, over the API and in the store.
#include "support/client_world.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <string>

namespace postback::testing {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(KeyCommand, MakesListsAndRevokesKeys) {
  const ClientWorld world;
  const auto made =
      world.run({"key", "create", "agency", "--role", "viewer", "--name", "An agency", "--expires", "2099-01-31"});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_TRUE(made.out.starts_with("pbk_") && made.out.find('\n') == made.out.size() - 1) << "the key alone";
  EXPECT_FALSE(has(made.err, "pbk_"));
  EXPECT_TRUE(has(made.err, "Next: ")) << made.err;
  const auto key_file = world.write("agency.key", made.out);
  const auto refused = world.run({"key", "list", "--key-file", key_file});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(has(refused.err, "Use a key with a higher role")) << refused.err;
  const auto listed = world.run({"key", "list"});
  EXPECT_EQ(listed.status, 0) << listed.err;
  EXPECT_TRUE(has(listed.out, "agency               viewer    in force to 2099-01-31T00:00:00.000Z")) << listed.out;
  EXPECT_TRUE(has(listed.out, "An agency\n")) << listed.out;
  EXPECT_FALSE(has(listed.out, "pbk_"));
  const auto revoked = world.run({"key", "revoke", "agency"});
  EXPECT_EQ(revoked.status, 0) << revoked.err;
  EXPECT_TRUE(has(world.run({"key", "list"}).out, "revoked 20"));
  const auto closed = world.run({"catalog", "export", "--key-file", key_file});
  EXPECT_EQ(closed.status, 1);
  EXPECT_TRUE(has(closed.err, "revoked") && has(closed.err, "came from the file ")) << closed.err;
}

TEST(KeyCommand, FailuresAreToldInWords) {
  const ClientWorld world;
  const std::string store = "sqlite://" + world.server.store_file();
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    int status;
    const char* said;
  };
  const Row rows[] = {
      {"no role", {"key", "create", "x"}, 2, "--role"},
      {"no such role", {"key", "create", "x", "--role", "boss"}, 1, "viewer, operator or admin"},
      {"no slug", {"key", "create", "X Y", "--role", "viewer"}, 1, "1 to 64 of a-z"},
      {"no time", {"key", "create", "x", "--role", "viewer", "--expires", "soon"}, 1, "expected a time"},
      {"past", {"key", "create", "x", "--role", "viewer", "--expires", "2020-01-01"}, 1, "expires: is in the past"},
      {"there already", {"key", "create", "admin", "--role", "viewer"}, 1, "there is a key \"admin\" already"},
      {"last admin", {"key", "revoke", "admin"}, 1, "last admin key that never expires"},
      {"not there", {"key", "revoke", "nobody"}, 1, "no API key with the ID"},
      {"odd ID", {"key", "revoke", "../x"}, 1, "not one that a key can have"},
      {"server runs", {"key", "create", "x", "--role", "admin", "--store", store}, 1, "leave --store away"},
      {"no store",
       {"key", "create", "x", "--role", "admin", "--store", "sqlite://" + world.file("none.db")},
       1,
       "there is no store at"},
      {"alone", {"key"}, 2, "subcommand"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto ended = world.run(row.arguments);
    EXPECT_EQ(ended.status, row.status) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(has(ended.err, row.said)) << ended.err;
  }
}

TEST(KeyCommand, AKeyMadeInTheStoreOpensTheServerThatStartsLater) {
  ClientWorld world;
  const std::string store = "sqlite://" + world.server.store_file();
  ASSERT_TRUE(world.server.stop());
  const auto made = run_command(POSTBACK_BINARY, {"key", "create", "rescue", "--role", "admin", "--store", store}, {});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_TRUE(made.out.starts_with("pbk_")) << made.out;
  const auto again = run_command(POSTBACK_BINARY, {"key", "create", "rescue", "--role", "admin", "--store", store}, {});
  EXPECT_EQ(again.status, 1);
  EXPECT_TRUE(has(again.err, "choose another ID")) << again.err;
  world.server.restart();
  const auto listed = world.run({"key", "list", "--key-file", world.write("rescue.key", made.out)});
  EXPECT_EQ(listed.status, 0) << listed.err;
  EXPECT_TRUE(has(listed.out, "rescue               admin     in force")) << listed.out;
  const auto audit = world.server.get_json("/api/v1/audit").at("items").at(0);
  EXPECT_EQ(audit.at("target"), "keys/rescue");
  EXPECT_EQ(audit.at("action"), "key.create");
}

}  // namespace
}  // namespace postback::testing
