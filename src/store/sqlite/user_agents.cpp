// UserAgents: a memory that starts anew each UTC day and whenever it is full.
#include "store/sqlite/user_agents.hpp"

namespace postback::sqlite {

UserAgents::UserAgents(Database& database)
    : handle_(database.handle()),
      insert_(database.prepare("INSERT INTO user_agent (text, device, os, browser, bot) VALUES (?1, ?2, ?3, ?4, ?5)")) {
}

void UserAgents::clear() {
  appended_.clear();
  numbers_.clear();
  bytes_ = 0;
}

void UserAgents::begin_batch(TimeMs now) {
  appended_.clear();
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  if (day == day_) return;
  day_ = day;
  clear();
}

int UserAgents::find_or_append(const Click& click, std::int64_t& number) {
  const std::string_view text = click.user_agent;
  if (const auto found = numbers_.find(text); found != numbers_.end()) {
    number = found->second;
    return SQLITE_OK;
  }
  insert_.text(1, text);
  insert_.text(2, click.device);
  insert_.text(3, click.os);
  insert_.text(4, click.browser);
  insert_.integer(5, std::int64_t{click.bot});
  if (const int code = insert_.run(); code != SQLITE_OK) return code;
  number = sqlite3_last_insert_rowid(handle_);
  if (numbers_.size() >= kMostTexts || bytes_ + text.size() > kMostBytes) clear();
  bytes_ += text.size();
  appended_.push_back(numbers_.emplace(text, number).first->first);
  return SQLITE_OK;
}

void UserAgents::roll_back() {
  for (const auto text : appended_) {
    const auto found = numbers_.find(text);
    bytes_ -= found->first.size();
    numbers_.erase(found);
  }
  appended_.clear();
}

}  // namespace postback::sqlite
