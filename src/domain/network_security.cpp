// Tokens, signing secrets, addresses and limits of a network, and its answer. No fault holds a secret.
#include "domain/network_security.hpp"

#include "domain/ascii.hpp"
#include "postback/domain/webhook_signature.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kMostSecrets = 20;
constexpr std::size_t kMostRanges = 500;
constexpr std::uint32_t kLongestSkew = 24 * 60 * 60;

bool is_plain(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) {
    return is_ascii_alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos;
  });
}

/// A key of a moved URL may be shorter than a token of ours.
bool is_further_token(std::string_view text) { return text.size() >= 4 && text.size() <= 128 && is_plain(text); }

bool is_hmac_secret(std::string_view text) {
  return text.size() >= 8 && text.size() <= 256 &&
         std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

bool is_webhook_secret(std::string_view text) { return webhook_key(text).has_value(); }

/// The texts of an array, each of which must satisfy `is_right`, and none twice.
template <class IsRight>
std::vector<std::string> read_texts(ObjectReader& reader, std::string_view field, std::size_t most, IsRight is_right,
                                    std::string_view expected) {
  std::vector<std::string> texts;
  std::size_t index = 0;
  for (const Json& entry : reader.array(field, most)) {
    const std::string place = std::string(field) + "[" + std::to_string(index++) + "]";
    std::string text = entry.is_string() ? entry.get<std::string>() : std::string();
    if (!entry.is_string()) {
      reader.fault(place, "is not text", std::string(expected));
    } else if (!is_right(text)) {
      reader.fault(place, "is not what belongs here", std::string(expected));
    } else if (std::find(texts.begin(), texts.end(), text) != texts.end()) {
      reader.fault(place, "stands twice", "each once");
    } else {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

template <class IsRight>
Json read_signing(ObjectReader& security, std::string_view field, std::vector<std::string>& secrets,
                  std::chrono::seconds& skew, IsRight is_right, std::string_view expected) {
  const Json* const given = security.find(field);
  if (given == nullptr) return nullptr;
  const std::size_t before = security.faults().size();
  ObjectReader reader(*given, security.path_of(field, "."), security.faults());
  secrets = read_texts(reader, "secrets", kMostSecrets, is_right, expected);
  if (secrets.empty() && reader.faults().size() == before && !security.is_spared())
    reader.fault("secrets", "is empty, so nothing would be signed",
                 "at least one secret: " + std::string(expected) + "; or " + std::string(field) +
                     ": null, to ask for no such signature");
  const auto seconds = reader.integer("skew_s", 300, 1, kLongestSkew);
  skew = std::chrono::seconds(seconds);
  reader.finish();
  return Json{{"secrets", secrets}, {"skew_s", seconds}};
}

/// null: from everywhere. An empty list, which would say nowhere, is a fault.
Json read_ranges(ObjectReader& reader, std::vector<AddressRange>& ranges) {
  const Json* const given = reader.find("allow_ips");
  if (given == nullptr) return nullptr;
  if (*given == Json::array()) {
    if (!reader.is_spared())
      reader.fault("allow_ips", "is empty",
                   "at least one address or block; or null, to take postbacks from everywhere");
    return nullptr;
  }
  Json canonical = Json::array();
  std::size_t index = 0;
  for (const Json& entry : reader.array("allow_ips", kMostRanges)) {
    const std::string place = "allow_ips[" + std::to_string(index++) + "]";
    if (!entry.is_string()) {
      reader.fault(place, "is not text", "an IP address, or a block such as \"192.0.2.0/24\"");
      continue;
    }
    const auto& text = entry.get_ref<const std::string&>();
    if (auto range = AddressRange::parse(text)) {
      ranges.push_back(*range);
      canonical.push_back(text);
    } else {
      reader.fault(place, range.error().detail, "an IP address, or a block such as \"192.0.2.0/24\"");
    }
  }
  return canonical;
}

}  // namespace

Json read_security(ObjectReader& reader, Network& network) {
  ObjectReader given(reader.object("security"), reader.path_of("security."), reader.faults());
  if (reader.is_spared()) given.spare_newer_rules();
  NetworkSecurity& security = network.security;
  Json canonical = Json::object();
  canonical["token"] = network.token_required = security.token = given.boolean("token", true);
  canonical["tokens"] = security.tokens = read_texts(given, "tokens", kMostSecrets, is_further_token,
                                                     "4 to 128 letters, digits, - . _ or ~, as a URL carries them");
  canonical["hmac"] = read_signing(given, "hmac", security.hmac_secrets, security.skew, is_hmac_secret,
                                   "8 to 256 bytes of text without control characters");
  canonical["webhook"] = read_signing(given, "webhook", security.webhook_secrets, security.webhook_skew,
                                      is_webhook_secret, "`whsec_` and the base64 of 24 to 64 bytes");
  canonical["allow_ips"] = read_ranges(given, security.allow_ips);
  canonical["https_only"] = security.https_only = given.boolean("https_only", false);
  canonical["requests_per_minute"] = nullptr;
  if (given.find("requests_per_minute") != nullptr) {
    canonical["requests_per_minute"] =
        *(security.requests_per_minute = given.integer("requests_per_minute", 1, 1, 10'000'000));
  }
  given.finish();
  return canonical;
}

void read_token(ObjectReader& reader, Network& network) {
  constexpr std::string_view kExpected = "8 to 128 letters, digits, - . _ or ~; leave it out to get a random one";
  const std::size_t before = reader.faults().size();
  network.token = reader.text("token", 128);
  if (reader.faults().size() > before) return;
  if (network.token.empty() && !network.token_required) return;
  if (network.token.empty())
    reader.fault("token", "is missing", std::string(kExpected));
  else if (network.token.size() < 8)
    reader.fault("token", "is shorter than 8 characters", std::string(kExpected));
  else if (!is_plain(network.token))
    reader.fault("token", "has characters that a URL cannot carry unchanged", std::string(kExpected));
}

Json read_answer(ObjectReader& reader, NetworkAnswer& answer) {
  ObjectReader given(reader.object("answer"), reader.path_of("answer."), reader.faults());
  Json canonical{{"always_200", nullptr}, {"body", nullptr}};
  if (given.find("always_200") != nullptr) {
    canonical["always_200"] = answer.always_200 = given.boolean("always_200", false);
  }
  if (given.find("body") != nullptr) canonical["body"] = answer.body = given.text("body", 1000);
  given.finish();
  return canonical;
}

}  // namespace postback
