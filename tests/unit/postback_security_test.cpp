// How postbacks authenticate: way, address, tokens and signatures; each refusal with evidence and fix, no secret in
// any.
#include "support/incoming_request.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <limits>
#include <span>

namespace postback {
namespace {

constexpr std::string_view kWebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::int64_t kNow = FakeClock::kStart.time_since_epoch().count() / 1000;

/// Networks named after what they ask for.
std::shared_ptr<const Catalog> guarded_catalog() {
  static const auto catalog = [] {
    auto documents = example_documents();
    const auto network = [&documents](const std::string& id, const std::string& security,
                                      const std::string& more = {}) {
      documents.push_back(document_of(
          EntityKind::network, id,
          R"({"name":"N","click_param":"s","token":"T0KEN-)" + id + R"(","security":)" + security + more + "}"));
    };
    network("off", "{}", R"(,"disabled":true)");
    network("https", R"({"https_only":true})");
    network("near", R"({"allow_ips":["192.0.2.0/28","2001:db8::/32"]})");
    network("rotating", R"({"tokens":["T0KEN-before","shared"]})");
    network("signed", R"({"token":false,"hmac":{"secrets":["first-secret","other-secret"]}})");
    network("both", R"({"hmac":{"secrets":["first-secret"],"skew_s":60}})");
    network("hook", R"({"token":false,"webhook":{"secrets":["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",")" +
                        std::string(kWebhookSecret) + R"("]}})");
    network("either", R"({"token":false,"hmac":{"secrets":["first-secret"]},"webhook":{"secrets":[")" +
                          std::string(kWebhookSecret) + R"("]}})");
    return catalog_of(std::move(documents));
  }();
  return catalog;
}

/// A network with so many further tokens.
std::shared_ptr<const Catalog> catalog_with_tokens(int count) {
  std::string tokens;
  for (int i = 0; i < count; ++i) {
    const auto number = std::to_string(1000 + i);
    tokens.append(tokens.empty() ? "\"" : ",\"").append("T0KEN-" + number + "\"");
  }
  return catalog_of(patched_example(EntityKind::network, R"({"security":{"tokens":[)" + tokens + "]}}"));
}

/// The least processor time that reading it took.
std::chrono::nanoseconds reading_time(const IncomingRequest& request, const std::shared_ptr<const Catalog>& catalog) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  };
  auto least = std::chrono::nanoseconds::max();
  for (int i = 0; i < 30; ++i) {
    const auto before = now();
    const Reading reading = read_request(request, catalog);
    least = std::min<std::chrono::nanoseconds>(least, now() - before);
    EXPECT_TRUE(reading.refusal && reading.refusal->code == VerdictCode::token_missing);
  }
  return least;
}

// Whoever knows the URL can have it done, before any limit counts.
TEST(PostbackSecurity, ManyTokensCostARefusedRequestLittle) {
  IncomingRequest request{.target = "/postback/acme?click_id=$ID"};
  for (int i = 0; i < 80; ++i) request.target += "&p" + std::to_string(i) + "=t0ken-9999";
  const auto few = reading_time(request, catalog_with_tokens(1));
  const auto many = reading_time(request, catalog_with_tokens(20));
  EXPECT_LT(many, few * 5 / 2) << few.count() << " ns with two tokens, " << many.count() << " ns with 21";
}

