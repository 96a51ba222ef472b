// TextScanner against std::string::find, on texts drawn from few letters so that they overlap.
#include "domain/text_scanner.hpp"
#include "support/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace postback {
namespace {

std::string draw(std::mt19937_64& random, std::size_t longest) {
  std::string text(1 + random() % longest, 'a');
  for (char& c : text) c = "abc"[random() % 3];
  return text;
}

TEST(TextScanner, FindsWhatFindFinds) {
  const auto seed = printed_seed();
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    TextScanner scanner;
    std::set<std::string> texts;
    for (int i = 0; i < 12; ++i) texts.insert(draw(random, 5));
    int number = 0;
    for (const auto& text : texts) scanner.add(text, 7, number++);
    scanner.build();
    std::vector<std::uint32_t> seen(scanner.places());
    for (std::uint32_t scan = 1; scan <= 10; ++scan) {
      const auto haystack = draw(random, 20);
      std::multiset<int> found;
      scanner.scan(haystack, seen, scan, [&found](unsigned list, int each) {
        EXPECT_EQ(list, 7U);
        found.insert(each);
      });
      std::multiset<int> expected;
      number = 0;
      for (const auto& text : texts) {
        if (haystack.find(text) != std::string::npos) expected.insert(number);
        ++number;
      }
      ASSERT_EQ(found, expected) << "seed " << seed << " in " << haystack;
    }
  }
}

TEST(TextScanner, TakesLettersInEitherCase) {
  TextScanner scanner;
  scanner.add("a-1z", 0, 5);
  scanner.build();
  std::vector<std::uint32_t> seen(scanner.places());
  std::uint32_t scan = 0;
  for (const auto* text : {"a-1z", "A-1Z", "..a-1Z.."}) {
    int found = 0;
    scanner.scan(text, seen, ++scan, [&found](unsigned, int number) { found = number; });
    EXPECT_EQ(found, 5) << text;
  }
}

}  // namespace
}  // namespace postback
