// What a destination sends: method, URL, headers and body, its document's before its profile's.
#include "domain/ascii_text.hpp"
#include "domain/destination_reading.hpp"
#include "domain/template_places.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace postback {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostHeaders = 50;
constexpr std::size_t kLongestHeader = 4096;
constexpr std::size_t kLongestBody = std::size_t{64} * 1024;
constexpr std::size_t kShortestSecretWord = 8;
constexpr std::size_t kLongestPathWord = 19;
constexpr std::array kRequestFields{"method"sv,    "url"sv,        "headers"sv, "body"sv,
                                    "body_type"sv, "omit_empty"sv, "expect"sv};

/// Set by postbackd or its HTTP client, or of no use in one request.
constexpr std::array kOwnHeaders{"host"sv,       "content-length"sv,    "transfer-encoding"sv, "connection"sv,
                                 "user-agent"sv, "keep-alive"sv,        "accept-encoding"sv,   "expect"sv,
                                 "te"sv,         "trailer"sv,           "upgrade"sv,           "idempotency-key"sv,
                                 "webhook-id"sv, "webhook-timestamp"sv, "webhook-signature"sv};
constexpr std::array kOpenHeaders{"accept"sv, "accept-language"sv, "content-type"sv};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, [](char c) {
    return is_ascii_alphanumeric(c) || "!#$%&'*+-.^_`|~"sv.find(c) != std::string_view::npos;
  });
}

/// Of `https://host:8443`; 0: none is written.
int port_of(std::string_view origin) {
  int port = 0;
  if (origin.ends_with(']')) return port;  // an IPv6 address
  const std::size_t colon = origin.rfind(':');
  if (colon == std::string_view::npos) return port;
  std::from_chars(origin.data() + colon + 1, origin.data() + origin.size(), port);  // the scheme's gives none
  return port;
}

bool is_plain_port(int port) { return port == 0 || port == 80 || port == 443 || port >= 1024; }

/// What `text` looks like: JSON begins with a brace or bracket that is no token's.
BodyType guess_type(std::string_view text) {
  const auto tokens = find_tokens(text);
  const auto masked = mask_tokens(text, tokens);
  const std::size_t first = masked.find_first_not_of(kAsciiSpace);
  const bool token = !tokens.empty() && tokens.front().begin == first;
  if (first != std::string::npos && !token && (masked[first] == '{' || masked[first] == '[')) return BodyType::json;
  return masked.find('=') == std::string::npos ? BodyType::text : BodyType::form;
}

OutgoingPlace place_of(BodyType type) {
  if (type == BodyType::json) return OutgoingPlace::json;
  return type == BodyType::form ? OutgoingPlace::form : OutgoingPlace::text;
}

constexpr std::array kBodyTypes{"none"sv, "json"sv, "form"sv, "text"sv};

/// Words of a header's value that may be a key, such as the one behind `Bearer`, at most `most`. How many there were.
std::size_t add_words(std::vector<std::string>& secrets, std::string_view text, std::size_t most) {
  std::size_t added = 0;
  for (std::size_t at = 0; at < text.size() && added < most;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end - at >= kShortestSecretWord) {
      add_secret(secrets, text.substr(at, end - at));
      ++added;
    }
    at = end + 1;
  }
  return added;
}

/// Reads the fields that a profile may give from the document laid over the profile's.
class RequestReader {
 public:
  RequestReader(ObjectReader& document, const Json& merged, const DestinationProfile* profile,
                const SettingValues& settings, Destination& destination)
      : reader_(merged, document.path_of({}), document.faults()),
        profile_(profile),
        settings_(settings),
        destination_(destination) {
    if (document.is_spared()) reader_.spare_newer_rules();
  }

