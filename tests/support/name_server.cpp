// The few parts of RFC 1035 that a stub resolver needs of a server.
#include "support/name_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace postback::testing {
namespace {

constexpr std::size_t kHeader = 12;
constexpr int kTypeA = 1;
constexpr int kTypeAaaa = 28;

void append_16(std::string& out, unsigned value) {
  out.push_back(static_cast<char>(value >> 8 & 0xff));
  out.push_back(static_cast<char>(value & 0xff));
}

/// The question's name in text; `at` is moved behind it.
std::string read_name(const std::string& query, std::size_t& at) {
  std::string name;
  while (at < query.size() && query[at] != '\0') {
    const auto size = static_cast<std::size_t>(query[at]);
    if (!name.empty()) name += '.';
    name += query.substr(at + 1, size);
    at += size + 1;
  }
  ++at;
  return name;
}

/// An answer about the name of the question, valid for a minute; empty if the address is of another kind.
std::string record(const std::string& address, int type) {
  std::array<char, 16> bytes{};
  const bool v6 = address.find(':') != std::string::npos;
  if (v6 != (type == kTypeAaaa)) return {};
  ::inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data());
  std::string out;
  append_16(out, 0xc000 | kHeader);
  append_16(out, static_cast<unsigned>(type));
  append_16(out, 1);
  append_16(out, 0);
  append_16(out, 60);
  append_16(out, v6 ? 16 : 4);
  return out.append(bytes.data(), v6 ? 16 : 4);
}

}  // namespace

NameServer::NameServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const place = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(socket_, place, size) != 0 || ::getsockname(socket_, place, &size) != 0)
    throw std::runtime_error("no name server");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

NameServer::~NameServer() {
  stopping_ = true;
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_port = htons(port_);
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::sendto(socket_, "", 0, 0, reinterpret_cast<const sockaddr*>(&own), sizeof own);  // wakes the thread
  thread_.join();
  ::close(socket_);
}

void NameServer::set(const std::string& name, std::vector<std::string> addresses) {
  const std::lock_guard lock(mutex_);
  names_[name] = {std::move(addresses), false};
}

void NameServer::be_silent_about(const std::string& name) {
  const std::lock_guard lock(mutex_);
  names_[name].silent = true;
}

int NameServer::queries(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = queries_.find(name);
  return found == queries_.end() ? 0 : found->second;
}

void NameServer::run() {
  std::array<char, 1500> packet{};
  while (!stopping_) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    auto* const place = reinterpret_cast<sockaddr*>(&from);
    const auto got = ::recvfrom(socket_, packet.data(), packet.size(), 0, place, &size);
    if (got < static_cast<ssize_t>(kHeader)) continue;
    const auto reply = answer({packet.data(), static_cast<std::size_t>(got)});
    if (!reply.empty()) ::sendto(socket_, reply.data(), reply.size(), 0, place, size);
  }
}

std::string NameServer::answer(const std::string& query) {
  std::size_t at = kHeader;
  const auto name = read_name(query, at);
  if (at + 4 > query.size()) return {};
  const int type = static_cast<unsigned char>(query[at]) << 8 | static_cast<unsigned char>(query[at + 1]);
  const std::lock_guard lock(mutex_);
  ++queries_[name];
  const auto known = names_.find(name);
  if (known != names_.end() && known->second.silent) return {};
  unsigned count = 0;
  std::string records;
  if (known != names_.end()) {
    for (const auto& address : known->second.addresses) {
      const auto one = record(address, type);
      count += one.empty() ? 0U : 1U;
      records += one;
    }
  }
  auto reply = query.substr(0, 2);
  append_16(reply, known == names_.end() ? 0x8183 : 0x8180);  // an answer; 3: no such name
  for (const unsigned number : {1U, count, 0U, 0U}) append_16(reply, number);
  return reply + query.substr(kHeader, at + 4 - kHeader) + records;
}

}  // namespace postback::testing
