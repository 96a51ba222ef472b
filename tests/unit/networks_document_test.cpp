// docs/networks.md shows every profile as it is.
#include "support/document_table.hpp"
#include "support/profile_tables.hpp"

#include <gtest/gtest.h>

namespace postback::testing {
namespace {

void expect_table_of_networks(const std::string& name, const std::string& wanted) {
  expect_table("networks.md", name, wanted, "config/networks.json");
}

TEST(NetworksDocument, HasEveryNetwork) { expect_table_of_networks("networks", network_table(built_in_profiles())); }
TEST(NetworksDocument, HasEverySource) { expect_table_of_networks("sources", source_table(built_in_profiles())); }

}  // namespace
}  // namespace postback::testing
