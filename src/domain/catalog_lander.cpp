// Lander documents: the URL template of a landing page.
#include "domain/catalog_entities.hpp"
#include "domain/template_places.hpp"
#include "domain/url_origin.hpp"

namespace postback {
namespace {

/// The parameter that carries the click ID to a lander whose URL does not say where it wants it.
constexpr std::string_view kClickParameter = "clickid";

void compile_url(ObjectReader& reader, const std::string& text, Lander& lander) {
  const std::string expected = "an absolute URL, such as \"https://lander.example/?clickid={clickid}\"";
  Result<UrlTemplate> compiled = UrlTemplate::compile(text);
  if (compiled && !compiled->uses(Token::clickid)) {
    if (const auto value = query_value(text, kClickParameter)) {
      return reader.fault("url", "sets clickid to \"" + *value + "\", but that parameter carries the click ID",
                          "clickid={clickid}, or {clickid} in another place");
    }
    compiled = UrlTemplate::compile(append_click_parameter(text, kClickParameter));
  }
  if (!compiled) return reader.fault("url", compiled.error().detail, expected);
  if (const std::string bare = find_bare_tokens(compiled->text(), false); !bare.empty() && !reader.is_spared())
    reader.fault("url", bare, expected);
  lander.url = *std::move(compiled);
}

}  // namespace

Json read_lander(ObjectReader& reader, Lander& lander) {
  Json canonical = Json::object();
  lander.name = reader.required_text("name", "a name for people, such as \"Long page\"");
  canonical["name"] = lander.name;
  const std::string url = reader.required_text(
      "url", "an absolute URL, such as \"https://lander.example/?clickid={clickid}\"", kLongestUrl);
  if (!url.empty()) compile_url(reader, url, lander);
  canonical["url"] = url;
  reader.finish();
  return canonical;
}

}  // namespace postback
