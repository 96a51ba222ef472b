// Speaker: random postbacks, often something said before in another order or with another word.
#pragma once

#include "conversion_model.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <utility>
#include <vector>

namespace postback::model {

/// Chooses what a postback says.
class Speaker {
 public:
  Speaker(std::uint64_t seed, const std::vector<ClickId>& clicks) : random_(seed), clicks_(clicks) {}

  bool chance(unsigned in) { return random_() % in == 0; }
  std::size_t below(std::size_t end) { return random_() % end; }

  Say say() {
    // Often something said before, once more and in any order; sometimes with another word or sum.
    Say said = !history_.empty() && chance(3) ? history_[below(history_.size())] : fresh();
    if (chance(4)) choose_status(said);
    if (chance(5)) choose_money(said);
    if (chance(6)) make_rebill(said);
    said.test = chance(25);
    if (said.click_kind == ClickKind::stored) history_.push_back(said);
    return said;
  }

 private:
  template <class Value, std::size_t Count>
  Value one_of(const Value (&values)[Count]) {
    return values[below(Count)];
  }

  Say fresh() {
    Say said;
    if (chance(30)) said.token = chance(2) ? TokenKind::wrong : TokenKind::missing;
    said.dropped_in = chance(6);
    if (said.dropped_in) {
      said.token =
          one_of({TokenKind::right, TokenKind::shared, TokenKind::shared, TokenKind::wrong, TokenKind::missing});
    }
    // Few clicks at a time, so that conversions of one click and one identity are frequent.
    const auto recent = std::min<std::size_t>(clicks_.size(), 12);
    said.click = clicks_[clicks_.size() - 1 - below(recent)];
    // Those of the newest click mostly come before it is committed, and wait.
    if (said.dropped_in && chance(2)) said.click = clicks_.back();
    if (!said.dropped_in && chance(12)) {
      said.click_kind = one_of({ClickKind::valid_but_unknown, ClickKind::forged, ClickKind::malformed,
                                ClickKind::unreplaced, ClickKind::missing});
    }
    said.event = one_of<const char*>({"", "sale", "SALE", "Deposit", "signup", "SignUp", "conversion"});
    said.txid = one_of<const char*>({"", "", "A1", "A2", "a1", "T-9"});
    choose_status(said);
    choose_money(said);
    if (chance(4)) said.amount = static_cast<Micros>(below(3)) * 1'000'000;
    if (chance(6)) said.reason = one_of<const char*>({"fraud", "late"});
    return said;
  }

  void make_rebill(Say& said) {
    said.event = "Deposit";
    said.status = StatusKind::missing;
    said.status_word.clear();
    said.payout_kind = SumKind::number;
    said.payout = 2'500'000;
    said.payout_text = "2.50";
    said.currency.clear();
    said.currency_known = true;
  }

  void choose_status(Say& said) {
    said.status = one_of(
        {StatusKind::missing, StatusKind::approved, StatusKind::pending, StatusKind::rejected, StatusKind::unknown});
    switch (said.status) {
      case StatusKind::missing: said.status_word.clear(); break;
      case StatusKind::approved: said.status_word = one_of<const char*>({"approved", "Approved", "paid"}); break;
      case StatusKind::pending: said.status_word = one_of<const char*>({"pending", "hold"}); break;
      case StatusKind::rejected:
        said.status_word = one_of<const char*>({"rejected", "refund", "CHARGEBACK", "trash"});
        break;
      case StatusKind::unknown: said.status_word = one_of<const char*>({"wibble", "7"}); break;
    }
  }

  void choose_money(Say& said) {
    said.payout_kind = chance(2) ? SumKind::number : chance(20) ? SumKind::invalid : SumKind::missing;
    const std::pair<const char*, Micros> sums[] = {
        {"0", 0},        {"1", 1'000'000},         {"2.50", 2'500'000},
        {"0.000001", 1}, {"7.0000005", 7'000'000}, {"999999999.999999", 999'999'999'999'999},
    };
    const auto& [text, micros] = sums[below(std::size(sums))];
    said.payout = micros;
    said.payout_text =
        said.payout_kind == SumKind::number ? text : one_of<const char*>({"-5", "NaN", "1e3", "1000000001"});
    said.currency_known = !chance(40);
    said.currency = said.currency_known ? one_of<const char*>({"", "", "USD", "CZK"}) : "QQQ";
  }

  std::mt19937_64 random_;
  const std::vector<ClickId>& clicks_;
  std::vector<Say> history_;
};

}  // namespace postback::model