  /// Returns the canonical form of what was read.
  Json read() {
    Json canonical = Json::object();
    const Json* const body = read_body(canonical);
    canonical["method"] = destination_.method =
        reader_.choice("method", body == nullptr ? "GET" : "POST", {"GET", "POST", "PUT", "PATCH", "FEED"});
    if (destination_.is_feed())
      read_feed(body != nullptr);
    else
      read_url();
    if (destination_.method == "GET" && body != nullptr)
      reader_.fault("method", "is GET, which carries no body", "\"POST\", \"PUT\" or \"PATCH\", or leave the body out");
    canonical["url"] = text_or_null(url_);
    canonical["headers"] = read_headers();
    canonical["expect"] = read_expected_answer(reader_, destination_.expect);
    return canonical;
  }

 private:
  OutgoingTemplate compile(std::string_view field, std::string_view text, OutgoingPlace place,
                           std::string_view expected) {
    const std::string filled = with_settings(text, settings_, place, destination_);
    auto compiled = OutgoingTemplate::compile(filled, place);
    if (!compiled) {
      reader_.fault(field, compiled.error().detail, std::string(expected));
      return {};
    }
    check_bare_tokens(field, filled, place, expected);
    return *std::move(compiled);
  }

  void check_bare_tokens(std::string_view field, std::string_view text, OutgoingPlace place,
                         std::string_view expected) {
    const bool form = place == OutgoingPlace::form;
    if (reader_.is_spared() || (place != OutgoingPlace::url && !form)) return;
    if (std::string bare = find_bare_tokens(text, form); !bare.empty())
      reader_.fault(field, std::move(bare), std::string(expected));
  }

  void read_url() {
    constexpr std::string_view kExpected = "an absolute URL, such as \"https://crm.example/in?c={external_id}\"";
    const std::size_t before = reader_.faults().size();
    url_ = reader_.text("url", kLongestUrl);
    if (reader_.faults().size() != before) return;
    if (url_.empty()) return missing_url(kExpected);
    destination_.url = compile("url", url_, OutgoingPlace::url, kExpected);
    add_url_secrets();
    add_path_secrets();
    if (!is_plain_port(port_of(destination_.origin())))
      reader_.fault("url", "has a port below 1024 that is not for the web", "port 80, 443, or one from 1024 to 65535");
  }

  void add_url_secrets() {
    const std::string_view url = destination_.url.text();
    const QueryPlace query = find_query(mask_tokens(url, find_tokens(url)));
    add_parameter_secrets(url, query.begin, query.end);
  }

  /// Parts of the path that look like a key, as in the URLs of many webhooks, unless the profile wrote them: long, or
  /// with a digit in them.
  void add_path_secrets() {
    if (profile_ != nullptr && profile_->request.value("url", Json()) == url_) return;
    const std::string url = mask_tokens(url_, find_tokens(url_));
    const std::string_view rest = std::string_view(url).substr(std::min(url.find("://") + 3, url.size()));
    const std::string_view path = rest.substr(0, rest.find_first_of("?#"));
    for (std::size_t at = path.find('/'); at < path.size();) {
      const std::size_t end = std::min(path.find('/', at + 1), path.size());
      const std::string_view part = path.substr(at + 1, end - at - 1);
      const bool literal = part.find('{') == std::string_view::npos && part.size() >= kShortestSecretWord;
      const bool digits = part.find_first_of("0123456789") != std::string_view::npos;
      if (literal && (digits || part.size() > kLongestPathWord)) add_secret(destination_, part);
      at = end;
    }
  }

  /// Parameters that are a key or token by their name, where a user wrote them into URL or form.
  void add_parameter_secrets(std::string_view text, std::size_t begin, std::size_t text_end) {
    const std::string masked = mask_tokens(text, find_tokens(text));
    for (std::size_t at = begin; at < text_end;) {
      const std::size_t end = std::min(masked.find('&', at), text_end);
      const std::size_t equals = std::min(masked.find('=', at), end);
      const std::string value = masked.substr(std::min(equals + 1, end), end - std::min(equals + 1, end));
      const bool literal = value.find('{') == std::string::npos && value.size() >= kShortestSecretWord;
      if (literal && sounds_secret(to_ascii_lower(text.substr(at, equals - at)))) add_secret(destination_, value);
      at = end + 1;
    }
  }