std::string hex(std::span<const unsigned char> bytes) {
  std::string text;
  for (const auto byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

/// As spec section 5 has it, by another library than the server's.
std::string sign(std::string_view secret, std::string_view method, std::string_view target,
                 std::string_view body = {}) {
  std::array<unsigned char, 32> hash{};
  EVP_Digest(body.data(), body.size(), hash.data(), nullptr, EVP_sha256(), nullptr);
  const auto text = std::string(method) + "\n" + std::string(target) + "\n" + hex(hash);
  std::array<unsigned char, 32> mac{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library takes unsigned bytes.
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
  return hex(mac);
}

std::string signed_target(std::string_view secret, const std::string& target) {
  return target + "&sign=" + sign(secret, "GET", with_samples(target));
}
std::string signed_at(std::int64_t seconds) {
  return signed_target("first-secret", "/postback/signed?click_id=$ID&ts=" + std::to_string(seconds));
}

struct Row {
  const char* what;
  IncomingRequest request;
  std::optional<VerdictCode> code;  ///< Of the way in; nothing: it may be read.
  Authentication authentication = Authentication::none;
  const char* evidence = "";
  const char* fix = "";
};

void expect_rows(const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto reading = read_request(row.request, guarded_catalog());
    EXPECT_EQ(to_string(reading.authentication), to_string(row.authentication));
    std::string shown = reading.logged_target + reading.logged_headers + reading.logged_body;
    EXPECT_EQ(reading.refusal ? to_string(reading.refusal->code) : "", row.code ? to_string(*row.code) : "");
    if (reading.refusal) {
      EXPECT_NE(reading.refusal->evidence.find(row.evidence), std::string::npos) << reading.refusal->evidence;
      EXPECT_NE(reading.refusal->fix.find(row.fix), std::string::npos) << reading.refusal->fix;
      EXPECT_FALSE(reading.refusal->fix.empty());
      shown += reading.refusal->message + reading.refusal->evidence + reading.refusal->fix;
    }
    for (const auto* const secret : {"T0KEN", "first-secret", "other-secret", "whsec_M", "g0hM9SsE"}) {
      EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
    }
  }
}

TEST(PostbackSecurity, AsksInOrderWhetherTheNetworkIsUsedAndHowItCame) {
  using enum VerdictCode;
  const std::string good = "click_id=$ID&token=T0KEN-";
  expect_rows({
      {"switched off",
       {.target = "/postback/off?" + good + "off"},
       network_disabled,
       {},
       "`disabled`",
       "by its ID, as an admin"},
      {"switched off, no token", {.target = "/postback/off"}, network_disabled},
      {"plain HTTP", {.target = "/postback/https?" + good + "https"}, https_required, {}, "plain HTTP", "https://"},
      {"plain HTTP, no token", {.target = "/postback/https?click_id=$ID"}, https_required},
      {"HTTPS said by nobody we trust",
       {.target = "/postback/https", .headers = "Host: x\r\nX-Forwarded-Proto: HTTPS\r\n"},
       https_required,
       {},
       "came from `192.0.2.1`",
       "`http.trusted_proxies`"},
      {"HTTPS", {.target = "/postback/https?" + good + "https", .secure = true}, std::nullopt, Authentication::token},
      {"address in the block", {.target = "/postback/near?" + good + "near"}, std::nullopt, Authentication::token},
      {"IPv4 within IPv6",
       {.target = "/postback/near?" + good + "near", .peer = "::ffff:192.0.2.9"},
       std::nullopt,
       Authentication::token},
      {"address in the IPv6 block",
       {.target = "/postback/near?" + good + "near", .peer = "2001:db8::7"},
       std::nullopt,
       Authentication::token},
      {"next address",
       {.target = "/postback/near?" + good + "near", .peer = "192.0.2.16"},
       ip_not_allowed,
       {},
       "`192.0.2.16`",
       "add it to its `allow_ips`"},
      {"address is asked before the token", {.target = "/postback/near", .peer = "192.0.2.16"}, ip_not_allowed},
      {"allowed address in front of a proxy we do not trust",
       {.target = "/postback/near", .peer = "198.51.100.1", .forwarded_for = "203.0.113.1, 192.0.2.3"},
       ip_not_allowed,
       {},
       "`192.0.2.3`, which is allowed",
       "If `198.51.100.1` is a proxy of yours, list it under `http.trusted_proxies`"},
  });
}

TEST(PostbackSecurity, LeavesOutWhatAnExplanationCannotKnow) {
  const auto reading =
      read_request({.target = "/postback/near?click_id=$ID&token=T0KEN-near", .peer = ""}, guarded_catalog());
  EXPECT_FALSE(reading.refusal);
  EXPECT_NE(joined(reading.warnings).find("was not checked"), std::string::npos);
}

TEST(PostbackSecurity, BelievesWhoWasAuthenticatedBefore) {
  expect_rows({
      {"no token",
       {.target = "/postback/near?click_id=$ID", .peer = "", .authenticated = Authentication::token},
       std::nullopt,
       Authentication::token},
      {"old signature",
       {.target = "/postback/signed?click_id=$ID&ts=1&sign=***", .authenticated = Authentication::signature},
       std::nullopt,
       Authentication::signature},
      {"switched off since",
       {.target = "/postback/off?click_id=$ID", .authenticated = Authentication::token},
       VerdictCode::network_disabled},
  });
}

TEST(PostbackSecurity, TakesEveryTokenOfTheNetwork) {
  using enum VerdictCode;
  const auto sent = [](std::string token) {
    return IncomingRequest{.target = "/postback/rotating?click_id=$ID&token=" + std::move(token)};
  };
  expect_rows({
      {"its own", sent("T0KEN-rotating"), std::nullopt, Authentication::token},
      {"the one before", sent("T0KEN-before"), std::nullopt, Authentication::token},
      {"a short one", sent("shared"), std::nullopt, Authentication::token},
      {"neither", sent("nonsense"), token_wrong, {}, "8 bytes", "Copy the postback URL"},
      {"the one before, elsewhere",
       {.target = "/postback/rotating?key=T0KEN-before"},
       token_missing,
       {},
       "valid token arrived in `key`",
       "Rename `key`"},
  });
}

TEST(PostbackSecurity, VerifiesHmac) {
  using enum VerdictCode;
  const std::string base = "/postback/signed?click_id=$ID&ts=" + std::to_string(kNow);
  const auto right = signed_target("first-secret", base);
  expect_rows({
      {"first secret", {.target = right}, std::nullopt, Authentication::signature},
      {"second secret", {.target = signed_target("other-secret", base)}, std::nullopt, Authentication::signature},
      {"no such secret",
       {.target = signed_target("third-secret", base)},
       signature_wrong,
       {},
       "any of the 2 secrets",
       "`GET`, `/postback/signed?click_id="},
      {"missing", {.target = base}, signature_missing, {}, "No `sign`", "`&sign=`"},
      {"empty", {.target = base + "&sign="}, signature_missing, {}, "`sign` stands in the query, but is empty"},
      {"without a value",
       {.target = base + "&sign"},
       signature_missing,
       {},
       "`sign` stands in the query, but is empty"},
      {"in capitals and empty", {.target = base + "&SIGN="}, signature_missing, {}, "`SIGN` stands in the query, but"},
      {"name percent-encoded", {.target = base + "&%73ign=" + std::string(64, 'a')}, signature_missing, {}, "spelling"},
      {"in capitals",
       {.target = base + "&SIGN=" + sign("first-secret", "GET", with_samples(base))},
       std::nullopt,
       Authentication::signature},
      {"in capitals and wrong", {.target = base + "&SIGN=" + std::string(64, 'a')}, signature_wrong},
      {"in capitals, something behind",
       {.target = base + "&SIGN=" + sign("first-secret", "GET", with_samples(base)) + "&payout=1"},
       signature_wrong},
      {"exactly and in capitals",
       {.target = base + "&SIGN=" + std::string(64, 'a') +
                  "&sign=" + sign("first-secret", "GET", with_samples(base) + "&SIGN=" + std::string(64, 'a'))},
       std::nullopt,
       Authentication::signature},
      {"in the body",
       {.target = base, .method = "POST", .body = "sign=" + std::string(64, 'a')},
       signature_missing,
       {},
       "in the body"},
      {"not hexadecimal", {.target = base + "&sign=xyz"}, signature_wrong, {}, "3 characters"},
      {"something behind", {.target = right + "&payout=100"}, signature_wrong, {}, "`&payout=100`", "behind all other"},
      {"an empty parameter behind", {.target = right + "&"}, signature_wrong, {}, "`&`"},
      {"another method", {.target = right, .method = "POST"}, signature_wrong, {}, "", "`POST`"},
      {"a body that was not signed", {.target = right, .method = "POST", .body = "payout=100"}, signature_wrong},
      {"another query", {.target = "/postback/signed?x=1&" + right.substr(17)}, signature_wrong},
      {"no time",
       {.target = signed_target("first-secret", "/postback/signed?click_id=$ID")},
       signature_missing,
       {},
       "could be sent again",
       "`&ts=`"},
      {"a time that is text",
       {.target = signed_target("first-secret", "/postback/signed?click_id=$ID&ts=yesterday")},
       unparseable,
       {},
       "`yesterday`",
       "Unix seconds"},
      {"299 s old", {.target = signed_at(kNow - 299)}, std::nullopt, Authentication::signature},
      {"300 s ahead", {.target = signed_at(kNow + 300)}, std::nullopt, Authentication::signature},
      {"301 s old", {.target = signed_at(kNow - 301)}, signature_stale, {}, "`ts` arrived as", "widen `skew_s`"},
      {"301 s ahead", {.target = signed_at(kNow + 301)}, signature_stale},
      {"milliseconds", {.target = signed_at(kNow * 1000)}, signature_stale, {}, "", "Unix seconds"},
      {"far past", {.target = signed_at(std::numeric_limits<std::int64_t>::min())}, signature_stale},
      {"stale and wrong", {.target = signed_at(1) + "0"}, signature_wrong},
      {"body not kept", {.target = right, .method = "POST", .body_too_large = true}, too_large},
  });
}

TEST(PostbackSecurity, SignsWhatTheSpecificationSays) {
  // Made with another program from: method, line feed, target before `&sign=`, line feed, SHA-256 of the body.
  struct Vector {
    const char* method;
    const char* target;
    const char* body;
  };
  const std::vector<Vector> vectors{
      {"GET",
       "/postback/signed?click_id=abc&ts=1768478400&sign="
       "d670bdd6c5e6e2f26f8e847265312ee173837f0ceb00cd47d1eca56e08269370",
       ""},
      {"GET",
       "/postback/signed?click_id=abc&ts=1768478400&sign="
       "4d995d6ab5544998f7633daed0d3f5ff8659d34c6e7a3e22a8153fa1dd9c9fa0",
       ""},
      {"POST",
       "/postback/signed?ts=1768478400&sign="
       "0f1ea4144b0f6996633a968e757cc55e9255e46277bba0fab8e43d60ff5ec4a4",
       "click_id=abc"},
  };
  for (const auto& vector : vectors) {
    const auto reading =
        read_request({.target = vector.target, .method = vector.method, .body = vector.body}, guarded_catalog());
    EXPECT_EQ(to_string(reading.authentication), "signature") << vector.target;
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ(to_string(reading.refusal->code), "click_id_malformed");
  }
}

TEST(PostbackSecurity, WantsTokenAndSignatureWhereBothAreSet) {
  const auto target = [](const std::string& token) {
    return signed_target("first-secret", "/postback/both?click_id=$ID&token=" + token + "&ts=" + std::to_string(kNow));
  };
  expect_rows({
      {"both", {.target = target("T0KEN-both")}, std::nullopt, Authentication::signature},
      {"wrong token", {.target = target("nonsense")}, VerdictCode::token_wrong},
      {"no signature", {.target = "/postback/both?click_id=$ID&token=T0KEN-both"}, VerdictCode::signature_missing},
  });
}

IncomingRequest hook(const std::string& signature, const std::string& body = R"({"test": 2432232314})",
                     const std::string& timestamp = "1614265330") {
  IncomingRequest request{.target = "/postback/hook", .method = "POST", .content_type = "application/json"};
  request.headers = "Host: x\r\nWebhook-Id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\nwebhook-timestamp: " + timestamp +
                    "\r\nwebhook-signature:  " + signature + "\r\n";
  request.body = body;
  request.arrival = TimeMs{std::chrono::seconds{1'614'265'330}};
  return request;
}

TEST(PostbackSecurity, AWebhooksSignatureCoversItsBodyAlone) {
  using enum VerdictCode;
  const auto with_query = [](const std::string& query) {
    auto request = hook("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    request.target += query;
    return request;
  };
  expect_rows({
      {"a click ID", with_query("?click_id=$ID"), signature_wrong, {}, "`click_id`", "in the JSON body"},
      {"a sum, in other case", with_query("?x=1&PAYOUT=100"), signature_wrong, {}, "`payout`"},
      {"an event", with_query("?event=sale"), signature_wrong},
      {"a test", with_query("?test=0"), signature_wrong},
      {"encoded", with_query("?%63lick_id=$ID"), signature_wrong},
      {"what is no field", with_query("?x=1"), click_id_missing, Authentication::webhook},
      {"a token, which is compared by itself", with_query("?token=x"), click_id_missing, Authentication::webhook},
  });
}

TEST(PostbackSecurity, VerifiesStandardWebhooks) {
  using enum VerdictCode;
  const std::string published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const std::string other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
  auto late = hook(published);
  late.arrival += std::chrono::seconds{301};
  auto get = hook(published);
  get.method = "GET";
  auto unnamed = hook(published);
  unnamed.headers = "webhook-timestamp: 1614265330\r\nwebhook-signature: " + published + "\r\n";
  auto either = hook(published);
  either.target = "/postback/either";
  expect_rows({
      {"the published vector", hook(published), click_id_missing, Authentication::webhook},
      {"several signatures", hook("v1a,xx " + other + " " + published), click_id_missing, Authentication::webhook},
      {"where HMAC would do as well", either, click_id_missing, Authentication::webhook},
      {"HMAC where headers would do as well",
       {.target = signed_target("first-secret", "/postback/either?click_id=$ID&ts=" + std::to_string(kNow))},
       std::nullopt,
       Authentication::signature},
      {"another signature", hook(other), signature_wrong, {}, "any of the 2 secrets", "byte for byte"},
      {"another body", hook(published, R"({"test":2432232314})"), signature_wrong},
      {"another time", hook(published, R"({"test": 2432232314})", "1614265331"), signature_wrong},
      {"another version", hook("v2" + published.substr(2)), signature_wrong, {}, "no signature of the form"},
      {"not base64", hook("v1,!!!"), signature_wrong},
      {"late", late, signature_stale, {}, "`1614265330`", "widen `skew_s`"},
      {"by GET", get, signature_missing, {}, "no body by POST"},
      {"without an ID", unnamed, signature_missing, {}, "`webhook-id` did not arrive"},
      {"nothing",
       {.target = "/postback/hook?click_id=$ID"},
       signature_missing,
       {},
       "`webhook-id`, `webhook-timestamp`"},
  });
}

TEST(PostbackSecurity, ASignatureUnderANameInOtherCaseCountsWithAWarning) {
  const auto catalog = catalog_of(patched_example(
      EntityKind::network,
      R"({"params":{"sign":"signature"},"security":{"token":false,"hmac":{"secrets":["first-secret"]}}})"));
  const auto base = with_samples("/postback/acme?click_id=$ID&ts=") + std::to_string(kNow);
  const auto reading = read_request({.target = base + "&Signature=" + sign("first-secret", "GET", base)}, catalog);
  ASSERT_FALSE(reading.refusal) << reading.refusal->evidence;
  EXPECT_NE(joined(reading.warnings).find("`Signature` was read as `sign`"), std::string::npos);
  const auto none = read_request({.target = base}, catalog);
  ASSERT_TRUE(none.refusal);
  EXPECT_EQ(none.refusal->evidence, "No `signature` stands in the query.");
}

}  // namespace
}  // namespace postback
