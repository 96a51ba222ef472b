// DeliveryReceiver: the other side of outgoing postbacks: a server on loopback that remembers what it was told.
#pragma once

#include "support/scripted_peer.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback::testing {

/// A request as it arrived.
struct ReceivedRequest {
  std::string line;  ///< `POST /in?x=1 HTTP/1.1`
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first header of this name (any case); empty if there is none.
  std::string header(std::string_view name) const {
    const auto same = [name](const auto& each) { return std::ranges::equal(each.first, name, {}, lower, lower); };
    const auto found = std::ranges::find_if(headers, same);
    return found == headers.end() ? std::string() : found->second;
  }

  static ReceivedRequest parse(std::string_view text) {
    ReceivedRequest request;
    const auto head_end = text.find("\r\n\r\n");
    request.body = text.substr(std::min(text.size(), head_end + 4));
    text = text.substr(0, head_end);
    for (bool first = true; !text.empty(); first = false) {
      const auto end = std::min(text.find("\r\n"), text.size());
      const auto line = text.substr(0, end);
      const auto colon = line.find(": ");
      if (first) request.line = line;
      if (!first && colon != std::string_view::npos)
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
      text.remove_prefix(std::min(text.size(), end + 2));
    }
    return request;
  }

 private:
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
};

/// Answers each request by a function of it, on the connection's thread; what it returns is the whole answer, and
/// nothing means that it never answers.
class DeliveryReceiver {
 public:
  using Answer = std::function<std::optional<std::string>(const ReceivedRequest&)>;

  explicit DeliveryReceiver(std::uint16_t port = 0)
      : peer_([this](PeerConnection& connection) { serve(connection); }, options(port)) {}

  std::string url(std::string_view path = "/in") const { return peer_.url() + std::string(path); }
  std::uint16_t port() const { return peer_.port(); }
  /// From now on; at first everything is answered 204.
  void answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  void answer(std::string status) {
    this->answer([text = answer_text(status)](const auto&) { return text; });
  }
  /// Waits until that many requests were received; all of them.
  std::vector<ReceivedRequest> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds{30}, [&] { return requests_.size() >= count; }))
      throw std::runtime_error("waited for " + std::to_string(count) + " requests, got " +
                               std::to_string(requests_.size()));
    return requests_;
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }
  std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  static ScriptedPeer::Options options(std::uint16_t port) {
    ScriptedPeer::Options chosen;
    chosen.port = port;
    return chosen;
  }
  void serve(PeerConnection& connection) {
    while (const auto text = connection.read_request()) {
      auto request = ReceivedRequest::parse(*text);
      Answer answer;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        answer = answer_;
      }
      arrived_.notify_all();
      const auto bytes = answer ? answer(request) : answer_text("204 No Content");
      if (!bytes) return connection.wait_for_end();
      if (!connection.send(*bytes)) return;
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  Answer answer_;
  std::vector<ReceivedRequest> requests_;
  ScriptedPeer peer_;  ///< Last: its threads end first.
};

}  // namespace postback::testing
