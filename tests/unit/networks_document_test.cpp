// docs/networks.md shows every profile as it is.
#include "support/profile_tables.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace postback::testing {
namespace {

const std::string kFile = POSTBACK_SOURCE_DIR "/docs/networks.md";

void expect_table(const std::string& name, const std::string& wanted) {
  std::ifstream in(kFile);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::string begin_mark = "<!-- " + name + ": begin -->\n";
  auto begin = text.find(begin_mark);
  const auto end = text.find("<!-- " + name + ": end -->");
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end) << "the marks are not there";
  begin += begin_mark.size();
  const bool same = text.substr(begin, end - begin) == wanted;
  if (!same && std::getenv("POSTBACKD_TEST_REWRITE") != nullptr) {
    std::ofstream(kFile) << text.replace(begin, end - begin, wanted);
    return;
  }
  EXPECT_TRUE(same) << "config/networks.json says otherwise. Rewrite the table with\n  POSTBACKD_TEST_REWRITE=1 "
                       "build/dev/unit_tests --gtest_filter='NetworksDocument.*'";
}

TEST(NetworksDocument, HasEveryNetwork) { expect_table("networks", network_table(built_in_profiles())); }
TEST(NetworksDocument, HasEverySource) { expect_table("sources", source_table(built_in_profiles())); }

}  // namespace
}  // namespace postback::testing
