// Runs the documents' transcripts word for word against the binary of this build.
#include "support/console_transcript.hpp"
#include "support/server_process.hpp"
#include "support/test_server.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace postback::testing {
namespace {

std::string read_document(const std::string& name) {
  std::ifstream file(std::string(POSTBACK_SOURCE_DIR) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// The documents' address becomes that of the server under test; nothing else is changed.
std::string addressed(const std::string& document, std::uint16_t port) {
  return replaced(document, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(port));
}

class Transcript : public ::testing::TestWithParam<std::string> {};

TEST_P(Transcript, PrintsWhatIsShown) {
  const TemporaryDirectory directory;
  ServerProcess server(POSTBACK_BINARY, ServerProcess::serve((directory.path() / "data" / "postbackd.db").string()));
  const auto document = addressed(read_document(GetParam()), server.wait_until_listening());
  // scripts/serve leaves the admin key there; the transcripts start where it has printed its lines.
  std::ofstream(directory.path() / "data" / "admin.key") << "k1";
  std::filesystem::create_directories(directory.path() / "build" / "release");
  std::filesystem::create_symlink(POSTBACK_BINARY, directory.path() / "build" / "release" / "postbackd");
  std::filesystem::create_symlink(POSTBACK_SOURCE_DIR "/config", directory.path() / "config");

  const auto steps = console_steps(document);
  ASSERT_FALSE(steps.empty()) << "no ```console block";
  const auto outputs = run_console(steps, directory.path());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto difference = output_difference(steps[i].expected, outputs[i]);
    EXPECT_FALSE(difference) << GetParam() << ":" << steps[i].line << ": $ " << steps[i].command << "\n" << *difference;
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, Transcript,
                         ::testing::Values("README.md", "docs/quickstart.md", "docs/http-api.md",
                                           "docs/configuration.md", "docs/operating.md"),
                         [](const auto& document) {
                           return std::regex_replace(document.param, std::regex("[^a-zA-Z]"), "_");
                         });

}  // namespace
}  // namespace postback::testing
