// OutgoingClient: from a request to its addresses, to libcurl, to its outcome.
#include "postback/net/outgoing_client.hpp"

#include "net/outgoing_events.hpp"
#include "net/outgoing_pins.hpp"
#include "net/outgoing_transfer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstdint>
#include <mutex>
#include <new>
#include <span>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postback::net {

namespace asio = boost::asio;
using End = http::OutgoingOutcome::End;

namespace {

struct CleanMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Transfer = std::unique_ptr<OutgoingTransfer>;

/// Waits for the addresses of its name.
struct LookUp {
  Transfer transfer;
  std::unique_ptr<asio::steady_timer> limit;
};

/// Through which the resolver's thread reaches the client's, while there is one.
struct Mailbox {
  std::mutex mutex;
  asio::io_context* context = nullptr;
};

}  // namespace

struct OutgoingClient::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& context, OutgoingSettings settings, Resolver& resolver, const AddressGuard& guard);
  void start();
  void send(http::OutgoingRequest request, Completion done);
  void stop();

 private:
  Transfer idle_transfer();
  void look_up(Transfer transfer);
  void on_answer(std::uint64_t number, const Resolver::Answer& answer);
  void on_look_up_overdue(std::uint64_t number);
  void connect(Transfer transfer, std::span<const Address> addresses);
  void collect_ended();
  void finish(OutgoingTransfer& active, CURLcode code);
  bool may_read(CURL* handle, curl_socket_t socket);
  void end_later(Transfer transfer, End end, std::string error);
  void flush_ended();
  void put_back(Transfer transfer);

  asio::io_context& context_;
  const OutgoingSettings settings_;
  Resolver& resolver_;
  const AddressGuard& guard_;
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  std::shared_ptr<OutgoingEvents> events_;
  std::unique_ptr<CURLM, CleanMulti> multi_;
  OutgoingPins pins_;
  std::unordered_map<std::uint64_t, LookUp> look_ups_;
  std::uint64_t next_look_up_ = 1;
  std::vector<Transfer> active_;  ///< With libcurl.
  std::vector<Transfer> idle_;
  std::vector<std::pair<Completion, http::OutgoingOutcome>> ended_;  ///< To be told soon.
  bool stopped_ = false;
};

OutgoingClient::Impl::Impl(asio::io_context& context, OutgoingSettings settings, Resolver& resolver,
                           const AddressGuard& guard)
    : context_(context), settings_(std::move(settings)), resolver_(resolver), guard_(guard) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(settings_.pooled_connections));
  // MAXCONNECTS is looked at when a connection comes back, this one before another is made.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(settings_.pooled_connections));
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  mailbox_->context = &context;
}

void OutgoingClient::Impl::start() {
  OutgoingEvents::Calls calls;
  calls.may_read = [this](CURL* handle, curl_socket_t socket) { return may_read(handle, socket); };
  calls.progressed = [this] { collect_ended(); };
  events_ = OutgoingEvents::create(context_, multi_.get(), std::move(calls));
}

Transfer OutgoingClient::Impl::idle_transfer() {
  if (idle_.empty()) return std::make_unique<OutgoingTransfer>(settings_, guard_, *events_);
  auto transfer = std::move(idle_.back());
  idle_.pop_back();
  return transfer;
}

void OutgoingClient::Impl::put_back(Transfer transfer) {
  if (idle_.size() < settings_.pooled_connections && !stopped_) idle_.push_back(std::move(transfer));
}

void OutgoingClient::Impl::send(http::OutgoingRequest request, Completion done) {
  auto transfer = idle_transfer();
  const auto begun = transfer->begin(std::move(request), std::move(done));
  if (stopped_) return end_later(std::move(transfer), End::cancelled, "the server is stopping");
  if (!begun) return end_later(std::move(transfer), End::invalid_request, begun.error().detail);
  if (!transfer->target().literal) return look_up(std::move(transfer));
  const std::array addresses{*transfer->target().literal};
  connect(std::move(transfer), addresses);
}

void OutgoingClient::Impl::look_up(Transfer transfer) {
  const auto number = next_look_up_++;
  const auto name = transfer->target().host;
  look_ups_.emplace(number, LookUp{std::move(transfer), nullptr});
  resolver_.resolve(name, [mailbox = mailbox_, weak = weak_from_this(), number,
                           own = std::this_thread::get_id()](const Resolver::Answer& answer) {
    if (std::this_thread::get_id() == own) {
      if (const auto self = weak.lock()) self->on_answer(number, answer);
      return;
    }
    const std::lock_guard lock(mailbox->mutex);
    if (mailbox->context == nullptr) return;
    asio::post(*mailbox->context, [weak, number, answer] {
      if (const auto self = weak.lock()) self->on_answer(number, answer);
    });
  });
  const auto waiting = look_ups_.find(number);
  if (waiting == look_ups_.end()) return;  // answered at once
  auto& limit = waiting->second.limit;
  limit = std::make_unique<asio::steady_timer>(context_, waiting->second.transfer->time_left());
  limit->async_wait([weak = weak_from_this(), number](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) self->on_look_up_overdue(number);
  });
}

