// HttpClient: asks a server and waits for the whole answer; for commands, not for the server.
#pragma once

#include "postback/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {

using HeaderLines = std::vector<std::pair<std::string, std::string>>;

struct ClientRequest {
  std::string method = "GET";
  std::string url;  ///< http or https; sent as it stands.
  HeaderLines headers{};
  std::string body{};
};

struct ClientAnswer {
  int status = 0;
  HeaderLines headers;
  std::string body;

  /// The first header of this name (any case), or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
};

struct ClientLimits {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds total{60'000};  ///< From the start to the last byte.
  std::size_t body_bytes = 256UL << 20;     ///< Largest answer.
};

/// Over libcurl. Redirects are not followed, proxies of the environment are not used, certificates and host names are
/// verified. Keeps its connection between requests. For one thread.
class HttpClient {
 public:
  explicit HttpClient(ClientLimits limits = {});

  /// Any answer, whatever its status. Errors, each with the reason in words: io_failed (not reached, or broken off),
  /// deadline_exceeded, invalid_argument (the URL, or a header with control characters).
  Result<ClientAnswer> send(const ClientRequest& request);

 private:
  struct Cleanup {
    void operator()(void* handle) const;
  };
  ClientLimits limits_;
  std::unique_ptr<void, Cleanup> handle_;  ///< A CURL.
};

}  // namespace postback
