// Writes and reads what an impression remembers.
#include "postback/domain/impression_detail.hpp"

#include "postback/base/json_text.hpp"
#include "postback/base/strict_json.hpp"

#include <array>
#include <utility>

namespace postback {
namespace {

/// The facts that are text on both sides.
struct Fact {
  const char* name;
  std::string_view Click::*seen;
  std::string StoredClick::*stored;
};

constexpr std::array kFacts{
    Fact{"external_id", &Click::external_id, &StoredClick::external_id},
    Fact{"external_name", &Click::external_name, &StoredClick::external_name},
    Fact{"ip", &Click::ip, &StoredClick::ip},
    Fact{"user_agent", &Click::user_agent, &StoredClick::user_agent},
    Fact{"referrer", &Click::referrer, &StoredClick::referrer},
    Fact{"language", &Click::language, &StoredClick::language},
    Fact{"country", &Click::country, &StoredClick::country},
    Fact{"region", &Click::region, &StoredClick::region},
    Fact{"city", &Click::city, &StoredClick::city},
    Fact{"device", &Click::device, &StoredClick::device},
    Fact{"os", &Click::os, &StoredClick::os},
    Fact{"browser", &Click::browser, &StoredClick::browser},
    Fact{"extra", &Click::extra, &StoredClick::extra},
};

std::string sub_name(unsigned zero_based) { return "sub" + std::to_string(zero_based + 1); }

void add(Json& object, const std::string& name, std::string_view value) {
  if (!value.empty()) object[name] = valid_utf8(value);
}

std::string text_of(const Json& object, const std::string& name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string impression_detail(const Click& visit) {
  Json object = Json::object();
  for (const Fact& fact : kFacts) add(object, fact.name, visit.*fact.seen);
  for (unsigned n = 0; n < kSubIdCount; ++n) add(object, sub_name(n), visit.sub[n]);
  if (visit.cost) object["cost"] = format_decimal(*visit.cost);
  if (visit.bot) object["bot"] = true;
  return object.dump();
}

StoredClick read_impression(const Catalog& catalog, EntityNumber campaign, std::string_view detail) {
  StoredClick visit;
  visit.campaign = campaign;
  const Campaign* const shown = catalog.campaign(catalog.id_of(EntityKind::campaign, campaign));
  if (shown != nullptr && shown->source != nullptr) visit.source = shown->source->number;
  const Result<Json> object = parse_strict_json(detail);
  if (!object || !object->is_object()) return visit;
  for (const Fact& fact : kFacts) visit.*fact.stored = text_of(*object, fact.name);
  for (unsigned n = 0; n < kSubIdCount; ++n) visit.sub[n] = text_of(*object, sub_name(n));
  visit.cost = parse_decimal(text_of(*object, "cost"));
  visit.bot = object->value("bot", Json(false)) == Json(true);
  return visit;
}

}  // namespace postback
