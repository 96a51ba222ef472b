// ApiClient: asks a running server's JSON API, and tells in words why it did not do what was asked.
#pragma once

#include "app/client/http_client.hpp"
#include "postback/base/result.hpp"
#include "postback/base/strict_json.hpp"

#include <string>
#include <string_view>

namespace postback {

/// Where a server is, and by which key it is asked.
struct ServerAccess {
  std::string url;         ///< Scheme, host and port, without a slash at the end.
  std::string public_url;  ///< The same of the listener of visitors and networks.
  std::string key;
  std::string key_origin;  ///< Where the key came from, for messages.
};

/// For one thread.
class ApiClient {
 public:
  explicit ApiClient(ServerAccess access) : access_(std::move(access)) {}

  const ServerAccess& access() const { return access_; }

  /// `target`: path and query. An answer other than 2xx is an error too; its detail says what the server said, every
  /// fault on a line of its own, and what to do.
  Result<ClientAnswer> ask(std::string_view method, std::string_view target, std::string body = {},
                           HeaderLines headers = {});
  /// The same, and the answer is JSON.
  Result<Json> ask_json(std::string_view method, std::string_view target, std::string body = {},
                        HeaderLines headers = {});
  /// Whatever the status is, without the key: for what visitors and networks may ask. Error: the server is not reached.
  Result<ClientAnswer> visit(const std::string& url);

 private:
  Result<ClientAnswer> exchange(ClientRequest request);
  Error refusal(const ClientAnswer& answer, std::string_view target) const;

  ServerAccess access_;
  HttpClient http_;
};

}  // namespace postback
