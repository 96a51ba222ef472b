// What counts as a step of a document, and what as the output it shows.
#include "support/console_transcript.hpp"

#include <gtest/gtest.h>

namespace postback::testing {
namespace {

TEST(ConsoleTranscript, ReadsCommandsAndTheirOutput) {
  const auto steps = console_steps(
      "Text\n```sh\n$ not this\n```\n```console\n$ a \\\n  b\none\ntwo\n$ c\n```\n$ nor this\n```console\n$ d\n```\n");
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].command, "a \\\n  b");
  EXPECT_EQ(steps[0].expected, "one\ntwo\n");
  EXPECT_EQ(steps[0].line, 6U);
  EXPECT_EQ(steps[1].command, "c");
  EXPECT_EQ(steps[1].expected, "");
  EXPECT_EQ(steps[2].command, "d");
}

TEST(ConsoleTranscript, ComparesOutputWithWhatIsShown) {
  struct Row {
    std::string_view shown;
    std::string_view printed;
    bool same;
  };
  const Row rows[] = {
      {"", "", true},
      {"", "x", false},
      {"x", "", false},
      {"x\n", "x", true},
      {"x", "x\r\n\n", true},
      {"x", "x y", false},
      {"a…c", "abbbc", true},
      {"a…c", "ac", true},
      {"a…c", "ab", false},
      {"a…b…c", "a1b2c", true},
      {"a…b…c", "a1c2b", false},
      {"…b", "ab", true},
      {"…b", "b\nc", false},
      {"a\n…\nz", "a\nb\nc\nz", true},
      {"a\n…\nz", "a\nz", true},
      {"a\n…\nz", "a\nb", false},
      {"…", "", true},
      {"a\nb", "a\nb\nc", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(!output_difference(row.shown, row.printed).has_value(), row.same) << row.shown << " / " << row.printed;
}

TEST(ConsoleTranscript, NamesTheFirstLineThatDiffers) {
  EXPECT_EQ(output_difference("a\nb\n", "a\nc\n"), "shown is `b`, printed was `c`");
  EXPECT_EQ(output_difference("a\nb\n", "a\n"), "shown is `b`, printed was (nothing more)");
}

}  // namespace
}  // namespace postback::testing
