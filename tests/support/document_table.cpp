// Compares a document's table with what it should be, or writes it.
#include "support/document_table.hpp"

#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace postback::testing {

void expect_table(const std::string& file, const std::string& name, const std::string& wanted,
                  const std::string& origin) {
  const std::string path = std::string(POSTBACK_SOURCE_DIR "/docs/") + file;
  std::ifstream in(path);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::string begin_mark = "<!-- " + name + ": begin -->\n";
  auto begin = text.find(begin_mark);
  const auto end = text.find("<!-- " + name + ": end -->");
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end) << "the marks are not there";
  begin += begin_mark.size();
  const bool same = text.substr(begin, end - begin) == wanted;
  if (!same && std::getenv("POSTBACKD_TEST_REWRITE") != nullptr) {
    std::ofstream(path) << text.replace(begin, end - begin, wanted);
    return;
  }
  const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
  EXPECT_TRUE(same) << origin << " says otherwise. Rewrite the table with\n  POSTBACKD_TEST_REWRITE=1 "
                    << "build/dev/unit_tests --gtest_filter='" << test->test_suite_name() << ".*'";
}

}  // namespace postback::testing
