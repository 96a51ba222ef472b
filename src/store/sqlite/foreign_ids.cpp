// Looks IDs up as they are, then by their hashes (BLAKE2b, RFC 7693).
#include "store/sqlite/foreign_ids.hpp"

#include "postback/domain/snowflake.hpp"

#include <sodium.h>

#include <array>

namespace postback::sqlite {
namespace {

/// What a forgotten ID starts with. A whole hash cannot be guessed, so nobody can name one.
constexpr std::string_view kForgotten = "forgotten:";
constexpr std::size_t kHashBytes = 16;

const unsigned char* bytes_of(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library takes unsigned bytes.
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

ForeignIds::ForeignIds(Database& database)
    : find_(database.prepare("SELECT click FROM foreign_click WHERE foreign_id = ?1")),
      of_click_(database.prepare("SELECT foreign_id FROM foreign_click WHERE click = ?1")),
      replace_(database.prepare("UPDATE OR REPLACE foreign_click SET foreign_id = ?2 WHERE foreign_id = ?1")) {
  if (auto key = database.text("SELECT value FROM meta WHERE key = 'foreign_id_key'")) key_ = *std::move(key);
}

int ForeignIds::look_up(std::string_view foreign_id, SnowflakeId& click) {
  const ResetAtEnd reset(find_);
  find_.empty_or_text(1, foreign_id);
  const int code = find_.step();
  click = code == SQLITE_ROW ? find_.id_at(0) : 0;
  return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int ForeignIds::find(std::string_view foreign_id, SnowflakeId& click) {
  if (key_.empty()) return SQLITE_CORRUPT;  // every store was given one
  const int code = look_up(foreign_id, click);
  return code == SQLITE_OK && click == 0 ? look_up(hash(foreign_id), click) : code;
}

int ForeignIds::of_click(SnowflakeId click, std::vector<std::string>& foreign_ids) {
  if (snowflake_node(click) != kImportNode) return SQLITE_OK;
  const ResetAtEnd reset(of_click_);
  of_click_.id(1, click);
  int code = of_click_.step();
  for (; code == SQLITE_ROW; code = of_click_.step()) {
    if (!of_click_.view_at(0).starts_with(kForgotten)) foreign_ids.push_back(of_click_.text_at(0));
  }
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

int ForeignIds::forget(SnowflakeId click) {
  if (key_.empty()) return SQLITE_CORRUPT;
  std::vector<std::string> foreign_ids;
  int code = of_click(click, foreign_ids);
  for (const auto& foreign_id : foreign_ids) {
    if (code != SQLITE_OK) break;
    const std::string hashed = hash(foreign_id);
    replace_.empty_or_text(1, foreign_id);
    replace_.empty_or_text(2, hashed);
    code = replace_.run();
  }
  return code;
}

std::string ForeignIds::hash(std::string_view foreign_id) const {
  std::array<unsigned char, kHashBytes> bytes{};
  crypto_generichash(bytes.data(), bytes.size(), bytes_of(foreign_id), foreign_id.size(), bytes_of(key_), key_.size());
  std::array<char, 2 * kHashBytes + 1> text{};
  return std::string(kForgotten) + sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
}

}  // namespace postback::sqlite
