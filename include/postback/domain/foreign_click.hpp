// ForeignClick: a click of another tracker, as an upload describes it.
#pragma once

#include "postback/base/strict_json.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/domain/click.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/domain/user_agent.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace postback {

/// Owns the texts that its Click views.
struct ForeignClick {
  std::string foreign_id;
  std::optional<ClickId> own;  ///< `foreign_id` is an ID of ours, of a click that was lost.
  TimeMs time{};
  EntityNumber campaign = 0;
  EntityNumber offer = 0;
  EntityNumber source = 0;
  std::uint64_t revision = 0;
  std::optional<Micros> cost;
  std::string cost_currency;
  std::string external_id;
  std::array<std::string, kSubIdCount> sub;
  std::string ip;
  std::string user_agent;
  UserAgentFacts agent{};  ///< What the user agent says; filled by the caller.
  std::string referrer;
  std::string language;
  std::string country;
  std::string region;
  std::string city;

  Click click() const;
};

/// Reads `{"foreign_id","campaign","time"}` and, where they are known, offer, external_id, sub1 to sub20, cost,
/// currency, ip, user_agent, referrer, language, country, region, city. Numbers are taken for texts. Without an offer
/// it is the campaign's only one, if it has one only. Faults: unknown and missing fields, a campaign or offer that is
/// not in the catalog, a time before 2025 or after `now`, an ID of ours whose own time differs.
std::variant<ForeignClick, Faults> read_foreign_click(Json row, const Catalog& catalog, const ClickIdKeys& keys,
                                                      TimeMs now);

}  // namespace postback
