// Verifies signatures with libsodium, in constant time, and explains those that do not verify.
#include "domain/postback_signature.hpp"

#include "domain/ascii_text.hpp"
#include "domain/header_block.hpp"
#include "domain/hmac.hpp"
#include "domain/verdict_text.hpp"
#include "domain/webhook_content.hpp"
#include "postback/domain/webhook_signature.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace postback {
namespace {

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), bytes_of(text), text.size());
  std::array<char, crypto_hash_sha256_BYTES * 2 + 1> hex{};
  return sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
}

/// 64 hexadecimal digits, in either case.
std::optional<Mac> mac_of_hex(std::string_view hex) {
  Mac mac{};
  std::size_t length = 0;
  const bool read = hex.size() == 2 * mac.size() &&
                    sodium_hex2bin(mac.data(), mac.size(), hex.data(), hex.size(), nullptr, &length, nullptr) == 0;
  if (!read || length != mac.size()) return std::nullopt;
  return mac;
}

std::optional<Mac> mac_of_base64(std::string_view text) {
  Mac mac{};
  std::size_t length = 0;
  const bool read = sodium_base642bin(mac.data(), mac.size(), text.data(), text.size(), nullptr, &length, nullptr,
                                      sodium_base64_VARIANT_ORIGINAL) == 0;
  if (!read || length != mac.size()) return std::nullopt;
  return mac;
}

/// Compares with every key, so that the time taken tells nothing.
bool is_signed(const std::vector<std::string>& keys, std::string_view text, const std::vector<Mac>& given) {
  bool found = false;
  for (const auto& key : keys) {
    const Mac mac = hmac_sha256(key, text);
    for (const auto& each : given) found = sodium_memcmp(mac.data(), each.data(), mac.size()) == 0 || found;
  }
  return found;
}

/// The parameter `sign` as it stands in the target.
struct SignParameter {
  std::string_view value;
  std::string_view signed_target;  ///< What stands before it, without the `&`.
  std::string_view behind;         ///< What stands behind it and must not.
};

std::optional<SignParameter> find_sign(const RequestContext& context, bool ignore_case) {
  const auto target = context.postback.target;
  for (auto at = target.find('?'); at != std::string_view::npos; at = target.find('&', at + 1)) {
    const auto pair = target.substr(at + 1, target.find('&', at + 1) - at - 1);
    for (const auto& name : context.parameters.names(PostbackField::sign)) {
      if (pair.size() <= name.size() || pair[name.size()] != '=') continue;
      const auto sent = pair.substr(0, name.size());
      if (ignore_case ? !equal_ignoring_case(sent, name) : sent != name) continue;
      return SignParameter{pair.substr(name.size() + 1), target.substr(0, at), target.substr(at + 1 + pair.size())};
    }
  }
  return std::nullopt;
}

/// Where the signature stands that was not found: a sentence.
std::string where_sign_stands(const RequestContext& context) {
  const auto names = context.parameters.names(PostbackField::sign);
  const std::string name = "`" + (names.empty() ? std::string("sign") : names.front()) + "`";
  const auto is_sign = [&names](const Parameter& parameter) {
    return std::ranges::any_of(names, [&](const auto& each) { return equal_ignoring_case(parameter.name, each); });
  };
  Parameters query;
  query.add_query(context.postback.query);
  if (const auto found = std::ranges::find_if(query.all(), is_sign); found != query.all().end()) {
    return found->value.empty() ? quoted(context.mask, found->name) + " stands in the query, but is empty."
                                : name + " stands in the query in another spelling: its name came percent-encoded.";
  }
  const bool in_body = std::ranges::any_of(context.parameters.all(), is_sign);
  return in_body ? name + " arrived in the body, where it is not looked for." : "No " + name + " stands in the query.";
}

std::string secrets_of(const std::vector<std::string>& secrets, const Network& network) {
  return secrets.size() == 1
             ? "the secret of network `" + network.id + "`"
             : "any of the " + std::to_string(secrets.size()) + " secrets of network `" + network.id + "`";
}

