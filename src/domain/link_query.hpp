// LinkQuery: writes a query after an address.
#pragma once

#include "postback/base/percent.hpp"

#include <string>
#include <string_view>

namespace postback {

class LinkQuery {
 public:
  /// `url`, without a query yet, must outlive this.
  explicit LinkQuery(std::string& url) : url_(url) {}
  /// `value` as it stands: a macro or placeholder, which others replace before anybody decodes the URL.
  void raw(std::string_view name, std::string_view value) { start(name) += value; }
  void text(std::string_view name, std::string_view value) { append_percent_encoded(start(name), value); }

 private:
  std::string& start(std::string_view name) {
    url_ += first_ ? '?' : '&';
    first_ = false;
    append_percent_encoded(url_, name);
    return url_ += '=';
  }
  std::string& url_;
  bool first_ = true;
};

}  // namespace postback
