// The order of the checks, and those of the way a request came: network in use, HTTPS, address.
#include "domain/postback_authentication.hpp"

#include "domain/ascii_text.hpp"
#include "domain/header_block.hpp"
#include "domain/postback_signature.hpp"
#include "domain/postback_token.hpp"
#include "domain/verdict_text.hpp"
#include "postback/base/address_range.hpp"

#include <optional>
#include <string>

namespace postback {
namespace {

std::string trust_the_proxy(const Postback& postback) {
  return "If `" + std::string(postback.peer) +
         "` is a proxy of yours, list it under `http.trusted_proxies` in the configuration of this server.";
}

Verdict disabled(const Network& network) {
  return refusal(VerdictCode::network_disabled, "This network is switched off.",
                 "Network `" + network.id + "` has `disabled` set.",
                 "Set `disabled` of network `" + network.id +
                     "` to false, then replay the postback by its ID, as an admin: nobody was "
                     "authenticated while it was off.");
}

Verdict not_secure(const RequestContext& context) {
  std::string evidence = "The request came by plain HTTP.";
  std::string fix =
      "Use the https:// address in the postback URL at the network. Behind a proxy that ends HTTPS, list the proxy "
      "under `http.trusted_proxies` and have it send `X-Forwarded-Proto`.";
  if (equal_ignoring_case(find_header(context.postback.headers, "x-forwarded-proto").value_or(""), "https")) {
    evidence += " `X-Forwarded-Proto` says https, but came from `" + std::string(context.postback.peer) +
                "`, which is no trusted proxy.";
    fix = trust_the_proxy(context.postback);
  }
  return refusal(VerdictCode::https_required, "This network's postbacks are taken by HTTPS only.", std::move(evidence),
                 std::move(fix));
}

/// An allowed address that X-Forwarded-For names although nobody whom we trust said so; empty if there is none.
std::string_view claimed_address(const RequestContext& context) {
  for (auto rest = context.postback.forwarded_for; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto text = trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto address = parse_address(text);
    if (address && contains(context.network.security.allow_ips, *address)) return text;
  }
  return {};
}

Verdict wrong_address(const RequestContext& context) {
  const std::string peer(context.postback.peer);
  std::string evidence = "The request came from `" + peer + "`.";
  std::string fix = "If network `" + context.network.id + "` sends from `" + peer + "`, add it to its `allow_ips`.";
  if (const auto claimed = claimed_address(context); !claimed.empty()) {
    evidence += " `X-Forwarded-For` names `" + std::string(claimed) +
                "`, which is allowed, but it came from an address that is no trusted proxy.";
    fix = trust_the_proxy(context.postback);
  }
  return refusal(VerdictCode::ip_not_allowed, "The request came from an address that this network does not send from.",
                 std::move(evidence), std::move(fix));
}

std::optional<Verdict> check_way(const RequestContext& context, Reading& reading) {
  const auto& security = context.network.security;
  if (security.https_only && !context.postback.secure) return not_secure(context);
  if (security.allow_ips.empty()) return std::nullopt;
  if (context.postback.peer.empty()) {
    reading.warnings.push_back("Whether network `" + context.network.id +
                               "` may send from the caller's address was not checked, since it is not known here.");
    return std::nullopt;
  }
  const auto address = parse_address(context.postback.peer);
  if (address && contains(security.allow_ips, *address)) return std::nullopt;
  return wrong_address(context);
}

bool asks_for_signature(const NetworkSecurity& security) {
  return !security.hmac_secrets.empty() || !security.webhook_secrets.empty();
}

/// Of one that waited for its click: whose secrets a signature is to be compared with was not known while it was there.
Verdict signature_gone(const Network& network) {
  return refusal(
      VerdictCode::signature_missing,
      "This network signs its postbacks, and no signature of this one could be compared.",
      "It came before its click, by a URL that leaves its network to the click, and the log keeps no signatures.",
      "If it is genuine, replay it by its ID, as an admin. Use the URL `/postback/" + network.id +
          "` at the network, which names it: then its signature is compared at once.");
}

}  // namespace

void authenticate(const RequestContext& context, Reading& reading) {
  const Postback& postback = context.postback;
  const Network& network = context.network;
  if (network.disabled && postback.shape != PostbackShape::manual) {
    reading.refusal = disabled(network);
    return;
  }
  if (postback.authenticated) {
    reading.authentication = *postback.authenticated;
    return;
  }
  reading.refusal = check_way(context, reading);
  if (reading.refusal) return;
  if (network.token_required) {
    // The token may stand in the body that was not kept, so its absence from the URL proves nothing.
    if (postback.body_too_large && !sends_token(context)) return;
    reading.refusal = check_token(context);
    if (reading.refusal) return;
  }
  if (!asks_for_signature(network.security)) {
    reading.authentication = network.token_required ? Authentication::token : Authentication::open;
    return;
  }
  if (postback.body_too_large) return;
  if (postback.proved_to != nullptr) {
    reading.refusal = signature_gone(network);
    return;
  }
  check_signature(context, reading);
}

}  // namespace postback
