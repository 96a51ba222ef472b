// DestinationProfile: a ready-made destination, whose document needs no more than the values of somebody's own account.
// config/destinations.json holds those that are more than a URL; each traffic source of config/networks.json with a
// known postback URL is one by itself. docs/destinations.md explains them.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/profiles.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace postback {

/// A value of the user's own account, or a choice. `{setting.NAME}` stands for it in the profile's texts.
struct DestinationSetting {
  std::string name;
  std::string about;    ///< What it is and where it is found.
  bool secret = false;  ///< Masked wherever it is shown.
  bool required = true;
  std::string fallback{};  ///< Stands for an absent one; may have tokens.
};

/// A column of a feed, as FeedColumn is compiled from.
struct ProfileColumn {
  std::string name;
  std::string value;
  bool required = false;
};

struct DestinationProfile {
  std::string id;
  std::string name;
  bool of_source = false;      ///< It comes from config/networks.json.
  bool approved_only = false;  ///< Without a `when` it is told of approved conversions only.
  bool is_signed = false;      ///< A new destination gets a signing secret unless its document says otherwise.
  std::vector<DestinationSetting> settings;
  /// The fields of a destination's document that it gives: method, url, headers, body, body_type, omit_empty, expect.
  /// Without `url` the document must have one.
  Json request = Json::object();
  std::string feed_start;
  std::vector<ProfileColumn> columns;
  std::vector<std::pair<std::string, std::string>> words;  ///< As Destination::words.
  std::string note;
  std::string source;  ///< Page that documents it; may be empty.
  std::string json;    ///< As an object of the API.
  bool has_url() const { return request.contains("url"); }
  bool is_feed() const { return request.value("method", std::string()) == "FEED"; }
};

/// An immutable table, shared between threads.
class DestinationProfiles {
 public:
  /// Reads the text of config/destinations.json and adds what `profiles` knows of sources. Faults: everything that is
  /// wrong with it; unknown fields are.
  static std::variant<DestinationProfiles, Faults> parse(std::string_view text, const Profiles& profiles);

  /// Nothing for an unknown ID; `generic` is none.
  const DestinationProfile* find(std::string_view id) const;
  /// Ordered by ID.
  std::span<const DestinationProfile> all() const { return profiles_; }
  /// Why a traffic source that exists is no ready-made destination, and what to do instead. Nothing for other IDs.
  std::optional<Fault> missing(std::string_view id) const;
  /// All sources that `missing` answers for, ordered by ID.
  std::vector<std::string> missing() const;

 private:
  std::vector<DestinationProfile> profiles_;
  std::vector<std::pair<std::string, Fault>> missing_;
};

/// Those that were built in; parsed at the first call, which ends the process when they are faulty.
const DestinationProfiles& built_in_destination_profiles();

}  // namespace postback
