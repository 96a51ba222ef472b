// Follows libcurl's wishes and tells it what became ready.
#include "net/outgoing_events.hpp"

#include <sys/epoll.h>
#include <unistd.h>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace postback::net {

using boost::system::error_code;

namespace {

constexpr std::size_t kEventsAtOnce = 128;

std::uint32_t epoll_events(int what) {
  switch (what) {
    case CURL_POLL_IN: return EPOLLIN;
    case CURL_POLL_OUT: return EPOLLOUT;
    case CURL_POLL_INOUT: return EPOLLIN | EPOLLOUT;
    default: return 0;
  }
}

int curl_events(std::uint32_t events) {
  int mask = 0;
  if ((events & EPOLLIN) != 0) mask |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) mask |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) mask |= CURL_CSELECT_ERR;
  return mask;
}

}  // namespace

OutgoingEvents::OutgoingEvents(boost::asio::io_context& context, CURLM* multi, Calls calls, int epoll)
    : context_(context), multi_(multi), calls_(std::move(calls)), epoll_(context, epoll), timer_(context) {}

std::shared_ptr<OutgoingEvents> OutgoingEvents::create(boost::asio::io_context& context, CURLM* multi, Calls calls) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) throw std::system_error(errno, std::system_category(), "epoll for outgoing requests");
  std::shared_ptr<OutgoingEvents> events(new OutgoingEvents(context, multi, std::move(calls), epoll));
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &on_interest);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, events.get());
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, events.get());
  events->wait_for_sockets();
  return events;
}

void OutgoingEvents::stop() {
  stopped_ = true;
  timer_.cancel();
  error_code ignored;  // of a descriptor that is gone either way
  epoll_.close(ignored);
}

int OutgoingEvents::close(curl_socket_t socket) {
  const auto place = static_cast<std::size_t>(socket);
  if (place < watches_.size() && watches_[place].registered != 0) registered(socket, watches_[place], 0);
  return ::close(socket);
}

int OutgoingEvents::on_interest(CURL* transfer, curl_socket_t socket, int what, void* self, void*) {
  static_cast<OutgoingEvents*>(self)->watch(socket, what == CURL_POLL_REMOVE ? nullptr : transfer, epoll_events(what));
  return 0;
}

void OutgoingEvents::watch(curl_socket_t socket, CURL* transfer, std::uint32_t wanted) {
  const auto place = static_cast<std::size_t>(socket);
  if (place >= watches_.size()) watches_.resize(place + 1);
  auto& watch = watches_[place];
  watch.transfer = transfer;
  watch.wanted = wanted;
  // What may be read can stay registered until something unwanted comes; that one can write would be told again and
  // again.
  const auto needed = wanted | (watch.registered & EPOLLIN);
  if (needed != watch.registered) registered(socket, watch, needed);
}

void OutgoingEvents::registered(curl_socket_t socket, Watch& watch, std::uint32_t events) {
  if (stopped_) return;
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  const int operation = events == 0 ? EPOLL_CTL_DEL : watch.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  // Without memory in the kernel the socket is not watched; its transfer then ends by its time limit.
  watch.registered = ::epoll_ctl(epoll_.native_handle(), operation, socket, &event) == 0 ? events : 0;
}

void OutgoingEvents::wait_for_sockets() {
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [weak = weak_from_this()](const error_code& error) {
                      const auto self = weak.lock();
                      if (error || !self || self->stopped_) return;
                      self->handle_ready();
                      if (!self->stopped_) self->wait_for_sockets();
                    });
}

void OutgoingEvents::handle_ready() {
  std::array<epoll_event, kEventsAtOnce> ready{};
  const int count = ::epoll_wait(epoll_.native_handle(), ready.data(), static_cast<int>(ready.size()), 0);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
    handle(ready[i].data.fd, ready[i].events);
  }
  calls_.progressed();
}

void OutgoingEvents::handle(curl_socket_t socket, std::uint32_t events) {
  auto& watch = watches_[static_cast<std::size_t>(socket)];
  const auto unwanted = watch.registered & ~watch.wanted;
  if ((events & (unwanted | EPOLLERR | EPOLLHUP)) != 0 && unwanted != 0) registered(socket, watch, watch.wanted);
  if (watch.wanted == 0) return;
  const bool reads = (events & EPOLLIN) != 0 && (watch.wanted & EPOLLIN) != 0;
  if (reads && watch.transfer != nullptr && !calls_.may_read(watch.transfer, socket)) return;
  int running = 0;
  curl_multi_socket_action(multi_, socket, curl_events(events & (watch.wanted | EPOLLERR | EPOLLHUP)), &running);
}

int OutgoingEvents::on_timer(CURLM*, long after_ms, void* self) {
  auto& events = *static_cast<OutgoingEvents*>(self);
  if (events.stopped_) return 0;
  if (after_ms < 0) {
    events.due_.reset();
  } else {
    events.due_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(after_ms);
    if (after_ms == 0) {
      events.take_turn_soon();
    } else {
      events.arm_timer();
    }
  }
  return 0;
}

/// Not within libcurl's call, and once for everything that is added meanwhile.
void OutgoingEvents::take_turn_soon() {
  if (std::exchange(turn_posted_, true)) return;
  boost::asio::post(context_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->stopped_) return;
    self->turn_posted_ = false;
    self->time_out();
  });
}

/// A timer that ends too early is left as it is: it looks then how long is left. So moving deadlines cost nothing.
void OutgoingEvents::arm_timer() {
  if (armed_ && *armed_ <= *due_) return;
  armed_ = due_;
  timer_.expires_at(*due_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->stopped_) return;
    self->armed_.reset();
    self->time_out();
  });
}

void OutgoingEvents::time_out() {
  if (!due_) return;
  if (std::chrono::steady_clock::now() < *due_) return arm_timer();
  due_.reset();
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  calls_.progressed();
}

}  // namespace postback::net
