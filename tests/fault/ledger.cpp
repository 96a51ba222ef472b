// Ledger: notes under one lock.
#include "ledger.hpp"

#include <utility>

namespace postback::fault {

void Ledger::click(std::string id) {
  const std::lock_guard lock(mutex_);
  told_.clicks.push_back(std::move(id));
  more_.notify_all();
}

void Ledger::conversion(ToldConversion conversion) {
  const std::lock_guard lock(mutex_);
  told_.conversions.push_back(std::move(conversion));
  more_.notify_all();
}

void Ledger::unanswered(SentPostback postback) {
  const std::lock_guard lock(mutex_);
  told_.unanswered.push_back(std::move(postback));
}

void Ledger::wrong(std::string what) {
  const std::lock_guard lock(mutex_);
  told_.wrong.push_back(std::move(what));
}

void Ledger::repeated() {
  const std::lock_guard lock(mutex_);
  ++told_.repeats;
}

Told Ledger::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

std::vector<SentPostback> Ledger::take_unanswered() {
  const std::lock_guard lock(mutex_);
  return std::exchange(told_.unanswered, {});
}

std::size_t Ledger::answers() const {
  const std::lock_guard lock(mutex_);
  return told_.clicks.size() + told_.conversions.size();
}

bool Ledger::wait_for(std::size_t answers) const {
  std::unique_lock lock(mutex_);
  return more_.wait_for(lock, std::chrono::seconds{60},
                        [&] { return told_.clicks.size() + told_.conversions.size() >= answers; });
}

}  // namespace postback::fault
