// TestServer: the real App in this process, on a free port of 127.0.0.1 and a directory of its own.
#pragma once

#include "postback/app/app.hpp"
#include "support/raw_client.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postback::testing {

/// A directory below the system's temporary one, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// `METHOD target HTTP/1.1` with a Host header, further header lines (each with its line end) and a body with its
/// length.
std::string request_text(std::string_view method, std::string_view target, std::string_view header_lines = {},
                         std::string_view body = {});

/// Starts on construction, stops on destruction. Its key is `k1`. One io thread unless told otherwise, so that `settle`
/// means what it says.
class TestServer {
 public:
  using Adjust = std::function<void(AppOptions&)>;
  static constexpr std::string_view kKeyHeader = "Authorization: Bearer k1\r\n";

  /// `adjust` may change any option but the address and the store. `clock`: the system's if null.
  explicit TestServer(Adjust adjust = {}, const Clock* clock = nullptr);
  ~TestServer();

  std::uint16_t port() const { return port_; }
  std::string store_file() const { return (directory_.path() / "postbackd.db").string(); }
  const std::filesystem::path& directory() const { return directory_.path(); }
  App& app() { return *app_; }

  /// Stops as SIGTERM does.
  Result<void> stop();
  /// Stops, and starts anew on the same directory (and a new port).
  void restart();

  RawClient connect() const { return RawClient(port_); }
  /// The port of the API's own listener; throws when there is none.
  std::uint16_t api_port() const;
  /// Sends these bytes on a connection of its own and reads one answer.
  RawResponse exchange(std::string_view bytes, Asked asked = Asked::get) const;
  /// Requests on connections of their own, with the admin key.
  RawResponse get(std::string_view target) const;
  RawResponse post(std::string_view target, std::string_view body, std::string_view content_type) const;
  RawResponse put(std::string_view collection, std::string_view id, std::string_view json) const;
  /// The JSON of a GET that must answer 200.
  nlohmann::json get_json(std::string_view target) const;

  /// Puts the example of spec section 11 through the API; returns the token of its network `acme`.
  std::string example_catalog() const;
  /// Clicks on campaign summer with this query; returns the click ID in the redirect's `sub1`.
  std::string click(std::string_view query = {}) const;

  /// Returns when the io thread has taken in everything that was sent to it before.
  void settle() const;
  /// Waits for the store to be given up for good; throws when that does not happen.
  Error wait_for_fatal();

 private:
  void start();

  TemporaryDirectory directory_;
  Adjust adjust_;
  SystemClock system_clock_;
  SystemEntropy entropy_;
  const Clock& clock_;
  std::promise<Error> fatal_;
  std::unique_ptr<App> app_;
  std::uint16_t port_ = 0;
};

/// The value of a query parameter of a URL, as it stands there; throws when it is missing.
std::string query_value(std::string_view url, std::string_view name);

}  // namespace postback::testing
