// PersonSearch: which rows of the logs are about a person.
#pragma once

#include "postback/base/address_range.hpp"
#include "postback/store/forget_item.hpp"
#include "postback/store/reader.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postback::sqlite {

/// One search through one table. Used by one thread.
class PersonSearch {
 public:
  /// `foreign_ids`: what another tracker called the person's click, if it is one click.
  PersonSearch(const Person& person, ForgetTable table, std::vector<std::string> foreign_ids);

  /// The rows with an ID below ?1, newest first, the ID being the first column. ?2: the person's click, if it is one
  /// click and deliveries are searched.
  std::string sql() const;
  /// Of a row of that statement.
  bool is_about(const Statement& row) const;

 private:
  bool is_address(std::string_view recorded) const;
  bool is_named_in(std::string_view text) const;
  bool has_address(std::string_view text) const;

  const Person& person_;
  ForgetTable table_;
  std::optional<Address> address_;
  std::string click_id_;             ///< In lower case.
  std::vector<std::string> sought_;  ///< Values that stand in texts by themselves.
};

}  // namespace postback::sqlite
