// Renders the request of one delivery.
#include "postback/domain/delivery_rendering.hpp"

#include "domain/ascii.hpp"
#include "domain/ascii_text.hpp"
#include "domain/delivery_values.hpp"
#include "domain/destination_reading.hpp"
#include "domain/secret_masking.hpp"
#include "postback/domain/webhook_signature.hpp"

#include <algorithm>
#include <charconv>

namespace postback {
namespace {

constexpr std::string_view kIdPrefix = "dlv_";

Error refused(std::string detail) { return Error{ErrorCode::invalid_argument, std::move(detail)}; }

std::string_view content_type(BodyType type) {
  switch (type) {
    case BodyType::json: return "application/json";
    case BodyType::form: return "application/x-www-form-urlencoded";
    case BodyType::text: return "text/plain; charset=utf-8";
    case BodyType::none: break;
  }
  return {};
}

bool has_header(const RenderedRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers,
                             [name](const auto& header) { return equal_ignoring_case(header.first, name); });
}

void render_headers(const Destination& destination, const OutgoingValues& values, RenderedRequest& request) {
  for (const auto& [name, text] : destination.headers) {
    std::string value;
    text.render(value, values);
    request.headers.emplace_back(name, trim(value));
  }
  if (destination.body_type != BodyType::none && !has_header(request, "Content-Type"))
    request.headers.emplace_back("Content-Type", content_type(destination.body_type));
}

/// What headers with tokens became, so that an answer does not show it: a visitor may have written it, so with a bound.
void collect_secrets(const Destination& destination, RenderedRequest& request) {
  constexpr std::size_t kMostWords = 16;
  std::size_t words = 0;
  for (std::size_t n = 0; n < destination.headers.size(); ++n) {
    const auto& [name, value] = request.headers[n];
    if (value == trim(destination.headers[n].second.text()) || is_open_header(to_ascii_lower(name))) continue;
    words += add_secrets_of_header(request.secrets, value, kMostWords - words);
  }
}

void render_body(const Destination& destination, const OutgoingValues& values, RenderedRequest& request) {
  if (destination.omit_empty)
    destination.body.render_without_empty(request.body, values);
  else
    destination.body.render(request.body, values);
}

void sign(const Destination& destination, const std::string& id, TimeMs now, RenderedRequest& request) {
  request.headers.emplace_back("Idempotency-Key", id);
  if (destination.signing_secrets.empty()) return;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  request.headers.emplace_back("webhook-id", id);
  request.headers.emplace_back("webhook-timestamp", std::to_string(seconds));
  request.headers.emplace_back("webhook-signature",
                               sign_webhook(destination.signing_secrets, id, seconds, request.body));
}

std::optional<Error> check_sizes(const RenderedRequest& request) {
  const auto too_long = [](std::string_view what, std::size_t size, std::size_t most) {
    return refused("the " + std::string(what) + " would have " + std::to_string(size) + " bytes; at most " +
                   std::to_string(most) + " are sent");
  };
  if (request.url.size() > kLongestRenderedUrl) return too_long("URL", request.url.size(), kLongestRenderedUrl);
  if (request.body.size() > kLongestRenderedBody) return too_long("body", request.body.size(), kLongestRenderedBody);
  for (const auto& [name, value] : request.headers) {
    if (value.size() > kLongestRenderedHeader) return too_long("header " + name, value.size(), kLongestRenderedHeader);
  }
  return std::nullopt;
}

RenderedRequest fill_in(const Destination& destination, const Delivery& delivery, const OutgoingValues& values,
                        TimeMs now) {
  RenderedRequest request;
  request.method = destination.method;
  destination.url.render(request.url, values);
  render_headers(destination, values, request);
  render_body(destination, values, request);
  sign(destination, delivery_text(delivery.id), now, request);
  return request;
}

}  // namespace

Result<RenderedRequest> render_delivery(const Catalog& catalog, const Destination& destination,
                                        const Delivery& delivery, const DeliveryFacts& facts, const ClickIdKeys& keys,
                                        TimeMs now, std::uint64_t random) {
  if (destination.is_feed()) return refused("the destination is a feed, which is fetched and not sent");
  const DeliverySubject subject(catalog, facts, delivery.trigger, delivery.campaign, delivery.detail);
  if (!subject.is_known()) return refused("the click or conversion that it tells of is not known any more");
  DeliveryValues made(catalog, destination, delivery, subject, keys, random);
  auto request = fill_in(destination, delivery, made.values(), now);
  if (const auto too_long = check_sizes(request)) {
    made.leave_out_free_values();
    request = fill_in(destination, delivery, made.values(), now);
    if (auto error = check_sizes(request)) return *std::move(error);
    request.note = "shortened: " + too_long->detail + ", so sub-IDs, referrer, user agent and parameters are left out";
  }
  collect_secrets(destination, request);
  request.shown = request.method + " " + mask_secrets(request.url, destination);
  return request;
}

std::string mask_secrets(std::string_view text, const Destination& destination, std::span<const std::string> more) {
  // The longest of each list stand first.
  const auto beginning = [&text](std::span<const std::string> secrets) {
    const auto found = std::ranges::find_if(secrets, [text](const auto& secret) { return text.starts_with(secret); });
    return found == secrets.end() ? std::size_t{0} : found->size();
  };
  std::string masked;
  masked.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = std::max(beginning(destination.secrets), beginning(more));
    if (length == 0)
      masked += text.front();
    else
      masked += kMasked;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return masked;
}

bool uses_postback(const Destination& destination) { return destination.reads_postback; }

std::string delivery_text(SnowflakeId id) { return std::string(kIdPrefix) + std::to_string(id); }

std::optional<SnowflakeId> parse_delivery_id(std::string_view text) {
  if (text.starts_with(kIdPrefix)) text.remove_prefix(kIdPrefix.size());
  SnowflakeId id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || id == 0) return std::nullopt;
  return id;
}

}  // namespace postback
