// The example values of a test postback.
#include "domain/test_postback.hpp"

#include "domain/campaign_offers.hpp"

namespace postback {
namespace {

constexpr std::string_view kTestClick = "REPLACE_WITH_CLICK_ID_OF_TEST_LINK";

/// What a test's payout is in: it must be a currency that the postback may have.
std::string test_currency(const Campaign& campaign, const Network& network) {
  if (!network.currency.empty()) return network.currency;
  for (const auto* offer : offers_of(campaign)) {
    if (offer->network == &network && !offer->currency.empty()) return offer->currency;
  }
  return "USD";
}

}  // namespace

void write_test_values(const Campaign& campaign, const Network& network, LinkQuery& query) {
  const auto name = [&network](PostbackField field) -> const std::string& {
    return network.names[static_cast<std::size_t>(field)].front();
  };
  query.raw(name(PostbackField::click_id), kTestClick);
  query.text(name(PostbackField::payout), "1.00");
  query.text(name(PostbackField::currency), test_currency(campaign, network));
  query.text(name(PostbackField::txid), "test-1");
  query.text(name(PostbackField::status), "approved");
}

std::string test_postback_note(std::string_view click_param) {
  return "Open test_link and look at the address it leads to: the 26 characters " +
         (click_param.empty() ? std::string() : "in " + std::string(click_param) + " ") +
         "are the click ID. Put them in place of " + std::string(kTestClick) +
         " in test_postback and request it, for example with curl: the answer says what the network's postback would "
         "do, and no conversion is made.";
}

}  // namespace postback
