// Fallback and caps of offers: each by itself, then all fallbacks together.
#include "domain/catalog_caps.hpp"

#include <unordered_map>

namespace postback {
namespace {

constexpr std::uint32_t kLargestCap = 1'000'000'000;

EntityNumber read_fallback(ObjectReader& reader, const Offer& offer, const CatalogReferences& known, Json& canonical) {
  const std::string id = reader.text("fallback");
  canonical["fallback"] = text_or_null(id);
  if (id.empty()) return 0;
  const auto found = known.offers.find(std::string_view(id));
  if (found == known.offers.end()) {
    reader.fault("fallback", "there is no offer \"" + id + "\"", "the ID of another offer; create it first");
    return 0;
  }
  if (id == offer.id) {
    reader.fault("fallback", "is the offer itself", "the ID of another offer");
    return 0;
  }
  return found->second->number;
}

Json cap_or_null(std::uint64_t cap) { return cap == 0 ? Json(nullptr) : Json(cap); }

}  // namespace

void read_fallback_and_caps(ObjectReader& reader, Offer& offer, const CatalogReferences& known, Json& canonical) {
  offer.fallback = read_fallback(reader, offer, known, canonical);
  const Json& object = reader.object("caps");
  ObjectReader caps(object, reader.path_of("caps."), reader.faults());
  offer.caps.day = caps.integer("day", 0, 1, kLargestCap);
  offer.caps.month = caps.integer("month", 0, 1, kLargestCap);
  offer.caps.total = caps.integer("total", 0, 1, kLargestCap);
  caps.finish();
  canonical["caps"] = Json{{"day", cap_or_null(offer.caps.day)},
                           {"month", cap_or_null(offer.caps.month)},
                           {"total", cap_or_null(offer.caps.total)}};
}

void check_fallbacks(const StringMap<std::shared_ptr<const Offer>>& offers, Faults& faults) {
  std::unordered_map<EntityNumber, const Offer*> by_number;
  for (const auto& [id, offer] : offers) by_number.emplace(offer->number, offer.get());
  for (const auto& [id, offer] : offers) {
    if (offer->fallback == 0) continue;
    const std::string field = "offers/" + id + ": fallback";
    const Offer* next = by_number.at(offer->fallback);
    if (next->archived && !offer->archived) {
      faults.push_back(
          {field, "the offer \"" + next->id + "\" is archived", "an offer in use, or archive this offer as well"});
    }
    std::size_t length = 2;
    while (next->fallback != 0 && next != offer.get() && length <= kLongestFallbackChain) {
      next = by_number.at(next->fallback);
      ++length;
    }
    if (next == offer.get()) {
      faults.push_back({field, "leads back to this offer", "fallbacks that end at an offer without one"});
    } else if (length > kLongestFallbackChain) {
      faults.push_back({field, "leads along more than " + std::to_string(kLongestFallbackChain) + " offers",
                        "fewer fallbacks in a row, which do not lead in a circle"});
    }
  }
}

}  // namespace postback
