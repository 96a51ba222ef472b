// Ledger: what a server's clients were told, to be compared with what its store holds.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace postback::fault {

/// A postback by what makes it one: its click and transaction ID.
struct SentPostback {
  std::string click;  ///< 26 characters.
  std::string txid;
};

/// A postback that was answered `converted`.
struct ToldConversion {
  SentPostback sent;
  std::string conversion_id;  ///< `<click>-<n>`.
  std::string postback_id;
};

struct Told {
  std::vector<std::string> clicks;  ///< From the Location of each 302.
  std::vector<ToldConversion> conversions;
  std::vector<SentPostback> unanswered;  ///< Sent, but the answer never came: stored or not.
  std::vector<std::string> wrong;        ///< Answers that should not have come, in words.
  std::size_t repeats = 0;               ///< Repeated postbacks answered `duplicate`.
};

/// Thread-safe.
class Ledger {
 public:
  void click(std::string id);
  void conversion(ToldConversion conversion);
  void unanswered(SentPostback postback);
  void wrong(std::string what);
  void repeated();

  Told told() const;
  std::vector<SentPostback> take_unanswered();
  /// Clicks and conversions told so far.
  std::size_t answers() const;
  /// Returns when that many were told; false when it takes longer than any machine should need.
  bool wait_for(std::size_t answers) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable more_;
  Told told_;
};

}  // namespace postback::fault
