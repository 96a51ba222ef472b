// Reading and writing the visitor's cookie (RFC 6265) without allocating anything but the caller's text.
#include "tracking/visitor_cookie.hpp"

#include "domain/ascii_text.hpp"

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

/// An entry by its form; the ID's signature is not looked at.
std::optional<CookieEntry> parse_entry(std::string_view text) {
  if (text.size() < kClickIdLength + 2 || text[kClickIdLength] != '.') return std::nullopt;
  const auto id = parse_click_id(text.substr(0, kClickIdLength));
  const auto digits = text.substr(kClickIdLength + 1);
  EntityNumber campaign = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), campaign);
  if (!id || error != std::errc{} || end != digits.data() + digits.size() || campaign == 0) return std::nullopt;
  return CookieEntry{*id, campaign};
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
    const auto entry = parse_entry(take_until(cookie, '~'));
    if (!entry || (campaign != 0 && entry->campaign != campaign)) continue;
    if (keys.verify(entry->id)) return entry;
  }
  return std::nullopt;
}

void append_set_cookie(std::string& out, const CookieSettings& settings, const CookieEntry& entry,
                       std::string_view cookie, bool secure) {
  out.append(settings.name).append(1, '=');
  append_entry(out, entry);
  std::size_t entries = 1;
  for (std::size_t seen = 0; !cookie.empty() && seen < kMostCookieEntries && entries < kMostCookieEntries; ++seen) {
    const auto other = parse_entry(take_until(cookie, '~'));
    if (!other || other->campaign == entry.campaign) continue;
    append_entry(out.append(1, '~'), *other);
    ++entries;
  }
  out += "; Path=/; Max-Age=";
  append_number(out, std::uint64_t{settings.days} * kSecondsOfADay);
  out += secure ? "; HttpOnly; SameSite=None; Secure" : "; HttpOnly; SameSite=Lax";
}

}  // namespace postback
