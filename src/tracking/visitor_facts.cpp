// VisitorFacts: headers, address, user agent, and whether the visitor was here before.
#include "tracking/visitor_facts.hpp"

#include "postback/base/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace postback {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_named(std::string_view name, std::string_view lower_case) {
  return name.size() == lower_case.size() &&
         std::equal(name.begin(), name.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

void take_headers(const http::Request& request, Visitor& visitor) {
  for (const http::Header& header : request.headers) {
    if (is_named(header.name, "user-agent")) {
      visitor.user_agent = utf8_prefix(header.value, kLongestUserAgent);
    } else if (is_named(header.name, "referer")) {
      visitor.referrer = utf8_prefix(header.value, kLongestReferrer);
    } else if (is_named(header.name, "accept-language")) {
      visitor.language = utf8_prefix(header.value.substr(0, header.value.find_first_of(",; ")), kLongestLanguage);
    }
  }
}

/// Who visits what, in one keyed hash.
std::uint64_t visitor_hash(const HashKey& key, std::string_view address, std::uint64_t user_agent,
                           EntityNumber campaign) {
  constexpr std::size_t kLongestAddress = 48;
  std::array<char, kLongestAddress + sizeof user_agent + sizeof campaign> bytes{};
  address.copy(bytes.data(), kLongestAddress);
  std::memcpy(bytes.data() + kLongestAddress, &user_agent, sizeof user_agent);
  std::memcpy(bytes.data() + kLongestAddress + sizeof user_agent, &campaign, sizeof campaign);
  return keyed_hash(key, {bytes.data(), bytes.size()});
}

}  // namespace

VisitorFacts::VisitorFacts(const VisitorServices* services, TrackingFigures& figures)
    : services_(services), figures_(figures) {
  if (services_ == nullptr) return;
  geo_.emplace(services_->geo);
  user_agents_.emplace(services_->user_agents, services_->cached_user_agents);
}

void VisitorFacts::read(const http::Request& request, Visitor& visitor) {
  visitor.ip = request.peer;
  take_headers(request, visitor);
}

void VisitorFacts::fill(const http::Request& request, TimeMs time, VisitorTexts& texts, Visitor& visitor) {
  visitor.time = time;
  read(request, visitor);
  complete(texts, visitor);
}

void VisitorFacts::complete(VisitorTexts& texts, Visitor& visitor) {
  if (services_ == nullptr) return;
  user_agent_hash_ = keyed_hash(services_->hash_key, visitor.user_agent);
  const auto facts = user_agents_->find(visitor.user_agent, user_agent_hash_, figures_.user_agents_parsed);
  visitor.device = facts.device;
  visitor.os = facts.os;
  visitor.browser = facts.browser;
  visitor.bot = facts.bot;
  link_preview_ = facts.preview;
  if (const GeoDatabase* const geo = geo_->get(); geo != nullptr && visitor.country.empty()) {
    geo->find(visitor.ip, texts.place);
    visitor.country = texts.place.country;
    visitor.region = texts.place.region;
    visitor.city = texts.place.city;
  }
}

bool VisitorFacts::is_bot(std::string_view user_agent) {
  if (services_ == nullptr) return false;
  const auto text = utf8_prefix(user_agent, kLongestUserAgent);
  return user_agents_->find(text, keyed_hash(services_->hash_key, text), figures_.user_agents_parsed).bot;
}

void VisitorFacts::count_visit(EntityNumber campaign, std::optional<bool> first_by_cookie, Visitor& visitor) {
  const bool is_told_apart = !visitor.ip.empty() || !visitor.user_agent.empty();
  if (services_ != nullptr && services_->known.remembers_any() && is_told_apart) {
    const auto who = visitor_hash(services_->hash_key, visitor.ip, user_agent_hash_, campaign);
    visitor.unique = services_->known.first_visit(who, visitor.time);
  }
  if (first_by_cookie) visitor.unique = first_by_cookie;
}

void VisitorFacts::record(const Visitor& visitor, VisitorTexts& texts, Click& click) const {
  click.ip = services_ == nullptr ? visitor.ip : services_->address.of(visitor.ip, texts.address);
  click.user_agent = visitor.user_agent;
  click.referrer = visitor.referrer;
  click.language = visitor.language;
  click.country = visitor.country;
  click.region = visitor.region;
  click.city = visitor.city;
  click.device = visitor.device;
  click.os = visitor.os;
  click.browser = visitor.browser;
  click.bot = visitor.bot;
  click.unique = visitor.unique;
}

}  // namespace postback
