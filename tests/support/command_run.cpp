// Spawns the binary with its streams in files and waits for it.
#include "support/command_run.hpp"

#include "support/test_server.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace postback::testing {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> texts;
  for (char** each = environ; *each != nullptr; ++each)
    if (!std::string_view(*each).starts_with("POSTBACKD_")) texts.emplace_back(*each);
  for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
  return texts;
}

/// Where the streams of a child go.
class Streams {
 public:
  explicit Streams(const std::string& input) {
    std::ofstream(in(), std::ios::binary) << input;
    ::posix_spawn_file_actions_init(&actions_);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, in().c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, out().c_str(), flags, 0600);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, err().c_str(), flags, 0600);
  }
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  std::string in() const { return (directory_.path() / "in").string(); }
  std::string out() const { return (directory_.path() / "out").string(); }
  std::string err() const { return (directory_.path() / "err").string(); }

 private:
  TemporaryDirectory directory_;
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

CommandEnd run_command(const std::string& binary, const std::vector<std::string>& arguments,
                       const std::map<std::string, std::string>& variables, const std::string& input) {
  const Streams streams(input);
  std::vector<std::string> texts{binary};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  const auto argv = pointers_to(texts);
  auto settings = environment(variables);
  const auto envp = pointers_to(settings);
  pid_t pid = 0;
  if (::posix_spawn(&pid, binary.c_str(), streams.actions(), nullptr, argv.data(), envp.data()) != 0)
    throw std::runtime_error("cannot run " + binary);
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid) throw std::runtime_error("cannot wait for " + binary);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(streams.out()), content_of(streams.err())};
}

}  // namespace postback::testing
