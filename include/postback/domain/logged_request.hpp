// LoggedRequest: a request as the postback log kept it, turned back into a Postback that can be judged again.
#pragma once

#include "postback/domain/catalog.hpp"
#include "postback/domain/postback.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// A row of the log, as far as it is read again; secrets are masked in its texts.
struct LoggedRequest {
  std::string method;
  std::string target;
  std::string headers;
  std::string body;
  std::string peer;
  std::string network;  ///< Slug of the network it was logged under; may be none that exists.
  PostbackShape shape = PostbackShape::own;
  bool secure = false;
  TimeMs arrival{};
  /// Nothing: it is authenticated now, as one that waited for its click to tell its network.
  std::optional<Authentication> authentication = Authentication::none;
  std::vector<EntityNumber> proved_to{};  ///< Then Reading::proved_to as it was when it arrived.
};

/// Owns the texts that its Postback views: keep it where it is while that is used.
class ReplayedRequest {
 public:
  explicit ReplayedRequest(LoggedRequest logged);
  ReplayedRequest(const ReplayedRequest&) = delete;
  ReplayedRequest& operator=(const ReplayedRequest&) = delete;

  /// With `authenticated` set to what the log says, so that nothing is authenticated anew, unless it waited. Where its
  /// shape leaves the network to the click, `network` is the one it was logged under, empty if that was not known.
  Postback postback() const;

 private:
  LoggedRequest logged_;
  std::string network_;
  std::string event_;
  std::string path_key_;
  std::string content_type_;
};

/// The shape of that name; `own` for a row of a version that kept none.
PostbackShape parse_postback_shape(std::string_view text);

/// The parameter (or `path`) that the log masked though it may say more than who calls: the request cannot be read
/// again as it was. Nothing: only tokens and signatures are masked. `network` may be null.
std::optional<std::string> masked_field(const Postback& postback, const Network* network);

}  // namespace postback
