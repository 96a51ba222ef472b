// A thread that accepts, a thread for each connection, and sockets that give way when the peer is to end.
#include "support/scripted_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace postback::testing {

struct PeerConnection::Tls {
  SSL_CTX* context = nullptr;
  SSL* session = nullptr;
  ~Tls() {
    SSL_free(session);
    SSL_CTX_free(context);
  }
};

void PeerConnection::FreeTls::operator()(Tls* tls) const { delete tls; }

namespace {

void use_identity(SSL_CTX* context, const TestIdentity& identity) {
  BIO* const certificate_pem = BIO_new_mem_buf(identity.certificate.data(), -1);
  BIO* const key_pem = BIO_new_mem_buf(identity.key.data(), -1);
  X509* const certificate = PEM_read_bio_X509(certificate_pem, nullptr, nullptr, nullptr);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_pem, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  EVP_PKEY_free(key);
  X509_free(certificate);
  BIO_free(key_pem);
  BIO_free(certificate_pem);
}

/// The length that a request's head declares; 0 without one.
std::size_t declared_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + kName.size(), 12)));
}

}  // namespace

PeerConnection::~PeerConnection() {
  tls_.reset();
  if (socket_ >= 0) ::close(socket_);
}

bool PeerConnection::wait(short events, int timeout_ms) {
  std::array<pollfd, 2> polled{{{socket_, events, 0}, {stop_, POLLIN, 0}}};
  const int ready = ::poll(polled.data(), polled.size(), timeout_ms);
  return ready > 0 && polled[1].revents == 0;
}

bool PeerConnection::accept_tls(const TestIdentity& identity) {
  tls_.reset(new Tls);
  tls_->context = SSL_CTX_new(TLS_server_method());
  if (identity.only_tls_1_0) {
    SSL_CTX_set_security_level(tls_->context, 0);
    SSL_CTX_set_min_proto_version(tls_->context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(tls_->context, TLS1_VERSION);
  }
  use_identity(tls_->context, identity);
  tls_->session = SSL_new(tls_->context);
  SSL_set_fd(tls_->session, socket_);
  for (;;) {
    const int result = SSL_accept(tls_->session);
    if (result == 1) return true;
    const int error = SSL_get_error(tls_->session, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return false;
    if (!wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return false;
  }
}

/// Reads what there is, waiting for it. False at the end.
bool PeerConnection::fill() {
  std::array<char, 16 * 1024> part{};
  for (;;) {
    ssize_t got = 0;
    bool blocked = false;
    if (tls_) {
      got = SSL_read(tls_->session, part.data(), static_cast<int>(part.size()));
      blocked = got <= 0 && SSL_get_error(tls_->session, static_cast<int>(got)) == SSL_ERROR_WANT_READ;
    } else {
      got = ::recv(socket_, part.data(), part.size(), 0);
      blocked = got < 0 && errno == EAGAIN;
    }
    if (got > 0) {
      received_.append(part.data(), static_cast<std::size_t>(got));
      return true;
    }
    if (!blocked || !wait(POLLIN)) return false;
  }
}

std::optional<std::string> PeerConnection::read_request() {
  for (;;) {
    const auto end = received_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto size = end + 4 + declared_length(std::string_view(received_).substr(0, end));
      if (received_.size() >= size) {
        auto request = received_.substr(0, size);
        received_.erase(0, size);
        requests_(request);
        return request;
      }
    }
    if (!fill()) return std::nullopt;
  }
}

bool PeerConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = 0;
    bool blocked = false;
    if (tls_) {
      sent = SSL_write(tls_->session, bytes.data(), static_cast<int>(bytes.size()));
      blocked = sent <= 0 && SSL_get_error(tls_->session, static_cast<int>(sent)) == SSL_ERROR_WANT_WRITE;
    } else {
      sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      blocked = sent < 0 && errno == EAGAIN;
    }
    if (sent > 0) {
      sent_ += static_cast<std::uint64_t>(sent);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (!blocked || !wait(POLLOUT)) {
      return false;
    }
  }
  return true;
}

void PeerConnection::wait_for_end() {
  while (fill()) {
  }
}

void PeerConnection::pause(std::chrono::milliseconds time) {
  pollfd stop{stop_, POLLIN, 0};
  ::poll(&stop, 1, static_cast<int>(time.count()));
}

void PeerConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  tls_.reset();
  ::close(std::exchange(socket_, -1));
}

ScriptedPeer::ScriptedPeer(Script script, Options options) : script_(std::move(script)), options_(std::move(options)) {
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  const bool v6 = options_.address.find(':') != std::string::npos;
  listener_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in6 address{};  // has room for the other
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  address.sin6_family = v6 ? AF_INET6 : AF_INET;
  address.sin6_port = htons(options_.port);  // at the same place
  void* const host = v6 ? static_cast<void*>(&address.sin6_addr) : static_cast<void*>(&v4.sin_addr);
  ::inet_pton(address.sin6_family, options_.address.c_str(), host);
  auto* const place = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = v6 ? sizeof address : sizeof v4;
  if (::bind(listener_, place, size) != 0 || ::listen(listener_, 512) != 0 ||
      ::getsockname(listener_, place, &size) != 0)
    throw std::runtime_error("no scripted peer on " + options_.address);
  port_ = ntohs(address.sin6_port);
  accepting_ = std::thread([this] { accept_all(); });
}

ScriptedPeer::~ScriptedPeer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);  // stays readable: everybody sees it
  accepting_.join();
  ::close(listener_);
  ::close(stop_);
}

void ScriptedPeer::accept_all() {
  for (;;) {
    std::array<pollfd, 2> polled{{{listener_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    ::poll(polled.data(), polled.size(), -1);
    if (polled[1].revents != 0) break;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) continue;
    ++connections_;
    serving_.emplace_back([this, socket] { serve(socket); });
  }
  for (auto& thread : serving_) thread.join();
}

void ScriptedPeer::serve(int socket) {
  sigset_t pipe;  // OpenSSL writes without MSG_NOSIGNAL
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  PeerConnection connection(socket, stop_, sent_);
  connection.requests_ = [this](const std::string& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  };
  if (!options_.tls || connection.accept_tls(*options_.tls)) script_(connection);
}

ScriptedPeer::Script ScriptedPeer::answering(std::string answer) {
  return [answer = std::move(answer)](PeerConnection& connection) {
    while (connection.read_request() && connection.send(answer)) {
    }
  };
}

std::string ScriptedPeer::url() const {
  const bool v6 = options_.address.find(':') != std::string::npos;
  const auto host = v6 ? "[" + options_.address + "]" : options_.address;
  return (options_.tls ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

std::vector<std::string> ScriptedPeer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string answer_text(std::string_view status, std::string_view header_lines, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(header_lines) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace postback::testing
