// ScriptedPeer: a server on loopback that treats each connection as a script says, with or without TLS.
#pragma once

#include "support/test_certificates.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace postback::testing {

/// A connection of a client, for one thread. Everything ends at once when the peer is destroyed.
class PeerConnection {
 public:
  /// The next request, head and body (by its Content-Length); nothing when the client has gone.
  std::optional<std::string> read_request();
  /// False: the client has gone.
  bool send(std::string_view bytes);
  /// Returns when something came, or the client has gone.
  void wait_for_bytes() { fill(); }
  /// Returns when the client has gone.
  void wait_for_end();
  /// Lets that much time pass, to send slowly.
  void pause(std::chrono::milliseconds time);
  /// Ends the connection with a RST.
  void reset();

 private:
  friend class ScriptedPeer;
  struct Tls;
  struct FreeTls {
    void operator()(Tls* tls) const;
  };
  PeerConnection(int socket, int stop, std::atomic<std::uint64_t>& sent) : socket_(socket), stop_(stop), sent_(sent) {}
  ~PeerConnection();
  bool accept_tls(const TestIdentity& identity);
  bool wait(short events, int timeout_ms = -1);
  bool fill();

  int socket_;
  int stop_;
  std::atomic<std::uint64_t>& sent_;
  std::unique_ptr<Tls, FreeTls> tls_;
  std::string received_;
  std::function<void(const std::string&)> requests_;  ///< Called with each.
};

class ScriptedPeer {
 public:
  using Script = std::function<void(PeerConnection&)>;
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: a free one.
    std::optional<TestIdentity> tls{};
  };
  explicit ScriptedPeer(Script script) : ScriptedPeer(std::move(script), Options()) {}
  ScriptedPeer(Script script, Options options);
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  /// Answers every request with this, and keeps the connection.
  static Script answering(std::string answer);

  std::uint16_t port() const { return port_; }
  /// `http://127.0.0.1:PORT`, or https.
  std::string url() const;
  std::size_t connections() const { return connections_; }
  std::uint64_t sent() const { return sent_; }  ///< Bytes that the system took over.
  std::vector<std::string> requests() const;

 private:
  void accept_all();
  void serve(int socket);

  const Script script_;
  const Options options_;
  int listener_ = -1;
  int stop_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::uint64_t> sent_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::list<std::thread> serving_;  ///< The accepting thread's.
  std::thread accepting_;
};

/// `HTTP/1.1 200 OK` with further header lines (each with its line end), a length and a body.
std::string answer_text(std::string_view status, std::string_view header_lines = {}, std::string_view body = {});

}  // namespace postback::testing
