// Parameters: the names and values of a query string, a form or a JSON object, decoded once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

struct Parameter {
  std::string_view name;
  std::string_view value;
  std::string_view
      raw_value;  ///< As it arrived, before decoding: `%zz` and unreplaced `%name%` macros are visible here.
};

/// Parameters in the order they arrived. Views point into the text given or into this object's own buffer, so both must
/// outlive them. Reused between requests: `clear` keeps the memory.
class Parameters {
 public:
  void clear();
  /// Splits `query` (without `?`) at `&`, names and values at the first `=`; decodes both (see append_query_decoded).
  /// Pairs with an empty name are left out. `query` must stay alive. At most kLargestCount pairs; the rest is ignored.
  void add_query(std::string_view query);
  /// Adds a copy of one pair, as read from a JSON body.
  void add_copy(std::string_view name, std::string_view value);

  /// The first value under exactly this name.
  std::optional<std::string_view> find(std::string_view name) const;
  const std::vector<Parameter>& all() const { return parameters_; }

  static constexpr std::size_t kLargestCount = 1000;

 private:
  std::string_view keep(std::string_view text, bool decode);

  std::vector<Parameter> parameters_;
  std::vector<std::string> blocks_;  ///< Decoded text; a block never moves its bytes once a view was given out.
  std::size_t block_ = 0;
};

}  // namespace postback
