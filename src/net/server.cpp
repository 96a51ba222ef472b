// Binding, starting, draining and stopping the io threads.
#include "postback/net/server.hpp"

#include "net/connection.hpp"
#include "net/io_thread.hpp"
#include "postback/base/check.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace postback::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Connections that the process's descriptors allow, keeping some for the store and outgoing connections.
std::size_t allowed_connections(std::size_t wanted, std::size_t further) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  // As many as the administrator lets us have.
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted + further);
    if (raised.rlim_cur > limit.rlim_cur && ::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
  // The store and the threads have some 40 open from the start; what else is needed beside connections gets half.
  const auto least = std::min(Server::kDescriptorsKept, descriptors / 4 * 3);
  const auto kept = std::min(further, std::max(least, descriptors / 2));
  return std::max<std::size_t>(1, std::min(wanted, descriptors - kept));
}

Result<Tcp::endpoint> parse_address(const std::string& text) {
  const auto fail = [&](std::string_view why) {
    return Error{ErrorCode::invalid_argument, "listen address \"" + text + "\": " + std::string(why) +
                                                  "; expected ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080"};
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return fail("the port is missing");
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || address.is_v6() != bracketed) return fail("not an IP address");
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (parsed.ec != std::errc{} || parsed.ptr != end || port > 65535) return fail("the port must be 0 to 65535");
  return Tcp::endpoint(address, static_cast<std::uint16_t>(port));
}

std::string text_of(const Tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

Result<Acceptor> listen(Executor executor, const Tcp::endpoint& endpoint) {
  Acceptor acceptor(executor);
  error_code error;
  const auto failed = [&] { return Error{ErrorCode::io_failed, "bind " + text_of(endpoint) + ": " + error.message()}; };
  if (acceptor.open(endpoint.protocol(), error); error) return failed();
  acceptor.set_option(Acceptor::reuse_address(true), error);
  acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true), error);
  if (error) return failed();
  if (endpoint.protocol() == Tcp::v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  acceptor.set_option(Tcp::no_delay(true), error);  // inherited by accepted sockets
  if (acceptor.bind(endpoint, error); error) return failed();
  if (acceptor.listen(4096, error); error) return failed();
  return acceptor;
}

/// Whether anyone listens there already: SO_REUSEPORT alone would let a second server share the port unseen.
Result<void> check_free(Executor executor, const Tcp::endpoint& endpoint) {
  if (endpoint.port() == 0) return {};
  Acceptor acceptor(executor);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && endpoint.protocol() == Tcp::v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1, error);
  if (error) return Error{ErrorCode::io_failed, "bind " + text_of(endpoint) + ": " + error.message()};
  return {};
}

}  // namespace

Result<void> check_listen_address(const std::string& address) {
  if (auto endpoint = parse_address(address); !endpoint) return endpoint.error();
  return {};
}

struct Server::Impl {
  std::vector<std::string> addresses;
  ServerLimits limits;
  std::vector<AddressRange> trusted_proxies;
  ServerFigures figures;
  std::mutex drain_mutex;
  std::condition_variable drained;
  std::vector<std::unique_ptr<IoThread>> threads;  // after what they report to
  std::vector<std::string> bound;
};

Server::Server(std::vector<std::string> addresses, unsigned threads, ServerLimits limits, const Clock& clock,
               std::size_t descriptors_kept)
    : impl_(std::make_unique<Impl>()) {
  impl_->addresses = std::move(addresses);
  impl_->limits = limits;
  const auto connections = allowed_connections(limits.connections, descriptors_kept);
  for (unsigned i = 0; i < threads; ++i)
    impl_->threads.push_back(std::make_unique<IoThread>(impl_->limits, impl_->trusted_proxies, clock, impl_->figures,
                                                        std::max<std::size_t>(1, connections / threads)));
}

Server::~Server() = default;

void Server::trust(std::vector<AddressRange> proxies) { impl_->trusted_proxies = std::move(proxies); }

Result<void> Server::bind() {
  for (const auto& text : impl_->addresses) {
    auto endpoint = parse_address(text);
    if (!endpoint) return endpoint.error();
    if (auto free = check_free(impl_->threads.front()->executor(), *endpoint); !free) return free.error();
    for (auto& thread : impl_->threads) {
      auto acceptor = listen(thread->executor(), *endpoint);
      if (!acceptor) return acceptor.error();
      endpoint->port(acceptor->local_endpoint().port());  // port 0: all threads share the one that was given
      thread->add_acceptor(std::move(*acceptor));
    }
    impl_->bound.push_back(text_of(*endpoint));
  }
  return {};
}

std::vector<std::string> Server::addresses() const { return impl_->bound; }

void Server::start(const RouterFactory& routers) {
  // All are ready before the first runs: it may be asked for the figures of all.
  for (auto& thread : impl_->threads) thread->prepare(routers(*thread));
  for (auto& thread : impl_->threads) thread->start();
}

void Server::drain(std::chrono::milliseconds patience) {
  const auto on_closed = [this] {
    const std::lock_guard lock(impl_->drain_mutex);
    impl_->drained.notify_one();
  };
  for (auto& thread : impl_->threads) thread->begin_drain(on_closed);
  std::unique_lock lock(impl_->drain_mutex);
  impl_->drained.wait_for(lock, patience, [this] { return impl_->figures.connections_open.load() == 0; });
  // From here on no thread takes a request any more, so that what stands behind the handlers can be stopped.
  std::size_t waiting = impl_->threads.size();
  const auto on_cut = [this, &waiting] {
    const std::lock_guard guard(impl_->drain_mutex);
    --waiting;
    impl_->drained.notify_one();
  };
  lock.unlock();
  for (auto& thread : impl_->threads) thread->cut_off(on_cut);
  lock.lock();
  impl_->drained.wait(lock, [&waiting] { return waiting == 0; });
}

void Server::stop() {
  for (auto& thread : impl_->threads) thread->stop();
}

const ServerFigures& Server::figures() const { return impl_->figures; }

void Server::add_requests(std::vector<RouteReading>& readings) const {
  for (const auto& thread : impl_->threads) thread->requests().add_to(readings);
}

}  // namespace postback::net
