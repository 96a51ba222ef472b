// Requests drawn from the OpenAPI document, valid and broken, against a running server: no 5xx, nothing undescribed.
#include "support/api_request.hpp"
#include "support/json_generator.hpp"
#include "support/seed.hpp"
#include "support/serving_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace postback::testing {
namespace {

using nlohmann::json;

/// Values that no schema here asks for.
const std::vector<std::string> kHostile = {"",
                                           " ",
                                           "0",
                                           "-1",
                                           "1e9",
                                           "99999999999999999999",
                                           "9223372036854775807",
                                           "null",
                                           "true",
                                           "%",
                                           "%2e%2e",
                                           "..",
                                           "a/b",
                                           "a?b=c&d#e",
                                           std::string("a\0b", 3),
                                           "\xff\xfe",
                                           "\xed\xa0\x80",
                                           "a\r\nSet-Cookie: b=c",
                                           "<script>alert(1)</script>",
                                           "' OR 1=1 --",
                                           "=1+1",
                                           "{clickid}",
                                           "2026-13-01T00:00:00Z",
                                           "9999-12-31T23:59:59Z",
                                           "0000-01-01T00:00:00Z",
                                           "2026-01-31T00:00:00 01:00",
                                           "\xe2\x80\xae\xf0\x9f\x98\x80",
                                           std::string(300, 'a'),
                                           std::string(5'000, 'x')};
const std::vector<std::string> kTypes = {
    "text/plain",       "application/x-www-form-urlencoded", "application/json;charset=x",
    "APPLICATION/JSON", "multipart/form-data; boundary=x",   ";",
    "application/xml"};
/// Members that servers leave aside whatever they hold, so that what was read can be sent back.
const std::vector<std::string> kLeftAside = {"archived", "revision", "updated", "created",
                                             "revoked",  "version",  "exported"};

/// One request, and whether the description forbids its body.
struct Drawn {
  ApiRequest request;
  std::string forbidden;  ///< What is wrong with the body; empty: nothing, or something else may be wrong as well.
};

class OpenApiFuzz : public ::testing::Test {
 protected:
  OpenApiFuzz() : random_(seed_), token_(server_.example_catalog()), click_(server_.click()) {
    for (const auto* role : {"viewer", "operator"}) {
      const auto made = server_.put("keys", role, std::string(R"({"name":"A key","role":")") + role + "\"}");
      keys_.push_back(json::parse(made.body).at("key"));
    }
  }

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  template <class Values>
  const auto& any_of(const Values& values) {
    return values[below(values.size())];
  }

  /// Cases are kept for a while: to find them takes far longer than to send one.
  struct Values {
    Values(const json& document, const json& schema, std::uint64_t seed) : generator(document, schema, seed) {}
    JsonGenerator generator;
    std::vector<JsonCase> hostile;
    std::vector<JsonCase> broken;
  };
  Values& values(const json& schema) {
    auto& made = values_[schema.dump()];
    if (!made) made = std::make_unique<Values>(description_.document(), schema, random_());
    return *made;
  }

  std::string text_for(const json& schema, const std::string& known) {
    const auto kind = below(4);
    if (kind == 0) return any_of(kHostile);
    if (kind == 1 && !known.empty()) return known;
    const auto value = values(schema).generator.valid();
    return value.is_string() ? value.get<std::string>() : value.dump();
  }

  void draw_parameters(const DescribedOperation& operation, ApiRequest& request, bool plain) {
    for (const auto& parameter : operation.parameters) {
      if (parameter.place == "path") {
        if (!plain && one_in(3)) request.path_values[parameter.name] = text_for(parameter.schema, {});
        // An empty segment would be another path.
        if (request.path_values[parameter.name].empty()) request.path_values[parameter.name] = "x";
      } else if (parameter.place == "query" && !plain && one_in(operation.parameters.size() / 2 + 2)) {
        request.query.emplace_back(parameter.open ? "zone" : parameter.name,
                                   text_for(parameter.schema, known(parameter)));
        if (one_in(10)) request.query.push_back(request.query.back());
      } else if (parameter.place == "header" && !plain && one_in(4)) {
        auto value = one_in(2) ? "\"" + std::to_string(below(9)) + "\"" : text_for(parameter.schema, "*");
        std::erase_if(value, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
        request.headers.emplace_back(parameter.name, value);
      }
    }
    if (!plain && one_in(15)) request.query.emplace_back("no_such_parameter", any_of(kHostile));
  }

  std::string known(const DescribedParameter& parameter) const {
    if (parameter.name == "token") return token_;
    if (parameter.name == "click_id" || parameter.name == "id") return click_;
    if (parameter.name == "network") return "acme";
    return {};
  }

  void draw_body(const DescribedOperation& operation, Drawn& drawn, bool plain) {
    auto& request = drawn.request;
    if (operation.bodies.is_null()) {
      if (one_in(30)) request.body = "{}";
      return;
    }
    const auto& schema = operation.bodies.at("application/json");
    auto& source = values(schema);
    if (source.hostile.empty() || one_in(40)) {
      source.hostile = source.generator.hostile();
      source.broken = source.generator.broken();
    }
    const auto kind = below(5);
    const bool odd_type = !plain && one_in(10);
    request.headers.emplace_back("Content-Type", odd_type ? any_of(kTypes) : "application/json");
    if (kind == 0) {
      request.body = any_of(source.hostile).text;
    } else if (kind == 1) {
      request.body = one_in(4) ? "a=b&click_id=" + click_ : repaired(source.generator.valid()).dump();
    } else if (kind == 2) {
      request.body = source.generator.valid().dump();
    } else if (!source.broken.empty()) {
      const auto& chosen = any_of(source.broken);
      request.body = chosen.text;
      const auto aside = [&](const std::string& name) { return chosen.what.find("/" + name) != std::string::npos; };
      if (plain && std::ranges::none_of(kLeftAside, aside)) drawn.forbidden = chosen.what;
    }
  }

  /// Refers to what is there, so that some bodies are taken.
  static json repaired(json value) {
    if (!value.is_object()) return value;
    if (value.contains("network")) value["network"] = "acme";
    if (value.contains("source")) value["source"] = "adnet";
    if (value.contains("campaign")) value["campaign"] = "summer";
    if (value.contains("url")) value["url"] = "https://offer.example/?s={clickid}";
    value.erase("fallback_url");
    value.erase("currency");
    value.erase("cost");
    if (value.contains("paths")) value["paths"] = json::parse(R"([{"offers":[{"offer":"vpn"}]}])");
    return value;
  }

  Drawn draw(const DescribedOperation& operation) {
    const bool plain = one_in(3);
    Drawn drawn{.request = {.method = operation.method,
                            .path = operation.path,
                            .path_values = example_path_values(operation, click_),
                            .query = {},
                            .headers = {},
                            .body = {}},
                .forbidden = {}};
    if (operation.role != "none") {
      const auto key = plain || !one_in(8) ? std::string("k1") : any_of(keys_);
      if (plain || !one_in(40)) drawn.request.headers.emplace_back("Authorization", "Bearer " + key);
    }
    draw_parameters(operation, drawn.request, plain);
    draw_body(operation, drawn, plain);
    return drawn;
  }

  /// Whether one of the rows that are judged each by itself, under HTTP status 200, was refused.
  static bool refuses_a_row(const DescribedOperation& operation, const RawResponse& answer) {
    if (operation.id != "importClicks" && operation.id != "postConversions") return false;
    const auto report = json::parse(answer.body, nullptr, false);
    if (report.value("refused", 0) > 0) return true;
    static const std::vector<std::string> kTaken{"converted", "updated", "added", "duplicate", "ignored_by_rule"};
    for (const auto& item : report.value("items", json::array())) {
      if (std::ranges::find(kTaken, item.value("code", kTaken.front())) == kTaken.end()) return true;
    }
    return false;
  }

  /// Sends it over the connection that is open, or a new one.
  void send(const DescribedOperation& operation, const Drawn& drawn) {
    const bool head = operation.method == "GET" && !operation.path.starts_with("/postback") &&
                      !operation.path.starts_with("/pixel") && operation.path != "/convert" && one_in(10);
    auto text = drawn.request.text();
    if (head) text.replace(0, 3, "HEAD");
    if (!client_) client_.emplace(server_.port());
    client_->send(text);
    const auto answer = client_->read_response(head ? Asked::head : Asked::get);
    if (answer.header("Connection") == "close") client_.reset();
    const auto shown = text.substr(0, 3'000) + "\n" + answer.head + answer.body.substr(0, 1'000);
    for (const auto& fault : description_.faults(operation, answer, head)) ADD_FAILURE() << fault << "\n" << shown;
    // What is only loaded ahead is the one 503 of a healthy server.
    const auto headers = operation.names_in("header");
    const bool may_be_ahead = std::ranges::find(headers, "Sec-Purpose") != headers.end();
    EXPECT_TRUE(answer.status < 500 || (may_be_ahead && answer.status == 503)) << shown;
    if (!drawn.forbidden.empty() && !operation.path.starts_with("/postback/")) {
      EXPECT_TRUE(answer.status >= 400 || refuses_a_row(operation, answer))
          << "the description forbids " << drawn.forbidden << "\n"
          << shown;
    }
    ++statuses_[answer.status / 100];
  }

  const std::uint64_t seed_ = printed_seed();
  std::mt19937_64 random_;
  const ApiDescription description_;
  TestServer server_;
  std::string token_;
  std::string click_;
  std::vector<std::string> keys_;
  std::map<std::string, std::unique_ptr<Values>> values_;  ///< By the schema's text.
  std::optional<RawClient> client_;
  std::map<int, int> statuses_;
};

TEST_F(OpenApiFuzz, FindsNoServerErrorAndNothingThatIsNotDescribed) {
  const auto rounds = number_from_environment("POSTBACKD_TEST_FUZZ_ROUNDS", 4);
  for (std::uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
    for (const auto& operation : description_.operations())
      for (int i = 0; i < 4 && !HasFailure(); ++i) send(operation, draw(operation));
    // Whatever was deleted or replaced: the example is there again.
    server_.post("/api/v1/revisions/4/restore", "", "application/json");
  }
  for (const auto& [hundred, count] : statuses_) std::cout << hundred << "xx: " << count << "\n";
  EXPECT_GT(statuses_[2], statuses_[4] / 20) << "hardly anything was accepted";
  EXPECT_EQ(server_.get("/readyz").status, 200);
  expect_still_serving(server_);
}

}  // namespace
}  // namespace postback::testing
