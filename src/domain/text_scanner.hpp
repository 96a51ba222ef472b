// TextScanner: finds many fixed texts in one pass, whatever their number (Aho and Corasick, 1975).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// Immutable after build. ASCII letters match in either case.
class TextScanner {
 public:
  /// `list` and `number` are given back when `text`, in lower case, is found. Call before `build`.
  void add(std::string_view text, unsigned list, int number);
  void build();
  /// How many numbers `seen` of scan must hold.
  std::size_t places() const { return found_.size(); }

  /// Calls `report(list, number)` once for each text that stands in `text`. `seen` holds, for each place, the number of
  /// the scan that came by last; `scan` is greater than all of these.
  template <class Report>
  void scan(std::string_view text, std::vector<std::uint32_t>& seen, std::uint32_t scan, Report report) const {
    std::size_t place = 0;
    for (const char c : text) {
      place = next_[place * classes_ + class_of_[static_cast<unsigned char>(c)]];
      // Whoever came by a place has seen all that ends there.
      for (std::size_t end = nearest_[place]; end != 0 && seen[end] != scan; end = nearest_[shorter_[end]]) {
        seen[end] = scan;
        for (const Found& found : found_[end]) report(found.list, found.number);
      }
    }
  }

 private:
  struct Found {
    unsigned list;
    int number;
  };
  using Place = std::uint16_t;  ///< A text read so far; small, so that the table stays in the processor's cache.

  void follow_shorter_texts();

  std::array<std::uint8_t, 256> class_of_{};  ///< Characters that stand in no text are all alike.
  std::size_t classes_ = 1;
  std::vector<std::array<Place, 256>> growing_ = {{}};
  std::vector<Place> next_;
  std::vector<Place> shorter_ = {0};  ///< The longest other text that ends where this one does.
  std::vector<Place> nearest_ = {0};  ///< This place or the longest shorter one at which something is found.
  std::vector<std::vector<Found>> found_ = std::vector<std::vector<Found>>(1);
};

}  // namespace postback
