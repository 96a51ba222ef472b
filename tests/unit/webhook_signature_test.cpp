// Standard Webhooks: the published vector, several keys, and secrets.
#include "postback/domain/webhook_signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace postback {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// From the libraries of github.com/standard-webhooks/standard-webhooks ("sign function works").
TEST(WebhookSignature, SignsThePublishedMessage) {
  const std::vector<std::string> keys{*webhook_key(kSecret)};
  EXPECT_EQ(sign_webhook(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, EachKeySigns) {
  const std::string first = *webhook_key(kSecret);
  const std::string second(24, 'k');
  const auto alone = [](const std::string& key) { return sign_webhook(std::vector{key}, "m", 1, ""); };
  EXPECT_EQ(sign_webhook(std::vector{first, second}, "m", 1, ""), alone(first) + " " + alone(second));
  EXPECT_EQ(sign_webhook({}, "m", 1, ""), "");
}

TEST(WebhookSignature, EveryPartIsCovered) {
  const std::vector<std::string> keys{std::string(24, 'k')};
  const auto signature = sign_webhook(keys, "m", 1, "body");
  EXPECT_NE(signature, sign_webhook(keys, "n", 1, "body"));
  EXPECT_NE(signature, sign_webhook(keys, "m", 2, "body"));
  EXPECT_NE(signature, sign_webhook(keys, "m", 1, "Body"));
}

TEST(WebhookSignature, ReadsSecrets) {
  EXPECT_EQ(webhook_key("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")->size(), 24U);
  for (const std::string_view text :
       {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", "whsec_%%%%",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"}) {
    EXPECT_EQ(webhook_key(text).error().code, ErrorCode::invalid_argument) << text;
  }
}

TEST(WebhookSignature, MakesSecrets) {
  SystemEntropy entropy;
  const std::string secret = new_webhook_secret(entropy);
  const auto key = webhook_key(secret);
  ASSERT_TRUE(key) << secret;
  EXPECT_EQ(key->size(), 32U);
  EXPECT_NE(new_webhook_secret(entropy), secret);
}

}  // namespace
}  // namespace postback
