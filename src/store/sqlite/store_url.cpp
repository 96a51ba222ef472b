// The store URL: which file a `sqlite://` URL names.
#include "postback/store/sqlite.hpp"

namespace postback {
namespace {

constexpr std::string_view kForms = "write sqlite:///absolute/path.db or sqlite://./relative/path.db";

Error wrong(std::string_view url, std::string_view why) {
  return {ErrorCode::invalid_argument, "store URL '" + std::string(url) + "': " + std::string(why)};
}

/// The URL's scheme and `://`; the rest of a PostgreSQL URL may be a password and is not shown.
std::string_view scheme_part(std::string_view url) { return url.substr(0, url.find("://") + 3); }

}  // namespace

Result<std::string> parse_store_url(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite://";
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return wrong(std::string(scheme_part(url)) + "...",
                 "PostgreSQL is not available in this version yet; " + std::string(kForms));
  }
  if (!url.starts_with(kScheme)) return wrong(url, "only sqlite:// is known; " + std::string(kForms));
  const std::string_view path = url.substr(kScheme.size());
  if (path.empty()) return wrong(url, "the path is missing; " + std::string(kForms));
  if (!path.starts_with('/') && !path.starts_with("./") && !path.starts_with("../")) {
    return wrong(url, "after sqlite:// comes a path that starts with /, ./ or ../, not a host; " + std::string(kForms));
  }
  if (path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..")) {
    return wrong(url, "this names a directory; add the file's name, such as postbackd.db");
  }
  if (path.find_first_of(std::string_view("?#\0", 3)) != std::string_view::npos) {
    return wrong(url, "options (?...), fragments (#...) and zero bytes are not allowed; " + std::string(kForms));
  }
  return std::string(path);
}

}  // namespace postback
