// AresChannel: name look-ups over c-ares, driven by poll on one thread.
#pragma once

#include "postback/net/resolver.hpp"

#include <ares.h>
#include <poll.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace postback::net {

/// For one thread. Destroying it ends every look-up with io_failed.
class AresChannel {
 public:
  /// As make_resolver.
  static Result<std::unique_ptr<AresChannel>> open(const ResolverSettings& settings);
  ~AresChannel();
  AresChannel(const AresChannel&) = delete;
  AresChannel& operator=(const AresChannel&) = delete;

  /// `done` is called once, maybe before this returns. c-ares itself gives up later than a caller would want to wait.
  void look_up(const std::string& name, Resolver::Completion done);
  std::size_t under_way() const { return under_way_; }
  /// Waits for sockets, for `wake`, or `longest`, and handles what came. True: `wake` is readable.
  bool wait(int wake, std::chrono::milliseconds longest);

 private:
  AresChannel() = default;
  static void on_socket(void* self, ares_socket_t socket, int readable, int writable);
  static void on_answer(void* look_up, int status, int timeouts, ares_addrinfo* found);

  ares_channel channel_ = nullptr;
  std::vector<pollfd> sockets_;  ///< What c-ares waits for.
  std::size_t under_way_ = 0;
};

}  // namespace postback::net
