// PastDestinations: the destinations that were there when something came about.
#pragma once

#include "postback/base/result.hpp"
#include "postback/domain/catalog.hpp"
#include "postback/store/reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace postback::delivery {

/// What comes about concerns the destinations of that moment, whatever becomes of the catalog before it is planned.
/// Used by one thread.
class PastDestinations {
 public:
  explicit PastDestinations(Reader& reader) : reader_(reader) {}

  /// A catalog that has the destinations of `revision` (0: not known), until the next call. `today` where they have not
  /// changed, and, said in the log, where this version cannot read what they were. Errors: the reader's.
  Result<const Catalog*> at(std::uint64_t revision, const Catalog& today);

 private:
  Result<void> read(std::uint64_t change);

  Reader& reader_;
  std::uint64_t asked_ = 0;                ///< The last revision looked for,
  std::uint64_t change_ = 0;               ///< and the newest change of a destination up to it; 0: there were none.
  std::optional<std::uint64_t> read_{};    ///< The change that `past_` is of.
  std::shared_ptr<const Catalog> past_{};  ///< Null: this version cannot read it.
};

}  // namespace postback::delivery
