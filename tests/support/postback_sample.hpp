// Postbacks for tests of the matcher: a catalog, signed click IDs, and requests written as short texts.
#pragma once

#include "postback/domain/matcher.hpp"
#include "support/example_catalog.hpp"
#include "support/fake_clock.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace postback {

/// One key, the same in every run.
const ClickIdKeys& sample_keys();

/// IDs signed with sample_keys: a click one hour before FakeClock::kStart, and one a second later.
ClickId sample_click();
ClickId other_click();
/// The sample's ID with its signature damaged: well-formed, but not ours.
ClickId forged_click();

/// The example's catalog and these networks, each with an offer of the same name (numbers 2 and up, in this order):
///   globex    calls the click ID `cid` and the token `key`; token GLOBEX-T0KEN; status word `hodl` is pending,
///             `rebill` is approved with event `renewal`; its offer has neither payout nor currency
///   open      needs no token
///   fixed     pays the offer's payout whatever is sent, 7.00 EUR
///   ignorer   ignores repeats of `sale`
/// and the offer `plain` of network acme, without a payout.
std::shared_ptr<const Catalog> sample_catalog();
/// The number of an offer of sample_catalog.
EntityNumber offer_number(std::string_view id);

/// `text` with $ID, $OTHER, $FORGED, $UPPER (sample_click in upper case), $TOKEN replaced.
std::string with_samples(std::string_view text);

/// A request; every text goes through with_samples.
struct SentPostback {
  std::string network = "acme";
  std::string event;
  std::string query = "token=$TOKEN&click_id=$ID";
  std::string method = "GET";
  std::string content_type;
  std::string body;
  std::string headers;
  bool body_too_large = false;
  TimeMs arrival = FakeClock::kStart;
};

/// What the matcher reads from it, with sample_catalog and sample_keys.
Reading read_sent(const SentPostback& sent);
/// The same for a request to acme with its token and the sample click, and `more` (`&payout=1`) behind.
Reading read_query(const std::string& more);

/// The warnings of a reading or verdict in one text.
std::string joined(const std::vector<std::string>& warnings);

}  // namespace postback
