// Links: the URLs that set up a campaign at its traffic source and its network, worked out from the catalog.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <string>
#include <variant>
#include <vector>

namespace postback {

/// Which links are wanted.
struct LinkRequest {
  std::string campaign;       ///< ID.
  std::string network{};      ///< ID; empty: the one behind the campaign's offers.
  std::string event{};        ///< For the postback URL's path; empty: none there.
  bool source_params = true;  ///< Whether the tracking link carries the source's parameters.
};

/// Reads `{"campaign":…,"network":…,"event":…,"source_params":…}`; campaign is required. All faults at once.
std::variant<LinkRequest, Faults> read_link_request(const Json& object);

/// Where links lead to, and who will read them.
struct LinkReader {
  std::string base_url;     ///< `https://t.example`, without a slash at its end; empty: not known.
  bool sees_tokens = true;  ///< false: `***` stands for the network's token.
};

/// The URLs; one that cannot be built is empty.
struct Links {
  std::string network;             ///< The one that was asked for, or the only possible one; empty: none.
  std::string tracking_link;       ///< With a placeholder for each value that the source fills in.
  std::string postback_url;        ///< With a placeholder for each value that the network fills in.
  std::string test_link;           ///< Works as it stands; empty while the campaign sends nobody on.
  std::string test_postback;       ///< Works once the click ID of the test click was put in.
  std::vector<std::string> notes;  ///< Sentences: what each placeholder is for, and what else to know.
  Faults missing;                  ///< What has to be set up before all of it can be built or can work.
};

/// Faults: there is no such campaign or network.
std::variant<Links, Faults> build_links(const Catalog& catalog, const LinkRequest& request, const LinkReader& reader);

}  // namespace postback
