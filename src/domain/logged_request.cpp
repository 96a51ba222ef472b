// Takes a logged request apart again, and looks for what its masks hide.
#include "postback/domain/logged_request.hpp"

#include "domain/ascii_text.hpp"
#include "domain/postback_json.hpp"
#include "domain/postback_parameters.hpp"
#include "domain/secret_masking.hpp"

#include <algorithm>
#include <utility>

namespace postback {
namespace {

constexpr std::string_view kOwnPath = "/postback/";

/// The value of a header in a block of them; empty if there is none.
std::string_view header_value(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const auto end = std::min(block.find('\n'), block.size());
    const auto line = block.substr(0, end);
    block.remove_prefix(std::min(end + 1, block.size()));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name))
      return trim(line.substr(colon + 1));
  }
  return {};
}

bool is_masked(std::string_view text) { return text.find(kMasked) != std::string_view::npos; }

/// Whether a parameter of this name only says who calls.
bool is_credential(std::string_view name, const Network* network) {
  if (name.starts_with(kHtmlAmpersand)) name.remove_prefix(kHtmlAmpersand.size());
  for (const auto field : {PostbackField::token, PostbackField::sign}) {
    if (equal_ignoring_case(name, to_string(field))) return true;
    if (network == nullptr) continue;
    const auto& names = network->names[static_cast<std::size_t>(field)];
    if (std::ranges::any_of(names, [&](const auto& known) { return equal_ignoring_case(name, known); })) return true;
  }
  return false;
}

/// Whether the network reads a field from a parameter of this name.
bool is_read(std::string_view name, const Network& network) {
  return std::ranges::any_of(network.names, [&](const auto& names) {
    return std::ranges::any_of(names, [&](const auto& known) { return equal_ignoring_case(name, known); });
  });
}

}  // namespace

ReplayedRequest::ReplayedRequest(LoggedRequest logged) : logged_(std::move(logged)) {
  const std::string_view path = std::string_view(logged_.target).substr(0, logged_.target.find('?'));
  if (logged_.shape == PostbackShape::own) {
    if (path.starts_with(kOwnPath)) read_postback_path(path.substr(kOwnPath.size()), network_, event_);
  } else {
    network_ = logged_.network;
  }
  // Masked, but it tells that a key came.
  const bool keyed = logged_.shape == PostbackShape::keitaro && path.starts_with('/');
  if (keyed) path_key_ = path.substr(1, path.find('/', 1) - 1);
  content_type_ = header_value(logged_.headers, "content-type");
}

Postback ReplayedRequest::postback() const {
  const std::string_view target = logged_.target;
  const auto mark = target.find('?');
  return Postback{.method = logged_.method,
                  .target = target,
                  .query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1),
                  .network = network_,
                  .event = event_,
                  .content_type = content_type_,
                  .headers = logged_.headers,
                  .body = logged_.body,
                  .peer = logged_.peer,
                  .arrival = logged_.arrival,
                  .shape = logged_.shape,
                  .path_key = path_key_,
                  .secure = logged_.secure,
                  .authenticated = logged_.authentication,
                  .proved_to = logged_.authentication ? nullptr : &logged_.proved_to};
}

PostbackShape parse_postback_shape(std::string_view text) {
  using enum PostbackShape;
  for (const auto shape : {own, voluum, keitaro, binom, generic, browser, manual}) {
    if (to_string(shape) == text) return shape;
  }
  return own;
}

std::optional<std::string> masked_field(const Postback& postback, const Network* network) {
  // In Keitaro's path the first segment is a secret and nothing else.
  if (postback.shape == PostbackShape::own && is_masked(postback.target.substr(0, postback.target.find('?'))))
    return "path";
  Parameters parameters;
  parameters.add_query(postback.query);
  const auto form = body_form(postback);
  if (form == BodyForm::form) parameters.add_query(trim(postback.body, "\r\n"));
  if (form == BodyForm::json) static_cast<void>(add_json(postback.body, parameters));
  const bool own_names = postback.shape == PostbackShape::own && network != nullptr;
  for (const auto& parameter : parameters.all()) {
    if (!is_masked(parameter.value) || is_credential(parameter.name, network)) continue;
    if (!own_names || is_read(parameter.name, *network)) return std::string(parameter.name);
  }
  return std::nullopt;
}

}  // namespace postback
