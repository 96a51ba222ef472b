// Offer documents: the destination's URL template and what a conversion is worth.
#include "domain/catalog_caps.hpp"
#include "domain/catalog_entities.hpp"
#include "domain/offer_link.hpp"
#include "domain/template_places.hpp"
#include "domain/template_tokens.hpp"
#include "domain/url_origin.hpp"
#include "domain/web_addresses.hpp"
#include "postback/base/percent.hpp"

#include <algorithm>

namespace postback {
namespace {

/// Whether {clickid} stands in path or query: no network's server sees a fragment.
bool carries_click_id(std::string_view text) {
  const std::vector<TokenText> tokens = find_tokens(text);
  const std::size_t end = find_query(mask_tokens(text, tokens)).end;
  return std::any_of(tokens.begin(), tokens.end(),
                     [end](const TokenText& token) { return token.name == "clickid" && token.begin < end; });
}

void check_bare_tokens(ObjectReader& reader, std::string_view text) {
  if (reader.is_spared()) return;
  if (std::string bare = find_bare_tokens(text, false); !bare.empty())
    reader.fault("url", std::move(bare), "each token right of a parameter's =, as in ?sub1={clickid}&src={sub1}");
}

void compile_url(ObjectReader& reader, const std::string& text, Offer& offer) {
  const std::string expected = "an absolute URL, such as \"https://offer.example/?sub1={clickid}\"";
  Result<UrlTemplate> compiled = UrlTemplate::compile(text);
  if (!compiled) {
    reader.fault("url", compiled.error().detail, expected);
    return;
  }
  if (!carries_click_id(text) && offer.network != nullptr) {
    const auto complete = with_click_id(reader, text, *offer.network);
    if (!complete) return check_bare_tokens(reader, text);
    compiled = UrlTemplate::compile(*complete);
    if (!compiled) {
      reader.fault("url", compiled.error().detail + " (with the network's click_param added)", expected);
      return;
    }
  }
  check_bare_tokens(reader, compiled->text());
  offer.url = *std::move(compiled);
}

const Network* find_network(ObjectReader& reader, const std::string& id, bool archived,
                            const CatalogReferences& known) {
  if (id.empty()) return nullptr;
  const auto found = known.networks.find(std::string_view(id));
  if (found == known.networks.end()) {
    reader.fault("network", "there is no network \"" + id + "\"", "the ID of a network; create it first");
    return nullptr;
  }
  if (found->second->archived && !archived) {
    reader.fault("network", "the network \"" + id + "\" is archived",
                 "a network in use, or archive this offer as well");
  }
  return found->second.get();
}

/// Off unless it is given: whoever sees the page can call it.
Json read_browser_conversions(ObjectReader& reader, Offer& offer) {
  if (reader.find("browser_conversions") == nullptr) return nullptr;
  const Json& object = reader.object("browser_conversions");
  ObjectReader given(object, reader.path_of("browser_conversions."), reader.faults());
  const std::string status = given.choice("status", "pending", {"pending", "approved"});
  offer.browser_conversions = parse_conversion_status(status);
  given.finish();
  return Json{{"status", status}};
}

}  // namespace

std::optional<std::string> query_value(std::string_view url, std::string_view name) {
  const std::string masked = mask_tokens(url, find_tokens(url));
  const QueryPlace place = find_query(masked);
  for (std::size_t at = place.begin; at < place.end;) {
    const std::size_t stop = std::min(masked.find('&', at), place.end);
    const std::size_t equals = std::min(masked.find('=', at), stop);
    std::string found;
    append_query_decoded(found, url.substr(at, equals - at));
    if (found == name) return std::string(url.substr(std::min(equals + 1, stop), stop - std::min(equals + 1, stop)));
    at = stop + 1;
  }
  return std::nullopt;
}

std::string append_click_parameter(std::string_view url, std::string_view name) {
  const std::string masked = mask_tokens(url, find_tokens(url));
  const QueryPlace place = find_query(masked);
  std::string complete(url.substr(0, place.end));
  if (place.begin == std::string::npos)
    complete += '?';
  else if (place.begin != place.end && masked[place.end - 1] != '&')
    complete += '&';
  complete += std::string(name) + "={clickid}";
  complete += url.substr(place.end);
  return complete;
}

Json read_offer(ObjectReader& reader, Offer& offer, const CatalogReferences& known) {
  Json canonical = Json::object();
  offer.name = reader.required_text("name", "a name for people, such as \"VPN\"");
  canonical["name"] = offer.name;
  const std::string network = reader.required_text("network", "the ID of a network, such as \"acme\"");
  offer.network = find_network(reader, network, offer.archived, known);
  canonical["network"] = network;
  const std::string url =
      reader.required_text("url", "an absolute URL, such as \"https://offer.example/?sub1={clickid}\"", kLongestUrl);
  if (!url.empty()) compile_url(reader, url, offer);
  canonical["url"] = url;
  offer.payout = reader.amount("payout");
  canonical["payout"] = offer.payout ? Json(format_decimal(*offer.payout)) : Json(nullptr);
  offer.currency = reader.currency("currency", known.currencies, offer.archived);
  canonical["currency"] = text_or_null(offer.currency);
  if (offer.currency.empty() && offer.network != nullptr) offer.currency = offer.network->currency;
  if (offer.payout && offer.currency.empty()) {
    reader.fault("currency", "is missing, and the network has none either, so the payout has no meaning",
                 "an ISO 4217 code, such as \"USD\", here or on the network");
  }
  read_fallback_and_caps(reader, offer, known, canonical);
  offer.hosts = read_hosts(reader);
  canonical["hosts"] = offer.hosts;
  canonical["browser_conversions"] = read_browser_conversions(reader, offer);
  reader.not_available({"allowed_hosts"});
  reader.finish();
  return canonical;
}

}  // namespace postback
