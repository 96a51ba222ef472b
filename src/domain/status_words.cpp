// The status words that most networks share, known without any setting.
#include "domain/catalog_entities.hpp"

#include <string_view>

namespace postback {

void add_generic_status_words(StringMap<StatusMeaning>& words) {
  constexpr std::string_view kApproved[] = {"approved", "accepted", "confirmed", "paid", "success"};
  constexpr std::string_view kPending[] = {"pending", "hold", "on_hold", "waiting", "new", "open"};
  constexpr std::string_view kRejected[] = {"rejected", "refund",    "refunded", "chargeback", "reversed", "declined",
                                            "cancelled", "canceled", "trash",    "fraud",      "invalid"};
  for (const auto word : kApproved) words.try_emplace(std::string(word), StatusMeaning{ConversionStatus::approved, {}});
  for (const auto word : kPending) words.try_emplace(std::string(word), StatusMeaning{ConversionStatus::pending, {}});
  for (const auto word : kRejected) words.try_emplace(std::string(word), StatusMeaning{ConversionStatus::rejected, {}});
}

}  // namespace postback
