// NameServer: answers DNS queries over UDP on loopback as a test says.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace postback::testing {

/// Knows the names it was told, answers that others do not exist, and keeps silent about some.
class NameServer {
 public:
  NameServer();
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  /// `127.0.0.1:PORT`.
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Plain IPv4 and IPv6 addresses; none: the name exists without any.
  void set(const std::string& name, std::vector<std::string> addresses);
  void be_silent_about(const std::string& name);
  /// Queries for a name, both kinds of address together.
  int queries(const std::string& name) const;

 private:
  struct Name {
    std::vector<std::string> addresses;
    bool silent = false;
  };
  void run();
  std::string answer(const std::string& query);

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::map<std::string, Name> names_;
  std::map<std::string, int> queries_;
  std::thread thread_;
};

}  // namespace postback::testing
