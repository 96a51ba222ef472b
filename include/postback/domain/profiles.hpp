// Profiles: what is known of affiliate networks and traffic sources. Network and source documents name one for their
// defaults; config/networks.json holds them, docs/networks.md explains them.
#pragma once

#include "postback/domain/catalog.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postback {

/// Where facts come from, and which of them nobody has shown.
struct ProfileOrigin {
  std::string confidence;                  ///< `sourced`, or `memory` for facts without a source.
  std::string tier;                        ///< Kind of the source, such as `vendor`.
  std::string source;                      ///< URL of a page; may be empty.
  std::vector<std::string> unconfirmed{};  ///< Fields that this page did not show.
  bool is_secondhand() const;              ///< No page of the network or of one who integrates it.
  bool is_confirmed() const { return !is_secondhand() && unconfirmed.empty(); }
};
/// What to warn a user of the profile of, as a sentence; empty when all is confirmed.
std::string caution(const ProfileOrigin& origin);

/// How a network's links carry our click ID.
enum class LinkStyle : std::uint8_t {
  query,   ///< A query parameter of its own.
  pairs,   ///< A query parameter that further `|name=value` pairs may follow in.
  path,    ///< A segment of the path.
  suffix,  ///< Behind a dot in a query parameter that begins with something else.
};
std::string_view to_string(LinkStyle style);

/// One text for each field of a postback; empty where there is none.
using FieldTexts = std::array<std::string, kPostbackFieldCount>;

struct NetworkProfile {
  std::string id;
  std::string name;
  LinkStyle link_style = LinkStyle::query;
  std::string click_param;  ///< The parameter (or part of the path) that carries our click ID; may be empty.
  std::string link_form;    ///< How a link must look where nothing can be appended, such as `https://.../{clickid}`.
  FieldTexts tokens;        ///< Its macro for each field, such as `{aff_sub}` or `#s2#`.
  FieldTexts params;        ///< The name each field arrives under, where the network chooses it.
  bool sends_json = false;  ///< It has no macros: it posts a JSON object with the names in `params`.
  StringMap<StatusMeaning> status_words;      ///< Lower-case.
  StringMap<std::string> event_words;         ///< Lower-case.
  std::vector<ConversionStatus> status_urls;  ///< It takes one postback URL for each of these, none else.
  bool event_urls = false;                    ///< It takes a postback URL for each event.
  std::string currency;                       ///< Of its payouts, when it is always the same.
  bool fixed_payout = false;                  ///< What it reports is not money.
  NetworkAnswer answer;
  std::string note;
  ProfileOrigin origin;
  std::string json;  ///< As an object of the API.
};

/// A parameter of a tracking link.
struct SourceSlot {
  std::string param;
  std::string macro;  ///< What the source replaces by the value; empty when not known.
};

/// How a source is told of conversions.
struct SourcePostback {
  bool by_api = false;             ///< Not by requesting a URL.
  std::string method{};            ///< `API` where nothing more is known.
  std::string url{};               ///< With our tokens, and REPLACE_... for what the account gives; may be empty.
  StringMap<std::string> words{};  ///< What it calls our statuses and events.
};

struct SourceProfile {
  std::string id;
  std::string name;
  std::vector<std::string> external_id;  ///< Parameter names.
  std::string external_id_macro;         ///< May be empty.
  bool appends_external_id = false;      ///< Without a macro, it adds the parameter to links by itself.
  SourceSlot cost;                       ///< Without names when there is no macro for it.
  std::vector<SourceSlot> subs;          ///< sub1 and on.
  SourcePostback postback;
  std::string note;
  ProfileOrigin origin;
  std::string json;  ///< As an object of the API.
};

/// An immutable table, shared between threads.
class Profiles {
 public:
  /// Reads the text of config/networks.json. Faults: everything that is wrong with it; unknown fields are.
  static std::variant<Profiles, Faults> parse(std::string_view text);

  /// Nothing for an unknown ID; `generic`, the default of documents, is none.
  const NetworkProfile* network(std::string_view id) const;
  const SourceProfile* source(std::string_view id) const;
  /// Ordered by ID.
  std::span<const NetworkProfile> networks() const { return networks_; }
  std::span<const SourceProfile> sources() const { return sources_; }

 private:
  std::vector<NetworkProfile> networks_;
  std::vector<SourceProfile> sources_;
};

/// Those that were built in; parsed at the first call, which ends the process when they are faulty.
const Profiles& built_in_profiles();

}  // namespace postback
