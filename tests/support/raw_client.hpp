// RawClient: a TCP client that sends exactly the bytes it is given and reads HTTP answers; no wait is endless.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::testing {

/// One answer as it came over the wire.
struct RawResponse {
  int status = 0;
  std::string head;  ///< Status line and header lines, each with its line end, without the empty line.
  std::string body;

  /// The first header of this name (any case); nothing if there is none.
  std::optional<std::string> header(std::string_view name) const;
  /// How many header lines have this name (any case).
  std::size_t count(std::string_view name) const;
};

/// Which answers have no body whatever their Content-Length says.
enum class Asked { get, head };

/// Every call throws std::runtime_error, which fails the test, when the peer lets it wait for longer than `patience`.
class RawClient {
 public:
  static constexpr std::chrono::milliseconds kPatience{20'000};

  /// Connects to 127.0.0.1.
  explicit RawClient(std::uint16_t port, std::chrono::milliseconds patience = kPatience);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// Sends all of it. A peer that has closed already is not an error: its answer may still be there to read.
  void send(std::string_view bytes);
  /// Sends `bytes` cut at these positions (ascending), and calls `between` after each part but the last.
  void send_split(std::string_view bytes, const std::vector<std::size_t>& cuts,
                  const std::function<void()>& between = {});
  /// Sends as much as the peer takes without reading; returns how much that was.
  std::size_t send_some(std::string_view bytes);
  /// Says that nothing more will be sent.
  void end_sending();
  /// Closes with a reset instead of an orderly end.
  void reset();
  /// Limits what the kernel takes in for this connection while nobody reads.
  void limit_receive_buffer(int bytes);

  /// The next answer; interim answers (1xx) count as answers.
  RawResponse read_response(Asked asked = Asked::get);
  /// Everything until the peer closes (orderly or by reset).
  std::string read_to_close();
  /// Waits for the peer's close. False when bytes come instead.
  bool is_closed();
  /// Whether bytes or the peer's end can be read at this moment, without waiting.
  bool has_input() const;

 private:
  bool fill();
  void wait_for(short events) const;

  int socket_ = -1;
  std::chrono::milliseconds patience_;
  std::string received_;
};

/// Splits the bytes of consecutive answers, as read until close. Answers to HEAD must not be among them.
std::vector<RawResponse> split_responses(std::string_view bytes);

}  // namespace postback::testing
