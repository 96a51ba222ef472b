// Windows of time and what each allows.
#include "pace.hpp"

#include <algorithm>

namespace postback::delivery {

void Pace::open_window(Milliseconds now) {
  const std::uint64_t seen = visits_();
  if (begin_) {
    const auto passed = static_cast<std::uint64_t>((now - *begin_).count());
    visits_a_second_ = (seen - seen_) * 1'000 / passed;
    const std::uint64_t allowed = std::max<std::uint64_t>(visits_a_second_ / visits_per_delivery_, kLeastDeliveries);
    // For as long as the last one took, since a turn may take longer than a window.
    left_ = allowed * std::min<std::uint64_t>(passed, kLongestWindow.count()) / 1'000;
  }
  seen_ = seen;
  begin_ = now;
}

bool Pace::allows(Milliseconds now) {
  if (visits_per_delivery_ == 0) return true;
  if (!begin_ || now >= *begin_ + kWindow) open_window(now);
  return !limited() || left_ > 0;
}

void Pace::sent() {
  if (left_ > 0) --left_;
}

std::optional<Pace::Milliseconds> Pace::wait(Milliseconds now) const {
  if (!limited() || left_ > 0) return std::nullopt;
  return std::max(*begin_ + kWindow - now, Milliseconds{0});
}

Pace::Milliseconds Pace::rest(Milliseconds now) const {
  return visits_a_second_ >= kManyVisits ? std::max(*begin_ + kWindow - now, Milliseconds{0}) : Milliseconds{0};
}

}  // namespace postback::delivery
