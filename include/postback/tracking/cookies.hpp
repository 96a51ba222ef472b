// CookieSettings: how the first-party cookie of visitors is called and how long it lasts.
#pragma once

#include <string>

namespace postback {

struct CookieSettings {
  std::string name = "postbackd";
  unsigned days = 30;
};

}  // namespace postback
