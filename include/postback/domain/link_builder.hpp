// Links: the URLs that set up a campaign at its traffic source and its networks, worked out from the catalog.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace postback {

/// Which links are wanted.
struct LinkRequest {
  std::string campaign;       ///< ID.
  std::string network{};      ///< ID; empty: the one behind the campaign's offers.
  std::string event{};        ///< For the postback URL's path; empty: none there.
  std::string domain{};       ///< Host (and port) of the public URL to build on, in lower case; empty: the usual one.
  bool source_params = true;  ///< Whether the tracking link carries the source's parameters.
};

/// Reads `{"campaign":…,"network":…,"event":…,"domain":…,"source_params":…}`; campaign is required. All faults at once.
std::variant<LinkRequest, Faults> read_link_request(const Json& object);

/// Where links lead to, and who will read them.
struct LinkReader {
  std::string base_url;     ///< `https://t.example`, without a slash at its end; empty: not known.
  bool sees_tokens = true;  ///< false: `***` stands for the network's token.
};

/// The URLs that one network is given for one event; one that cannot be built is empty.
struct PostbackLinks {
  std::string network;         ///< ID; empty: none was chosen.
  std::string event{};         ///< Empty: none in the path.
  std::string postback_url{};  ///< In the network's own macros; else with a placeholder for each value it fills in.
  /// The same for each status, where the network takes one URL for each and none for all.
  std::vector<std::pair<ConversionStatus, std::string>> status_urls{};
  std::string test_postback{};       ///< Works once the click ID of the test click was put in.
  std::vector<std::string> notes{};  ///< Sentences: what each placeholder is for, and what else to know.
  Faults missing{};                  ///< What has to be set up before all of it can be built or can work.
};

/// The URLs of a campaign; one that cannot be built is empty.
struct Links {
  std::string tracking_link;          ///< With the source's own macros; a placeholder where one is not known.
  std::string test_link;              ///< Works as it stands; empty while the campaign sends nobody on.
  PostbackLinks postback;             ///< Of the network that was asked for, or the only possible one.
  std::vector<PostbackLinks> all;     ///< Of each network and each of its events.
  std::vector<std::string> notes;     ///< Of everything, sentences.
  std::vector<std::string> cautions;  ///< What is not confirmed of the profiles in use.
  Faults missing;                     ///< Of everything but `all`.
};

/// Faults: there is no such campaign or network.
std::variant<Links, Faults> build_links(const Catalog& catalog, const LinkRequest& request, const LinkReader& reader);

}  // namespace postback
