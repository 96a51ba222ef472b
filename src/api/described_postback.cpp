// Reads the description of a postback and takes its target apart.
#include "described_postback.hpp"

#include "postback/base/strict_json.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <optional>

namespace postback::api {
namespace {

constexpr std::string_view kMembers = "url, or method, target, headers and body";

/// The part of a URL that a request line carries: without scheme, host and fragment.
std::string_view origin_form(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos && scheme < url.find_first_of("/?#")) {
    const auto end_of_host = url.find_first_of("/?#", scheme + 3);
    url = end_of_host == std::string_view::npos ? std::string_view() : url.substr(end_of_host);
  }
  return url.substr(0, url.find('#'));
}

/// RFC 9110 section 5.1: a token.
bool is_header_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::ranges::none_of(value, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; });
}

class Description {
 public:
  explicit Description(const Json& json) : json_(json) {}

  std::variant<DescribedPostback, Faults> read() {
    for (const auto& [name, value] : json_.items()) {
      static_cast<void>(value);
      constexpr std::string_view kKnown[] = {"url", "method", "target", "headers", "body"};
      if (std::ranges::find(kKnown, name) == std::end(kKnown)) fault(name, "is not a member here", kMembers);
    }
    read_target();
    read_method();
    read_headers();
    if (const auto body = text("body")) described_.body = *body;
    if (faults_.empty()) take_apart();
    if (!faults_.empty()) return std::move(faults_);
    return std::move(described_);
  }

 private:
  void fault(std::string_view field, std::string problem, std::string_view expected) {
    faults_.push_back({std::string(field), std::move(problem), std::string(expected)});
  }

  std::optional<std::string> text(std::string_view name) {
    const auto member = json_.find(name);
    if (member == json_.end()) return std::nullopt;
    if (member->is_string()) return member->get<std::string>();
    fault(name, "is not a text", "a text");
    return std::nullopt;
  }

  void read_target() {
    const std::string_view name = json_.contains("url") ? "url" : "target";
    if (json_.contains("url")) {
      for (const std::string_view other : {"method", "target", "headers", "body"}) {
        if (json_.contains(other)) fault(other, "stands beside url", "url alone, or target in its place");
      }
    } else if (!json_.contains("target")) {
      return fault("url", "is missing", kMembers);
    }
    const auto url = text(name);
    if (!url) return;
    const auto unfit = std::ranges::find_if(*url, [](char c) { return c <= ' ' || c > '~'; });
    if (unfit != url->end()) {
      return fault(
          name,
          "has a character at position " + std::to_string(unfit - url->begin() + 1) + " that no request can carry",
          "visible ASCII; everything else percent-encoded");
    }
    described_.target = origin_form(*url);
    described_.secure = !boost::algorithm::istarts_with(*url, "http://");
    target_name_ = name;
  }

  void take_apart() {
    const std::string_view target = described_.target;
    if (auto url = read_postback_url(described_.postback({}))) {
      described_.url = std::move(*url);
      return;
    }
    const auto path = target.substr(0, target.find('?'));
    fault(target_name_, "has the path \"" + std::string(path.substr(0, 80)) + "\", which is not a postback's",
          "/postback/{network}, optionally with /{event}, and its query; or /postback?cid=, /{key}/postback?subid=, "
          "/click.php?cnv_id= or /postback?click_id=; with or without https://host");
  }

  void read_method() {
    const auto method = text("method");
    if (!method) return;
    if (*method != "GET" && *method != "POST") return fault("method", "is \"" + *method + "\"", "GET or POST");
    described_.method = *method;
  }

  void read_headers() {
    const auto headers = json_.find("headers");
    if (headers == json_.end()) return;
    if (!headers->is_object()) return fault("headers", "is not an object", "an object of texts");
    for (const auto& [name, value] : headers->items()) {
      const std::string field = "headers." + name;
      if (!is_header_name(name)) {
        fault(field, "is not a header's name", "letters, digits and marks such as -");
      } else if (!value.is_string() || !is_header_value(value.get_ref<const std::string&>())) {
        fault(field, "is not a header's value", "a text without line ends and control characters");
      } else {
        const auto& text = value.get_ref<const std::string&>();
        described_.headers.append(name).append(": ").append(text).append("\r\n");
        if (boost::algorithm::iequals(name, "Content-Type")) described_.content_type = text;
      }
    }
  }

  const Json& json_;
  DescribedPostback described_;
  std::string_view target_name_;  ///< The member that has the target.
  Faults faults_;
};

}  // namespace

Postback DescribedPostback::postback(TimeMs arrival) const {
  const std::string_view text = target;
  const auto mark = text.find('?');
  const bool too_large = body.size() > kLongestPostbackBody;
  return Postback{.method = method,
                  .target = text,
                  .query = mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1),
                  .network = url.network,
                  .event = url.event,
                  .content_type = content_type,
                  .headers = headers,
                  .body = too_large ? std::string_view() : std::string_view(body),
                  .body_too_large = too_large,
                  .peer = {},
                  .arrival = arrival,
                  .shape = url.shape,
                  .path_key = url.key,
                  .secure = secure};
}

std::variant<DescribedPostback, Faults> read_described_postback(std::string_view json) {
  const auto parsed = parse_strict_json(json);
  if (parsed.has_error()) return Faults{{"(document)", parsed.error().detail, "one JSON object"}};
  if (!parsed->is_object()) return Faults{{"(document)", "is not an object", "one JSON object"}};
  return Description(*parsed).read();
}

}  // namespace postback::api
