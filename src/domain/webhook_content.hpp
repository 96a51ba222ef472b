// What a signature of Standard Webhooks covers.
#pragma once

#include <string>
#include <string_view>

namespace postback {

/// What every secret starts with.
inline constexpr std::string_view kWebhookSecretPrefix = "whsec_";

/// `id.timestamp.body`
std::string webhook_content(std::string_view id, std::string_view timestamp, std::string_view body);

}  // namespace postback
