// Whole rows of clicks, for the readers and for rules that the writer has judged.
#pragma once

#include "postback/domain/click.hpp"
#include "store/sqlite/statement.hpp"

#include <string>

namespace postback::sqlite {

/// ?1: the ID.
std::string select_click_by_id_sql();
StoredClick read_stored_click(const Statement& row);

}  // namespace postback::sqlite