/// Whether the signed time is one, and near enough to the arrival.
std::optional<Verdict> check_time(const RequestContext& context, std::string_view name, std::string_view text,
                                  std::chrono::seconds skew) {
  const std::string arrived = quoted(context.mask, name) + " arrived as " + quoted(context.mask, text);
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) {
    return refusal(VerdictCode::unparseable, "The time of the signature is not a number of seconds.", arrived + ".",
                   "Send Unix seconds, such as 1767225600, in `" + std::string(name) + "`.");
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(context.postback.arrival).time_since_epoch().count();
  // Far apart, a difference might not fit.
  const bool near = seconds >= now - skew.count() && seconds <= now + skew.count();
  if (near) return std::nullopt;
  return refusal(
      VerdictCode::signature_stale,
      "The signature is right, but its time is more than " + std::to_string(skew.count()) + " s from the arrival.",
      arrived + "; it is " + std::to_string(now) + " here.",
      "Set the clock of the sender (in Unix seconds), or this server's, or widen `skew_s` in the security "
      "of network `" +
          context.network.id + "`.");
}

Verdict sign_missing(const RequestContext& context) {
  return refusal(VerdictCode::signature_missing,
                 "The signature is missing: the query's parameter `sign` is absent or empty.",
                 where_sign_stands(context),
                 "Have the network append `&ts=` with the Unix time and, last of all, `&sign=` with the hexadecimal "
                 "HMAC-SHA256 of the method, the path with its query before `&sign=` and the body's SHA-256, each on a "
                 "line of its own; or take `hmac` off the security of network `" +
                     context.network.id + "`.");
}

Verdict sign_wrong(const RequestContext& context, const SignParameter& sign, std::string_view body_hash) {
  constexpr std::size_t kLongestShown = 2000;
  const auto& secrets = context.network.security.hmac_secrets;
  if (!sign.behind.empty()) {
    return refusal(VerdictCode::signature_wrong, "The signature is not the last parameter.",
                   "Behind `sign` stands " + quoted(context.mask, sign.behind) + ".",
                   "Put `sign` behind all other parameters, since it signs only what stands before it.");
  }
  std::string evidence = mac_of_hex(sign.value)
                             ? "`sign` was not made of this request with " + secrets_of(secrets, context.network) + "."
                             : "`sign` has " + std::to_string(sign.value.size()) +
                                   " characters that are not the 64 hexadecimal digits of an HMAC-SHA256.";
  return refusal(VerdictCode::signature_wrong, "The signature does not belong to this request.", std::move(evidence),
                 "The text to sign, three lines with a line feed between them and none at the end (*** stands for the "
                 "token): `" +
                     std::string(context.postback.method) + "`, `" +
                     shortened(context.mask.encoded(sign.signed_target), kLongestShown) + "`, `" +
                     std::string(body_hash) + "`. Compare it with what the sender signs, and the secrets of both.");
}

std::optional<Verdict> check_sign(const RequestContext& context) {
  const auto& [postback, network, catalog, parameters, mask] = context;
  auto sign = find_sign(context, false);
  // Said as a warning with the other parameters.
  if (!sign) sign = find_sign(context, true);
  if (!sign || sign->value.empty()) return sign_missing(context);
  const std::string body_hash = sha256_hex(postback.body);
  const auto mac = mac_of_hex(sign->value);
  std::string text(postback.method);
  text.append("\n").append(sign->signed_target).append("\n").append(body_hash);
  const bool right = sign->behind.empty() && mac && is_signed(network.security.hmac_secrets, text, {*mac});
  if (!right) return sign_wrong(context, *sign, body_hash);
  const Field& time = parameters[PostbackField::ts];
  if (!time.value.empty()) return check_time(context, time.name, time.value, network.security.skew);
  return refusal(VerdictCode::signature_missing, "The signature has no time: the parameter `ts` is absent or empty.",
                 "`sign` is right, but nothing says when it was made, so it could be sent again at any time.",
                 "Have the network add `&ts=` with the Unix time in seconds before `&sign=`, and sign it as well.");
}

/// The headers of Standard Webhooks.
struct WebhookHeaders {
  std::string_view id;
  std::string_view timestamp;
  std::string_view signature;
};

WebhookHeaders webhook_headers(const Postback& postback) {
  const auto value = [&postback](std::string_view name) { return find_header(postback.headers, name).value_or(""); };
  return {value("webhook-id"), value("webhook-timestamp"), value("webhook-signature")};
}

