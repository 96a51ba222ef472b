// Starting, signalling and waiting for the binary.
#include "support/server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace postback::testing {

namespace {

constexpr int kPatienceMs = 30'000;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("server process: " + what); }

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment() {
  std::vector<std::string> texts;
  for (char** each = environ; *each != nullptr; ++each)
    if (std::string_view(*each).find("POSTBACKD_") != 0) texts.emplace_back(*each);
  texts.emplace_back("POSTBACKD_ADMIN_KEY=k1");
  return texts;
}

}  // namespace

std::vector<std::string> ServerProcess::serve(const std::string& store_file) {
  return {"serve", "--listen", "127.0.0.1:0", "--store", "sqlite://" + store_file};
}

ServerProcess::ServerProcess(const std::string& binary, const std::vector<std::string>& arguments,
                             const std::function<void()>& before_exec) {
  std::vector<std::string> texts{binary};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  const auto argv = pointers_to(texts);
  auto variables = environment();
  const auto envp = pointers_to(variables);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(std::string("pipe: ") + std::strerror(errno));
  pid_ = ::fork();
  if (pid_ < 0) fail(std::string("fork: ") + std::strerror(errno));
  if (pid_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    if (before_exec) before_exec();
    ::execve(binary.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (pipe_ >= 0) ::close(pipe_);
}

/// Waits for more output. False at its end.
bool ServerProcess::read_output() {
  pollfd descriptor{pipe_, POLLIN, 0};
  const int ready = ::poll(&descriptor, 1, kPatienceMs);
  if (ready == 0) fail("it was silent for too long; output so far: " + output_);
  char part[4096];
  const auto got = ::read(pipe_, part, sizeof part);
  if (got > 0) output_.append(part, static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

std::uint16_t ServerProcess::wait_until_listening() {
  static constexpr std::string_view kMark = "app.listening address=127.0.0.1:";
  for (;;) {
    if (const auto at = output_.find(kMark); at != std::string::npos && output_.find('\n', at) != std::string::npos)
      return static_cast<std::uint16_t>(std::stoul(output_.substr(at + kMark.size())));
    if (!read_output()) fail("it ended before it listened: " + output_);
  }
}

void ServerProcess::wait_for_output(const std::string& text) {
  while (output_.find(text) == std::string::npos)
    if (!read_output()) fail("it ended before it wrote \"" + text + "\": " + output_);
}

void ServerProcess::signal(int number) const { ::kill(pid_, number); }

ProcessEnd ServerProcess::wait_for_end() {
  while (read_output()) continue;  // its end of the pipe closes when it ends
  int status = 0;
  if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) fail(std::string("waitpid: ") + std::strerror(errno));
  ProcessEnd end;
  if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  return end;
}

}  // namespace postback::testing
