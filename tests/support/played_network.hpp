// A played affiliate network: keeps what a visitor's link brought it and fills its tokens into the URL it was given.
// Knows nothing of profiles and link builder: its tokens come from the golden file.
#pragma once

#include "postback/base/strict_json.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace postback::testing {

/// How a network marks its tokens, such as `[[[` and `]]]`.
struct TokenMarks {
  std::string open;
  std::string close;
};

class PlayedNetwork {
 public:
  /// `golden`: a row of network_links.json with a postback.
  explicit PlayedNetwork(const Json& golden);

  /// A visitor came by `location`; the golden link says where in it our click ID stands.
  void visit(std::string_view location);

  /// A converted visitor: the URL it requests, and the body it posts (empty: it sends a GET).
  std::string requested_url(std::string_view postback_url) const;
  std::string posted_body() const;

  /// What it says of the conversion, by our names.
  const std::map<std::string, std::string>& said() const { return said_; }

 private:
  const Json& golden_;
  std::vector<TokenMarks> marks_;
  std::map<std::string, std::string> names_;  ///< Its names to ours.
  std::map<std::string, std::string> said_;
};

/// `url` with every token replaced whose name has a value; longer marks before those they begin with.
std::string fill_tokens(std::string_view url, const std::vector<TokenMarks>& marks,
                        const std::map<std::string, std::string>& values);

}  // namespace postback::testing
