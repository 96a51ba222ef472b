// The first-party cookie: which clicks this browser made, by campaign, the newest first.
//
//   cookie = entry *( "~" entry )        at most kMostCookieEntries
//   entry  = click ID "." number         26 characters; the campaign's number, decimal
//
// It proves nothing but that this browser was given these IDs, whose signature is checked before they are used.
#pragma once

#include "postback/domain/click.hpp"
#include "postback/http/request.hpp"
#include "postback/tracking/cookies.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// Campaigns that a cookie remembers; the oldest gives way. Eight of them are some 300 bytes in every request.
inline constexpr std::size_t kMostCookieEntries = 8;

struct CookieEntry {
  ClickId id;
  EntityNumber campaign = 0;
};

/// The value of this cookie in the request; empty when there is none, or when the browser asks not to be followed
/// (Global Privacy Control, `Sec-GPC: 1`).
std::string_view visitor_cookie(const http::Request& request, const CookieSettings& settings);
/// Whether `Sec-GPC: 1` came with the request.
bool asks_for_privacy(const http::Request& request);

/// The newest entry whose ID is ours, of this campaign or (0) of any.
std::optional<CookieEntry> newest_entry(std::string_view cookie, const ClickIdKeys& keys, EntityNumber campaign = 0);

/// Appends the value of a Set-Cookie header that remembers `entry` before what `cookie` has of other campaigns.
/// `secure`: the request came by HTTPS, so that the cookie may also be sent from other sites' pages.
void append_set_cookie(std::string& out, const CookieSettings& settings, const CookieEntry& entry,
                       std::string_view cookie, bool secure);

}  // namespace postback
