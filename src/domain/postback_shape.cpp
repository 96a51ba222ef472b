// Reads the paths of postback URLs and finds the click, and by it the network, of those that name none.
#include "postback/domain/postback_shape.hpp"

#include "domain/ascii_text.hpp"
#include "domain/click_id_reading.hpp"
#include "domain/postback_token.hpp"
#include "domain/shape_words.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>
#include <utility>

namespace postback {
namespace {

constexpr std::string_view kPostback = "postback";

std::string decoded(std::string_view segment) {
  std::string text;
  append_path_decoded(text, segment);
  return text;
}

/// /postback without a network: whose click ID parameter is it?
PostbackShape bare_shape(const Postback& request) {
  const PostbackParameters parameters(request);
  for (const auto shape : {PostbackShape::voluum, PostbackShape::generic}) {
    const auto& name = field_names(shape, nullptr)[static_cast<std::size_t>(PostbackField::click_id)].front();
    for (const auto& parameter : parameters.all()) {
      if (equal_ignoring_case(parameter.name, name)) return shape;
    }
  }
  return PostbackShape::own;
}

bool asks_for_nothing(const Network& network) {
  const auto& security = network.security;
  return !network.token_required && security.hmac_secrets.empty() && security.webhook_secrets.empty();
}

bool carries_token_of(const Network& network, const Postback& postback, PostbackParameters& parameters) {
  if (const auto* const proved_to = postback.proved_to)
    return std::ranges::find(*proved_to, network.number) != proved_to->end();
  parameters.name_fields(field_names(postback.shape, &network));
  return is_token_of(network, parameters[PostbackField::token].value) || is_token_of(network, postback.path_key);
}

/// Which of the networks that the click led to calls: one whose token came, else one that asks for nothing, else that
/// of the last offer, which says what is wrong. Null: that offer is not in the catalog.
const Network* calling_network(const Postback& postback, const Catalog& catalog, const ClickFacts& click,
                               PostbackParameters& parameters) {
  const Offer* const last = catalog.offer(click.offer);
  const Network* const otherwise = last == nullptr ? nullptr : last->network;
  if (click.offers.size() < 2) return otherwise;
  const Network* open = nullptr;
  for (const EntityNumber number : click.offers) {
    const Offer* const offer = catalog.offer(number);
    if (offer == nullptr) continue;
    if (carries_token_of(*offer->network, postback, parameters)) return offer->network;
    if (open == nullptr && asks_for_nothing(*offer->network)) open = offer->network;
  }
  return open != nullptr ? open : otherwise;
}

}  // namespace

std::optional<PostbackUrl> read_postback_url(const Postback& request) {
  auto path = request.target.substr(0, request.target.find('?'));
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  const auto slash = path.find('/');
  const auto first = decoded(path.substr(0, slash));
  const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  PostbackUrl url;
  if (first == kPostback) {
    if (rest.empty()) {
      url.shape = bare_shape(request);
    } else {
      read_postback_path(rest, url.network, url.event);
    }
  } else if (first == "click.php" && slash == std::string_view::npos) {
    url.shape = PostbackShape::binom;
  } else if (!first.empty() && rest.find('/') == std::string_view::npos && decoded(rest) == kPostback) {
    url.shape = PostbackShape::keitaro;
    url.key = first;
  } else {
    return std::nullopt;
  }
  return url;
}

bool leaves_network_to_click(PostbackShape shape) {
  switch (shape) {
    case PostbackShape::voluum:
    case PostbackShape::keitaro:
    case PostbackShape::binom:
    case PostbackShape::generic:
    case PostbackShape::browser: return true;
    case PostbackShape::own:
    case PostbackShape::manual: break;
  }
  return false;
}

bool is_dropped_in(PostbackShape shape) { return leaves_network_to_click(shape) && shape != PostbackShape::browser; }

SoughtClick sought_click(const Postback& postback, const ClickIdKeys& keys) {
  PostbackParameters parameters(postback);
  parameters.name_fields(field_names(postback.shape, nullptr));
  const auto value = trim(parameters[PostbackField::click_id].value);
  if (value.empty()) return {};
  const auto repair = repair_click_id(value, keys);
  using Outcome = ClickIdRepair::Outcome;
  if (repair.outcome == Outcome::plain || repair.outcome == Outcome::repaired) return {.id = repair.id};
  const bool foreign = repair.outcome == Outcome::malformed || repair.outcome == Outcome::forged;
  if (!foreign || value.size() > kLongestForeignId) return {};
  return {.id = {}, .foreign_id = std::string(value)};
}

const Network* network_of(const Postback& postback, const Catalog& catalog, const ClickFacts* click) {
  PostbackParameters parameters(postback);
  if (click != nullptr) {
    if (const Network* const calling = calling_network(postback, catalog, *click, parameters)) return calling;
  }
  parameters.name_fields(field_names(postback.shape, nullptr));
  const auto& sent = parameters[PostbackField::token].value;
  return only_network_with_token(catalog, sent.empty() ? postback.path_key : sent);
}

std::string wanted_answer(const Postback& postback) {
  constexpr std::size_t kLongest = 200;
  if (postback.shape != PostbackShape::keitaro) return {};
  Parameters parameters;
  parameters.add_query(postback.query);
  return std::string(parameters.find("return").value_or(std::string_view()).substr(0, kLongest));
}

}  // namespace postback