void OutgoingClient::Impl::on_answer(std::uint64_t number, const Resolver::Answer& answer) {
  auto found = look_ups_.extract(number);
  if (found.empty()) return;  // it was too late, or the client was stopped
  auto transfer = std::move(found.mapped().transfer);
  if (answer) return connect(std::move(transfer), *answer);
  auto why = transfer->target().host + " was not resolved: " + answer.error().detail;
  end_later(std::move(transfer), End::name_not_resolved, std::move(why));
}

void OutgoingClient::Impl::on_look_up_overdue(std::uint64_t number) {
  auto found = look_ups_.extract(number);
  if (found.empty()) return;
  auto why = found.mapped().transfer->target().host + " was not resolved in time";
  end_later(std::move(found.mapped().transfer), End::timeout, std::move(why));
}

void OutgoingClient::Impl::connect(Transfer transfer, std::span<const Address> addresses) {
  const auto& target = transfer->target();
  auto refused = target.literal ? guard_.refusal(*target.literal, target.port)
                                : guard_.refusal(target.host, addresses, target.port);
  if (refused) return end_later(std::move(transfer), End::blocked_address, std::move(*refused));
  transfer->pin(addresses, pins_.note(transfer->pin_name()));
  const auto added = curl_multi_add_handle(multi_.get(), transfer->handle());
  if (added != CURLM_OK) return end_later(std::move(transfer), End::connect_failed, curl_multi_strerror(added));
  transfer->place = active_.size();
  active_.push_back(std::move(transfer));
}

void OutgoingClient::Impl::collect_ended() {
  int left = 0;
  while (const auto* const message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    finish(OutgoingTransfer::of(message->easy_handle), message->data.result);
    if (stopped_) return;
  }
}

void OutgoingClient::Impl::finish(OutgoingTransfer& ended, CURLcode code) {
  const auto place = ended.place;
  std::swap(active_[place], active_.back());
  active_[place]->place = place;
  auto transfer = std::move(active_.back());
  active_.pop_back();
  auto outcome = transfer->outcome(code);
  curl_multi_remove_handle(multi_.get(), transfer->handle());
  const auto done = transfer->end();
  put_back(std::move(transfer));
  done(std::move(outcome));
}

bool OutgoingClient::Impl::may_read(CURL* handle, curl_socket_t socket) {
  auto& transfer = OutgoingTransfer::of(handle);
  if (transfer.may_read(socket)) return true;
  transfer.stop_reading();
  finish(transfer, CURLE_WRITE_ERROR);
  return false;
}

void OutgoingClient::Impl::end_later(Transfer transfer, End end, std::string error) {
  auto outcome = transfer->outcome(end, std::move(error));
  ended_.emplace_back(transfer->end(), std::move(outcome));
  put_back(std::move(transfer));
  if (ended_.size() > 1) return;
  asio::post(context_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->flush_ended();
  });
}

void OutgoingClient::Impl::flush_ended() {
  for (auto& [done, outcome] : std::exchange(ended_, {})) done(std::move(outcome));
}

void OutgoingClient::Impl::stop() {
  if (std::exchange(stopped_, true)) return flush_ended();
  {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->context = nullptr;
  }
  std::vector<Transfer> cut;
  for (auto& [number, waiting] : std::exchange(look_ups_, {})) cut.push_back(std::move(waiting.transfer));
  for (auto& transfer : std::exchange(active_, {})) {
    curl_multi_remove_handle(multi_.get(), transfer->handle());
    cut.push_back(std::move(transfer));
  }
  idle_.clear();
  flush_ended();
  for (auto& transfer : cut) {
    auto outcome = transfer->outcome(End::cancelled, "the server is stopping");
    const auto done = transfer->end();
    done(std::move(outcome));
  }
  cut.clear();
  multi_.reset();  // closes the connections that were kept
  events_->stop();
}

OutgoingClient::OutgoingClient(asio::io_context& context, OutgoingSettings settings, Resolver& resolver,
                               const AddressGuard& guard)
    : impl_(std::make_shared<Impl>(context, std::move(settings), resolver, guard)) {
  impl_->start();
}

OutgoingClient::~OutgoingClient() { impl_->stop(); }

void OutgoingClient::send(http::OutgoingRequest request, Completion done) {
  impl_->send(std::move(request), std::move(done));
}

void OutgoingClient::stop() { impl_->stop(); }

}  // namespace postback::net
