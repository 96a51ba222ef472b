// The URLs that a network is given for one event.
#pragma once

#include "postback/domain/link_builder.hpp"

#include <string_view>

namespace postback {

/// What the URLs are built for.
struct PostbackLinkPlace {
  const Campaign& campaign;
  const Network& network;
  std::string_view event;    ///< Empty: none in the path.
  const LinkReader& reader;  ///< Its base URL may be empty.
  bool test;                 ///< Whether a test link exists whose click a test postback could name.
};

PostbackLinks build_postback_links(const PostbackLinkPlace& place);

}  // namespace postback