  /// The same for members of JSON.
  void add_member_secrets(const Json& json) {
    for (const auto& [name, value] : json.items()) {
      if (value.is_structured()) {
        add_member_secrets(value);
      } else if (json.is_object() && value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const bool literal = text.find('{') == std::string::npos && text.size() >= kShortestSecretWord;
        if (literal && sounds_secret(to_ascii_lower(name))) add_secret(destination_, text);
      }
    }
  }

  void add_body_secrets(const Json& body, const std::string& text) {
    if (destination_.body_type == BodyType::form) add_parameter_secrets(text, 0, text.size());
    if (destination_.body_type != BodyType::json) return;
    if (body.is_structured()) return add_member_secrets(body);
    // As text it is JSON only where no token stands outside of strings.
    if (const auto parsed = parse_strict_json(text); parsed && parsed->is_structured()) add_member_secrets(*parsed);
  }

  void missing_url(std::string_view expected) {
    if (profile_ == nullptr || !profile_->of_source) return reader_.fault("url", "is missing", std::string(expected));
    reader_.fault("url", "is missing: the postback URL of " + profile_->name + " is not known beforehand",
                  "the one that your account there shows, with {external_id} where its click ID belongs" +
                      (profile_->note.empty() ? std::string() : ". " + profile_->note));
  }

  void read_feed(bool has_body) {
    if (!reader_.text("url", kLongestUrl).empty())
      reader_.fault("url", "does not go with FEED", "leave it out: the other side fetches the file from here");
    if (has_body) reader_.fault("body", "does not go with FEED", "leave it out");
    if (profile_ == nullptr || !profile_->is_feed()) {
      reader_.fault("method", "is FEED, which needs a profile with the columns of the file",
                    "the profile \"google_ads_offline\"");
      return;
    }
    destination_.feed_start = profile_->feed_start;
    for (const ProfileColumn& column : profile_->columns) {
      destination_.feed_columns.push_back(
          {column.name, compile("settings", column.value, OutgoingPlace::text, "settings with known tokens"),
           column.required});
    }
  }

