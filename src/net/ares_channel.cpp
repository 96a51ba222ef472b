// Opens a channel, turns its answers into addresses, and waits for its sockets.
#include "net/ares_channel.hpp"

#include "net/socket_address.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace postback::net {
namespace {

struct LookUp {
  LookUp(std::size_t& count, Resolver::Completion then) : under_way(count), done(std::move(then)) {}
  std::size_t& under_way;
  Resolver::Completion done;
};

struct FreeAddresses {
  void operator()(ares_addrinfo* found) const { ares_freeaddrinfo(found); }
};

Error failure(int status) {
  const std::string why = ares_strerror(status);
  switch (status) {
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
    case ARES_EBADNAME: return {ErrorCode::not_found, "no address is known for this name"};
    case ARES_ETIMEOUT: return {ErrorCode::deadline_exceeded, "no name server answered in time"};
    case ARES_ECONNREFUSED: return {ErrorCode::io_failed, "no name server could be reached"};
    default: return {ErrorCode::io_failed, "the look-up failed: " + why};
  }
}

Resolver::Answer addresses_of(const ares_addrinfo& found) {
  std::vector<Address> addresses;
  for (const auto* node = found.nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_addr == nullptr) continue;
    const auto endpoint = endpoint_of(*node->ai_addr);
    if (endpoint && std::ranges::find(addresses, endpoint->address) == addresses.end())
      addresses.push_back(endpoint->address);
  }
  if (addresses.empty()) return failure(ARES_ENODATA);
  return addresses;
}

}  // namespace

Result<std::unique_ptr<AresChannel>> AresChannel::open(const ResolverSettings& settings) {
  std::unique_ptr<AresChannel> opened(new AresChannel);
  ares_options options{};
  options.timeout = static_cast<int>(std::max<std::int64_t>(settings.limit.count() / 3, 1));  // doubled on each try
  options.tries = 2;
  char files_then_dns[] = "fb";
  options.lookups = files_then_dns;
  options.sock_state_cb = &on_socket;
  options.sock_state_cb_data = opened.get();
  int status = ares_init_options(&opened->channel_, &options,
                                 ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
  if (status == ARES_SUCCESS && !settings.servers.empty())
    status = ares_set_servers_ports_csv(opened->channel_, settings.servers.c_str());
  if (status != ARES_SUCCESS)
    return Error{ErrorCode::io_failed, std::string("name look-ups: ") + ares_strerror(status)};
  return opened;
}

AresChannel::~AresChannel() {
  if (channel_ != nullptr) ares_destroy(channel_);
}

void AresChannel::on_socket(void* self, ares_socket_t socket, int readable, int writable) {
  auto& sockets = static_cast<AresChannel*>(self)->sockets_;
  const auto events = static_cast<short>((readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0));
  std::erase_if(sockets, [&](const pollfd& each) { return each.fd == socket; });
  if (events != 0) sockets.push_back({socket, events, 0});
}

void AresChannel::on_answer(void* look_up, int status, int, ares_addrinfo* found) {
  const std::unique_ptr<LookUp> ended(static_cast<LookUp*>(look_up));
  const std::unique_ptr<ares_addrinfo, FreeAddresses> freed(found);
  --ended->under_way;
  ended->done(status == ARES_SUCCESS && found != nullptr ? addresses_of(*found) : Resolver::Answer(failure(status)));
}

void AresChannel::look_up(const std::string& name, Resolver::Completion done) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  ++under_way_;
  auto started = std::make_unique<LookUp>(under_way_, std::move(done));
  ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, &on_answer, started.release());
}

bool AresChannel::wait(int wake, std::chrono::milliseconds longest) {
  timeval most{longest.count() / 1000, (longest.count() % 1000) * 1000};
  timeval until{};
  const timeval* const soonest = ares_timeout(channel_, &most, &until);
  auto polled = sockets_;
  polled.push_back({wake, POLLIN, 0});
  // Rounded up: a time-out that is not over yet would be waited for in turns of no time.
  const auto patience = soonest->tv_sec * 1000 + (soonest->tv_usec + 999) / 1000;
  ::poll(polled.data(), polled.size(), static_cast<int>(patience));
  const bool woken = polled.back().revents != 0;
  polled.pop_back();
  for (const auto& each : polled) {
    const bool broken = (each.revents & (POLLERR | POLLHUP)) != 0;
    const bool readable = broken || (each.revents & POLLIN) != 0;
    const bool writable = (each.revents & POLLOUT) != 0;
    if (readable || writable)
      ares_process_fd(channel_, readable ? each.fd : ARES_SOCKET_BAD, writable ? each.fd : ARES_SOCKET_BAD);
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // time-outs
  return woken;
}

}  // namespace postback::net
