// Rendering: what one attempt of a delivery sends.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/delivery.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {

/// A request as it is sent, with all headers but those of the HTTP client.
struct RenderedRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string shown;  ///< Method and URL with secrets masked, for people.
  /// What is to be masked beside the destination's secrets: what its headers with tokens became.
  std::vector<std::string> secrets{};
  std::string note{};  ///< For people: what was left out, and why; empty: nothing.
};

/// Bounds of what is sent, in bytes.
inline constexpr std::size_t kLongestRenderedUrl = 16 * 1024;
inline constexpr std::size_t kLongestRenderedHeader = 8 * 1024;
inline constexpr std::size_t kLongestRenderedBody = 256 * 1024;

/// Fills in the destination's templates. Where that grows beyond a bound, once more without what the visitor or the
/// network could write at will: sub-IDs, referrer, user agent, {query.*} and {postback.*}, but for those that hold the
/// external ID, the click's ID or the transaction's. `now`: the signature's time. `random`: what {random} is made of.
/// Without `facts.postback` its parameters are empty. Error: invalid_argument, a sentence: the destination is a feed,
/// the click or conversion is not known, or a part is longer than its bound even so.
Result<RenderedRequest> render_delivery(const Catalog& catalog, const Destination& destination,
                                        const Delivery& delivery, const DeliveryFacts& facts, const ClickIdKeys& keys,
                                        TimeMs now, std::uint64_t random);

/// `text` with `***` for every secret of the destination, and for `more`, the longest first.
std::string mask_secrets(std::string_view text, const Destination& destination, std::span<const std::string> more = {});

/// Whether it looks at parameters of the network's request, by its condition or a template.
bool uses_postback(const Destination& destination);

/// The public form of a delivery's ID, which is also its idempotency key: `dlv_` and the ID in decimal.
std::string delivery_text(SnowflakeId id);
/// Reads the public form, or the plain decimal. Nothing for anything else.
std::optional<SnowflakeId> parse_delivery_id(std::string_view text);

}  // namespace postback
