// docs/http-api.md: its reference is what the OpenAPI document says.
#include "api/openapi.hpp"
#include "support/api_markdown.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace postback::testing {
namespace {

const std::string kFile = POSTBACK_SOURCE_DIR "/docs/http-api.md";

TEST(HttpApiDocument, HasTheReferenceThatTheDescriptionGives) {
  std::ifstream in(kFile);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  auto begin = text.find(kReferenceBegin);
  const auto end = text.find(kReferenceEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end) << "the marks are not there";
  begin += kReferenceBegin.size();
  const auto wanted = "\n" + api_reference(postback::api::openapi_json());
  const bool same = text.substr(begin, end - begin) == wanted;
  if (!same && std::getenv("POSTBACKD_TEST_REWRITE") != nullptr) {
    std::ofstream(kFile) << text.replace(begin, end - begin, wanted);
    return;
  }
  EXPECT_TRUE(same) << "src/api/openapi.json says otherwise. Rewrite that part with\n  POSTBACKD_TEST_REWRITE=1 "
                       "build/dev/unit_tests --gtest_filter='HttpApiDocument.*'";
}

}  // namespace
}  // namespace postback::testing