/// `v1,<base64> v1,<base64> ...`; other versions are left out, and what exceeds the most that are compared.
std::vector<Mac> macs_of(std::string_view signatures) {
  constexpr std::size_t kMost = 16;
  constexpr std::string_view kVersion = "v1,";
  std::vector<Mac> macs;
  while (!signatures.empty() && macs.size() < kMost) {
    const auto space = std::min(signatures.find(' '), signatures.size());
    const auto each = signatures.substr(0, space);
    signatures.remove_prefix(std::min(space + 1, signatures.size()));
    if (!each.starts_with(kVersion)) continue;
    if (const auto mac = mac_of_base64(each.substr(kVersion.size()))) macs.push_back(*mac);
  }
  return macs;
}

Verdict webhook_missing(const RequestContext& context, const WebhookHeaders& headers) {
  std::string absent;
  const auto name = [&absent](std::string_view header, std::string_view value) {
    if (value.empty()) absent.append(absent.empty() ? "`" : ", `").append(header).append("`");
  };
  name("webhook-id", headers.id);
  name("webhook-timestamp", headers.timestamp);
  name("webhook-signature", headers.signature);
  std::string evidence =
      absent.empty() ? "The headers came, but no body by POST that they could sign." : absent + " did not arrive.";
  return refusal(VerdictCode::signature_missing,
                 "The signature is missing: this network signs as Standard Webhooks do.", std::move(evidence),
                 "Have the network send a JSON body by POST with the headers `webhook-id`, `webhook-timestamp` and "
                 "`webhook-signature`; or take `webhook` off the security of network `" +
                     context.network.id + "`.");
}

/// A webhook's signature covers its body only: whoever saw one could add a field to the URL.
std::optional<Verdict> beside_signature(const RequestContext& context) {
  Parameters query;
  query.add_query(context.postback.query);
  for (const auto& parameter : query.all()) {
    for (std::size_t field = 0; field < kPostbackFieldCount; ++field) {
      if (static_cast<PostbackField>(field) == PostbackField::token) continue;
      for (const auto& name : context.network.names[field]) {
        if (!equal_ignoring_case(parameter.name, name)) continue;
        return refusal(VerdictCode::signature_wrong, "A part of this request is not covered by its signature.",
                       "The URL has `" + name + "`, and `webhook-signature` covers only the body.",
                       "Send `" + name + "` in the JSON body, and leave it out of the URL.");
      }
    }
  }
  return std::nullopt;
}

std::optional<Verdict> check_webhook(const RequestContext& context, const WebhookHeaders& headers) {
  const auto& security = context.network.security;
  const bool complete = !headers.id.empty() && !headers.timestamp.empty() && !headers.signature.empty();
  const bool posted = context.postback.method == "POST" && !context.postback.body.empty();
  if (!complete || !posted) return webhook_missing(context, headers);
  std::vector<std::string> keys;
  for (const auto& secret : security.webhook_secrets) {
    if (auto key = webhook_key(secret)) keys.push_back(std::move(*key));
  }
  const std::string text = webhook_content(headers.id, headers.timestamp, context.postback.body);
  const auto macs = macs_of(headers.signature);
  if (is_signed(keys, text, macs)) {
    if (auto beside = beside_signature(context)) return beside;
    return check_time(context, "webhook-timestamp", headers.timestamp, security.webhook_skew);
  }
  return refusal(
      VerdictCode::signature_wrong, "The signature does not belong to this request.",
      macs.empty() ? "`webhook-signature` holds no signature of the form `v1,` and base64 of 32 bytes."
                   : "No signature in `webhook-signature` was made of this request with " +
                         secrets_of(security.webhook_secrets, context.network) + ".",
      "Compare the secrets of both sides (`whsec_` and base64). What is signed is the value of `webhook-id`, a "
      "dot, that of `webhook-timestamp`, a dot, and the body byte for byte: nothing may rewrite the JSON on "
      "its way.");
}

}  // namespace

void check_signature(const RequestContext& context, Reading& reading) {
  const auto& security = context.network.security;
  const auto headers = webhook_headers(context.postback);
  const bool by_headers =
      !security.webhook_secrets.empty() && (security.hmac_secrets.empty() || !headers.signature.empty());
  reading.refusal = by_headers ? check_webhook(context, headers) : check_sign(context);
  if (!reading.refusal) reading.authentication = by_headers ? Authentication::webhook : Authentication::signature;
}

}  // namespace postback
