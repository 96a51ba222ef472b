// Checks that the repository keeps its own rules; each rule is first shown to find a file that breaks it.
#include "support/tidy_checks.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace postback::tidy {
namespace {

using Check = Findings (*)(const SourceFile&);
using Files = std::vector<SourceFile>;

const Files& repository() {
  static const auto files = read_tree(POSTBACK_SOURCE_DIR);
  return files;
}

/// Shows that `check` finds each of `bad` and none of `good`, then applies it to every file.
void expect_kept(Check check, const Files& bad, const Files& good) {
  for (const auto& file : bad) EXPECT_FALSE(check(file).empty()) << "not found in " << file.path << ":\n" << file.text;
  for (const auto& file : good) EXPECT_EQ(check(file), Findings()) << file.text;
  for (const auto& file : repository()) {
    for (const auto& finding : check(file)) ADD_FAILURE() << finding;
  }
}

std::string repeated(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

/// A file of code in a layer where most is allowed.
SourceFile code(std::string text) { return {"src/net/session.cpp", std::move(text)}; }

TEST(Tidy, ReadsTheRepository) {
  std::vector<std::string> paths;
  for (const auto& file : repository()) paths.push_back(file.path);
  for (const std::string path : {"CMakeLists.txt", "include/postback/base/result.hpp", "tests/unit/tidy_test.cpp"}) {
    EXPECT_NE(std::ranges::find(paths, path), paths.end()) << path;
  }
}

TEST(Tidy, TellsCodeFromCommentsAndLiterals) {
  const std::string text = "a = 1'000; // b\n/* c\n */ d = \"e\\\"f\" + 'g' + R\"x(h)\" i)x\"; j";
  const auto kept = code_only(text);
  EXPECT_EQ(kept.size(), text.size());
  EXPECT_EQ(std::ranges::count(kept, '\n'), std::ranges::count(text, '\n'));
  for (const char letter : std::string("adj01")) EXPECT_NE(kept.find(letter), std::string::npos) << letter;
  for (const char letter : std::string("bcefghix")) EXPECT_EQ(kept.find(letter), std::string::npos) << letter;
}

TEST(Tidy, IncludesGoOnlyDown) {
  const Files bad{{"src/domain/matcher.cpp", "#include \"postback/store/store.hpp\"\n"},
                  {"include/postback/store/store.hpp", "#include \"postback/http/request.hpp\"\n"},
                  {"src/tracking/click_handler.cpp", "#include \"postback/api/api.hpp\"\n"},
                  {"src/net/session.cpp", "  #include \"store/sqlite/database.hpp\"\n"},
                  {"src/elsewhere/thing.cpp", "\n"}};
  const Files good{
      {"src/store/sqlite/database.cpp", "#include \"postback/domain/click.hpp\"\n#include \"statement.hpp\"\n"},
      {"src/main.cpp", "#include \"postback/net/server.hpp\"\n"},
      {"tests/unit/x_test.cpp", "#include \"postback/net/server.hpp\"\n"}};
  expect_kept(include_findings, bad, good);
}

TEST(Tidy, NetworkLibrariesStayInNet) {
  const Files bad{{"src/api/routes.cpp", "#include <boost/beast/http.hpp>\n"},
                  {"include/postback/http/request.hpp", "#include <boost/asio.hpp>\n"}};
  const Files good{{"src/net/session.cpp", "#include <boost/asio.hpp>\n"},
                   {"src/domain/template.cpp", "#include <boost/url.hpp>\n"}};
  expect_kept(network_library_findings, bad, good);
}

TEST(Tidy, NothingIsMadeInsideAnExpressionThatAwaits) {
  const Files bad{code("auto x = co_await send(Request{1, \"a\"});"),
                  code("co_await send({1, 2});"),
                  code("x = join(Part{1}, co_await next());"),
                  code("co_await run([this] { go(); });"),
                  code("co_await run([&x]() -> int { return x; }, token);"),
                  code("if (co_await send(Request{name})) { go(); }"),
                  code("while (true) {\n  a();\n  auto r = co_await b(c,\n      D{1});\n}"),
                  code("co_await Timer{5};"),
                  code("co_return co_await f({});")};
  const Files good{code("auto request = Request{1};\nco_await send(std::move(request));"),
                   code("if (co_await f(x)) { g({1}); }"),
                   code("void f() {\n  g({1});\n  co_await h();\n  g({2});\n}"),
                   code("co_await run([] { return Agg{1}; });"),
                   code("// co_await send({1});\n"),
                   code("for (;;) { co_await a[1].wait(token); }"),
                   code("while (co_await next(item)) {\n  use(Item{1});\n}"),
                   code("auto x = Agg{1};\nco_await f();")};
  expect_kept(await_findings, bad, good);
}

TEST(Tidy, CallsNothingBanned) {
  const Files bad{code("std::this_thread::sleep_for(1ms);"),
                  code("usleep(5);"),
                  code("::sleep (5);"),
                  code("int x = rand() % 6;"),
                  code("std::srand(1);"),
                  code("strcpy(a, b);"),
                  code("sprintf(a, \"%d\", 1);"),
                  code("std::cout << 1;"),
                  code("std::system(\"ls\");"),
                  code("using namespace std;"),
                  {"tests/fault/x_test.cpp", "std::this_thread::sleep_for(1ms);"}};
  const Files good{code("boost::system::error_code error;"),
                   code("machine.system();"),
                   code("snprintf(a, 5, b);"),
                   code("operand(1);"),
                   code("using namespace std::string_view_literals;"),
                   code("// rand()\n"),
                   code("f(\"rand()\");"),
                   {"src/app/app.cpp", "std::cout << 1;"},
                   {"tests/support/process.cpp", "usleep(5);"}};
  expect_kept(banned_call_findings, bad, good);
}

TEST(Tidy, FunctionsAreSmall) {
  const auto long_body = repeated(100, "  step();\n");
  const Files bad{code("void f() {\n" + long_body + "}\n"),
                  code("namespace a {\nint f(int x,\n      int y) const {\n" + long_body + "}\n}\n"),
                  code("class A {\n  void f() {\n" + repeated(100, "    { step(); }\n") + "  }\n};\n")};
  const Files good{code("void f() {\n" + repeated(70, "  step();\n") + "}\n"),
                   code("namespace a {\n" + repeated(100, "void f();\n") + "}\n"),
                   code("class A : B<decltype(c())> {\n" + repeated(100, "  int f();\n") + "};\n"),
                   code("const std::array all{\n" + repeated(100, "  f(1),\n") + "};\n")};
  expect_kept(function_length_findings, bad, good);
}

TEST(Tidy, LayoutIsPlain) {
  const Files bad{code(repeated(121, "x") + "\n"),
                  code("a\tb\n"),
                  code("a \n"),
                  code("a\r\n"),
                  code("a"),
                  {"scripts/serve", repeated(121, "x") + "\n"}};
  const Files good{
      code(repeated(120, "x") + "\n"), code(repeated(120, "ü") + "\n"), {"docs/a.md", repeated(300, "x") + "\n"}};
  expect_kept(layout_findings, bad, good);
}

TEST(Tidy, FilesSayTheirJob) {
  const Files bad{{"src/a.cpp", "#include <x>\n"},
                  {"src/a.cpp", "// a\n"},
                  {"src/a.cpp", ""},
                  {"src/a.hpp", "// Does one thing, which is this.\n"}};
  const Files good{{"src/a.cpp", "// Does one thing, which is this.\n"},
                   {"src/a.hpp", "// Does one thing, which is this.\n#pragma once\n"}};
  expect_kept(opening_findings, bad, good);
}

TEST(Tidy, NothingIsPutOffOrTiedToOneMachine) {
  // In halves, so that this file passes its own check.
  const Files bad{code(std::string("// TO") + "DO: more"),
                  code(std::string("// FIX") + "ME"),
                  {"docs/a.md", std::string("cd /ho") + "me/me"},
                  {"scripts/a", std::string("cd /wo") + "rk/x"},
                  {"scripts/a", std::string("cd /ro") + "ot/x"}};
  const Files good{code("HOME=/root"), code("/works")};
  expect_kept(wording_findings, bad, good);
}

TEST(Tidy, NamesSayWhatIsInside) {
  const Files bad{
      {"src/base/string_util.cpp", ""}, {"src/net/ConnectionManager.hpp", ""}, {"tests/support/helpers.cpp", ""}};
  expect_kept(name_findings, bad, {{"src/base/percent.cpp", ""}});
}

TEST(Tidy, EveryTestIsBuilt) {
  const Files bad{
      {"tests/loose_test.cpp", ""}, {"tests/end_to_end/a_test.cpp", ""}, {"tests/unit/deep/a_test.cpp", ""}};
  const Files good{{"tests/unit/a_test.cpp", ""}, {"tests/fuzz/corpus/a.txt", ""}, {"src/a.cpp", ""}};
  expect_kept(test_place_findings, bad, good);
}

TEST(Tidy, TopLevelHoldsOnlyWhatBelongsThere) {
  EXPECT_FALSE(top_level_findings({"src", "notes.txt"}).empty());
  EXPECT_EQ(top_level_findings({"src", ".gitignore", "README.md", "build"}), Findings());
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(POSTBACK_SOURCE_DIR)) {
    names.push_back(entry.path().filename().string());
  }
  EXPECT_EQ(top_level_findings(names), Findings());
}

}  // namespace
}  // namespace postback::tidy
