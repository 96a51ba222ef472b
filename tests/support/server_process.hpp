// ServerProcess: the postbackd binary as a process of its own, for tests of signals, limits and exit codes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace postback::testing {

/// How a process ended.
struct ProcessEnd {
  int exit_code = -1;  ///< -1 when a signal ended it.
  int signal = 0;
};

/// Killed when destroyed. Every wait has a deadline and throws std::runtime_error beyond it.
class ServerProcess {
 public:
  /// Runs `binary` with `arguments` and POSTBACKD_ADMIN_KEY=k1; `before_exec` is called in the child and may only make
  /// system calls. What the process writes to stdout and stderr is collected.
  ServerProcess(const std::string& binary, const std::vector<std::string>& arguments,
                const std::function<void()>& before_exec = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  /// `serve --listen 127.0.0.1:0 --store sqlite://FILE`.
  static std::vector<std::string> serve(const std::string& store_file);

  pid_t pid() const { return pid_; }
  /// Waits until it says where it listens; the port.
  std::uint16_t wait_until_listening();
  /// Waits until it wrote this text.
  void wait_for_output(const std::string& text);
  void signal(int number) const;
  ProcessEnd wait_for_end();
  /// Everything it wrote so far.
  const std::string& output() const { return output_; }

 private:
  bool read_output();

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace postback::testing
