// Reading and writing the visitor's cookie (RFC 6265) without allocating anything but the caller's text.
#include "tracking/visitor_cookie.hpp"

#include "domain/ascii_text.hpp"

#include <algorithm>
#include <charconv>

namespace postback {
namespace {

constexpr unsigned kSecondsOfADay = 86'400;

/// Takes the text up to the next `separator` off `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

/// The campaign of an entry, by the entry's form alone; 0: it is none.
EntityNumber campaign_of(std::string_view entry) {
  if (entry.size() < kClickIdLength + 2 || entry[kClickIdLength] != '.') return 0;
  const auto id = entry.substr(0, kClickIdLength);
  if (!std::all_of(id.begin(), id.end(), is_ascii_alphanumeric)) return 0;
  const auto digits = entry.substr(kClickIdLength + 1);
  EntityNumber campaign = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), campaign);
  return error == std::errc{} && end == digits.data() + digits.size() ? campaign : 0;
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_entry(std::string& out, const CookieEntry& entry) {
  const auto id = encode_click_id(entry.id);
  out.append(id.data(), id.size()).append(1, '.');
  append_number(out, entry.campaign);
}

}  // namespace

bool asks_for_privacy(const http::Request& request) {
  const auto header = request.header("sec-gpc");
  return header && trim(*header) == "1";
}

std::string_view visitor_cookie(const http::Request& request, const CookieSettings& settings) {
  std::string_view found;
  for (const http::Header& header : request.headers) {
    if (!equal_ignoring_case(header.name, "cookie")) continue;
    for (auto rest = header.value; !rest.empty() && found.empty();) {
      auto pair = trim(take_until(rest, ';'));
      if (take_until(pair, '=') == settings.name) found = pair;
    }
  }
  return found.empty() || asks_for_privacy(request) ? std::string_view() : found;
}

std::optional<CookieEntry> newest_entry(std::string_view cookie, const ClickIdKeys& keys, EntityNumber campaign) {
  for (std::size_t seen = 0; !cookie.empty() && seen < kMostCookieEntries; ++seen) {
    const auto entry = take_until(cookie, '~');
    const auto of = campaign_of(entry);
    if (of == 0 || (campaign != 0 && of != campaign)) continue;
    const auto id = parse_click_id(entry.substr(0, kClickIdLength));
    if (id && keys.verify(*id)) return CookieEntry{*id, of};
  }
  return std::nullopt;
}

void append_set_cookie(std::string& out, const CookieSettings& settings, const CookieEntry& entry,
                       std::string_view cookie, bool secure) {
  out.append(settings.name).append(1, '=');
  append_entry(out, entry);
  std::size_t entries = 1;
  for (std::size_t seen = 0; !cookie.empty() && seen < kMostCookieEntries && entries < kMostCookieEntries; ++seen) {
    const auto other = take_until(cookie, '~');
    const auto campaign = campaign_of(other);
    if (campaign == 0 || campaign == entry.campaign) continue;
    out.append(1, '~').append(other);
    ++entries;
  }
  out += "; Path=/; Max-Age=";
  append_number(out, std::uint64_t{settings.days} * kSecondsOfADay);
  out += secure ? "; HttpOnly; SameSite=None; Secure" : "; HttpOnly; SameSite=Lax";
}

}  // namespace postback
