// Measures what an outgoing request costs: outgoing_requests [requests] [hosts] [at once] [name|address].
#include "postback/net/outgoing_client.hpp"
#include "support/outgoing_world.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace postback::testing {
namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

/// Answers 200 to everything on some ports, from one thread.
class Answerer {
 public:
  explicit Answerer(int ports) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < ports; ++i) listen_on_a_port();
    thread_ = std::thread([this] { run(); });
  }
  ~Answerer() {
    stopping_ = true;
    thread_.join();
  }
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;
  const std::vector<std::uint16_t>& ports() const { return ports_; }

 private:
  void watch(int socket) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }
  void listen_on_a_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket, place, size) != 0 || ::listen(socket, 512) != 0 || ::getsockname(socket, place, &size) != 0)
      throw std::runtime_error("no port");
    ports_.push_back(ntohs(address.sin_port));
    listeners_.push_back(socket);
    watch(socket);
  }
  void handle(int socket) const {
    for (const int listener : listeners_)
      if (listener == socket) return watch(::accept4(socket, nullptr, nullptr, SOCK_NONBLOCK));
    std::array<char, 4096> bytes{};
    const auto got = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
      ::close(socket);
    } else if (std::string_view(bytes.data(), static_cast<std::size_t>(got)).ends_with("\r\n\r\n")) {
      ::send(socket, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
    }
  }
  void run() {
    std::array<epoll_event, 64> events{};
    while (!stopping_) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.fd);
    }
  }

  int epoll_;
  std::vector<int> listeners_;
  std::vector<std::uint16_t> ports_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

double seconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Keeps a number of requests under way until all were sent.
class Run {
 public:
  Run(OutgoingWorld& world, const std::vector<std::string>& urls, int requests)
      : world_(world), urls_(urls), unsent_(requests), unended_(requests) {}
  /// Requests that were not answered 200.
  int go(int at_once) {
    for (int i = 0; i < at_once && unsent_ > 0; ++i) send();
    while (unended_ > 0) world_.context.run_one();
    return failed_;
  }

 private:
  void send() {
    --unsent_;
    http::OutgoingRequest request;
    request.url = urls_[static_cast<std::size_t>(unsent_) % urls_.size()];
    request.headers = {{"Idempotency-Key", "dlv_1234567890123456789"}};
    world_.client.send(std::move(request), [this](const http::OutgoingOutcome& outcome) {
      failed_ += outcome.status == 200 ? 0 : 1;
      --unended_;
      if (unsent_ > 0) send();
    });
  }
  OutgoingWorld& world_;
  const std::vector<std::string>& urls_;
  int unsent_;
  int unended_;
  int failed_ = 0;
};

int measure(int requests, int hosts, int at_once, bool by_name) {
  const Answerer answerer(hosts);
  OutgoingWorld world;
  world.resolver.answers["crm.example"] = {{"127.0.0.1"}};
  std::vector<std::string> urls;
  for (const auto port : answerer.ports())
    urls.push_back("http://" + std::string(by_name ? "crm.example" : "127.0.0.1") + ":" + std::to_string(port) +
                   "/postback?cid=0123456789abcdef0123456789abcdef&payout=12.50&txid=order-1234567");
  Run(world, urls, 4 * at_once).go(at_once);  // opens the connections
  const double began = seconds(CLOCK_MONOTONIC);
  const double used = seconds(CLOCK_THREAD_CPUTIME_ID);
  const int failed = Run(world, urls, requests).go(at_once);
  const double wall = seconds(CLOCK_MONOTONIC) - began;
  const double processor = seconds(CLOCK_THREAD_CPUTIME_ID) - used;
  std::printf("requests=%d hosts=%d at_once=%d by=%s failed=%d per_second=%.0f processor_us_per_request=%.1f\n",
              requests, hosts, at_once, by_name ? "name" : "address", failed, requests / wall,
              processor / requests * 1e6);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace postback::testing

int main(int count, char** words) {
  const auto number = [&](int place, int otherwise) { return count > place ? std::atoi(words[place]) : otherwise; };
  const bool by_name = count <= 4 || std::string_view(words[4]) != "address";
  return postback::testing::measure(number(1, 50'000), number(2, 8), number(3, 64), by_name);
}