  Json read_headers() {
    const Json& object = reader_.object("headers");
    if (object.size() > kMostHeaders)
      reader_.fault("headers", "are too many", "at most " + std::to_string(kMostHeaders));
    ObjectReader given(object, reader_.path_of("headers."), reader_.faults());
    Json canonical = Json::object();
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) {
      if (value.is_null()) continue;
      const std::string lower = to_ascii_lower(name);
      const std::string text = given.text(name, kLongestHeader);
      if (!is_header_name(name)) {
        given.fault(name, "cannot be a header's name", "letters, digits and -, such as \"X-Key\"");
      } else if (contains(kOwnHeaders, lower)) {
        given.fault(name, "is not for a destination to set", "leave it out; postbackd sets it where it is needed");
      } else if (std::ranges::find(names, lower) != names.end()) {
        given.fault(name, "stands twice, in different letters", "each header once");
      } else {
        add_header(name, lower, text);
      }
      names.push_back(lower);
      canonical[name] = text;
    }
    return canonical;
  }

  void add_header(const std::string& name, const std::string& lower, const std::string& text) {
    const std::string filled = with_settings(text, settings_, OutgoingPlace::header, destination_);
    if (!is_open_header(lower)) add_header_secrets(filled);
    destination_.headers.emplace_back(
        name, compile("headers." + name, text, OutgoingPlace::header, "text with known tokens"));
  }

  /// What stands beside tokens is known now, the rest when it is rendered.
  void add_header_secrets(std::string_view text) {
    const auto tokens = find_tokens(text);
    if (tokens.empty()) {
      add_secrets_of_header(destination_.secrets, text);
      return;
    }
    std::string words = mask_tokens(text, tokens);
    std::ranges::replace(words, '{', ' ');
    add_words(destination_.secrets, words, std::string_view::npos);
  }

  /// Null: there is none.
  const Json* read_body(Json& canonical) {
    const Json* body = reader_.find("body");
    if (body != nullptr && *body == "") body = nullptr;
    const bool structured = body != nullptr && body->is_structured();
    if (body != nullptr && !structured && !body->is_string()) {
      reader_.fault("body", "is neither text nor a JSON object or array", "a template, such as {\"tx\":\"{txid}\"}");
      body = nullptr;
    }
    std::string text;
    if (body != nullptr)
      text = structured ? body->dump(-1, ' ', false, Json::error_handler_t::replace) : body->get<std::string>();
    if (text.size() > kLongestBody)
      reader_.fault("body", "is " + std::to_string(text.size()) + " bytes long",
                    "at most " + std::to_string(kLongestBody) + " bytes");
    destination_.body_type = read_body_type(body == nullptr ? BodyType::none
                                            : structured    ? BodyType::json
                                                            : guess_type(text));
    if (structured && destination_.body_type != BodyType::json)
      reader_.fault("body_type", "does not fit a body that is JSON", "\"json\", or write the body as text");
    else if (body != nullptr)
      destination_.body = compile("body", text, place_of(destination_.body_type), "a template with known tokens");
    if (body != nullptr) add_body_secrets(*body, text);
    canonical["body"] = body == nullptr ? Json(nullptr) : *body;
    canonical["body_type"] = kBodyTypes[static_cast<std::size_t>(destination_.body_type)];
    canonical["omit_empty"] = destination_.omit_empty = reader_.boolean("omit_empty", false);
    if (destination_.omit_empty && destination_.body_type != BodyType::json)
      reader_.fault("omit_empty", "needs a JSON body", "leave it out");
    return body;
  }

  BodyType read_body_type(BodyType natural) {
    const std::string given =
        reader_.choice("body_type", kBodyTypes[static_cast<std::size_t>(natural)], {"json", "form", "text", "none"});
    const auto type = static_cast<BodyType>(std::ranges::find(kBodyTypes, given) - kBodyTypes.begin());
    if ((type == BodyType::none) == (natural == BodyType::none)) return type;
    reader_.fault("body_type",
                  natural == BodyType::none ? "is for a body, and there is none" : "is none, but there is a body",
                  natural == BodyType::none ? "\"none\", or a body" : "\"json\", \"form\" or \"text\"");
    return natural;
  }

  ObjectReader reader_;
  const DestinationProfile* const profile_;
  const SettingValues& settings_;
  Destination& destination_;
  std::string url_;
};

}  // namespace

bool is_open_header(std::string_view lower) { return contains(kOpenHeaders, lower); }

std::size_t add_secrets_of_header(std::vector<std::string>& secrets, std::string_view value, std::size_t most_words) {
  if (value.size() >= kShortestSecretWord) add_secret(secrets, value);
  return add_words(secrets, value, most_words);
}

void read_request(ObjectReader& reader, const DestinationProfile* profile, const SettingValues& settings,
                  Destination& destination, Json& canonical) {
  Json merged = profile == nullptr ? Json::object() : profile->request;
  Json own = Json::object();
  for (const std::string_view field : kRequestFields) {
    const Json* const given = reader.find(field);
    if (given == nullptr) continue;
    own[std::string(field)] = *given;
    if (field == "body" && !own.contains("body_type")) merged.erase("body_type");
    if (field == "headers" && given->is_object() && merged.contains("headers"))
      merged["headers"].update(*given);
    else
      merged[std::string(field)] = *given;
  }
  const Json read = RequestReader(reader, merged, profile, settings, destination).read();
  for (const std::string_view field : kRequestFields) {
    const std::string name(field);
    const bool kept = profile == nullptr || own.contains(name);
    canonical[name] = kept ? read.at(name) : Json(nullptr);
  }
  if (profile != nullptr) canonical["headers"] = own.contains("headers") ? own["headers"] : Json::object();
}

}  // namespace postback
