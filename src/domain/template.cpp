// Rendering a compiled URL template: appending literals and percent-encoded values, nothing else.
#include "postback/domain/template.hpp"

#include "domain/template_tokens.hpp"
#include "postback/base/percent.hpp"

namespace postback {
void UrlTemplate::render(std::string& out, const TokenValues& values) const {
  for (const Segment& segment : segments_) {
    out += segment.literal;
    if (!segment.has_token) continue;
    std::string_view value = values[segment.token];
    if (segment.token == Token::query) {
      value = values.query == nullptr ? std::string_view{}
                                      : values.query->find(segment.query_name).value_or(std::string_view{});
    }
    if (segment.modifiers.empty())
      append_url_value(out, value, segment.in_path);
    else
      append_url_value(out, apply_modifiers(value, segment.modifiers), segment.in_path);
  }
}

void UrlTemplate::render_bare(std::string& out, std::string_view click_id) const {
  for (const Segment& segment : segments_) {
    out += segment.literal;
    if (!segment.has_token || segment.token != Token::clickid) continue;
    if (segment.modifiers.empty())
      append_percent_encoded(out, click_id);
    else
      append_percent_encoded(out, apply_modifiers(click_id, segment.modifiers));
  }
}

}  // namespace postback
