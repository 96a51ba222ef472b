// Building the scanner's table.
#include "domain/text_scanner.hpp"

#include "postback/base/check.hpp"

#include <limits>

namespace postback {

void TextScanner::add(std::string_view text, unsigned list, int number) {
  Place place = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (class_of_[byte] == 0) class_of_[byte] = static_cast<std::uint8_t>(classes_++);
    if (growing_[place][byte] == 0) {
      check(growing_.size() <= std::numeric_limits<Place>::max(), "a scanner's texts have a place each");
      growing_[place][byte] = static_cast<Place>(growing_.size());
      growing_.emplace_back();
      found_.emplace_back();
    }
    place = growing_[place][byte];
  }
  found_[place].push_back({list, number});
}

void TextScanner::build() {
  const std::size_t places = growing_.size();
  next_.assign(places * classes_, 0);
  for (std::size_t place = 0; place < places; ++place) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      if (const Place next = growing_[place][byte]; next != 0) next_[place * classes_ + class_of_[byte]] = next;
    }
  }
  growing_ = {};
  shorter_.assign(places, 0);
  nearest_.assign(places, 0);
  follow_shorter_texts();
  for (unsigned char letter = 'A'; letter <= 'Z'; ++letter) class_of_[letter] = class_of_[letter + ('a' - 'A')];
}

/// Breadth first, so that the shorter text is always complete before the longer one.
void TextScanner::follow_shorter_texts() {
  std::vector<Place> order;
  order.reserve(found_.size());
  for (std::size_t letter = 0; letter < classes_; ++letter) {
    if (next_[letter] != 0) order.push_back(next_[letter]);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Place place = order[i];
    nearest_[place] = found_[place].empty() ? nearest_[shorter_[place]] : place;
    for (std::size_t letter = 0; letter < classes_; ++letter) {
      Place& next = next_[place * classes_ + letter];
      const Place otherwise = next_[shorter_[place] * classes_ + letter];
      if (next == 0) {
        next = otherwise;
      } else {
        shorter_[next] = otherwise;
        order.push_back(next);
      }
    }
  }
}

}  // namespace postback
