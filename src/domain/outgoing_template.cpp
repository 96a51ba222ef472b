// Rendering outgoing templates: appending literals and encoded values, nothing else.
#include "postback/domain/outgoing_template.hpp"

#include "domain/json_template.hpp"
#include "domain/template_tokens.hpp"
#include "postback/base/percent.hpp"

namespace postback {
namespace {

std::string_view find_value(const Parameters* parameters, std::string_view name) {
  return parameters == nullptr ? std::string_view{} : parameters->find(name).value_or(std::string_view{});
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void append_header_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (!is_control(c)) out += c;
  }
}

void append_json_number(std::string& out, std::string_view value) {
  out += is_json_number(value) ? value : std::string_view("null");
}

}  // namespace

void OutgoingTemplate::render_value(std::string& out, const Segment& segment, std::string_view value) const {
  switch (place_) {
    case OutgoingPlace::url: return append_url_value(out, value, segment.in_path);
    case OutgoingPlace::form: return append_percent_encoded(out, value);
    case OutgoingPlace::header: return append_header_value(out, value);
    case OutgoingPlace::json: return segment.quoted ? append_json_content(out, value) : append_json_number(out, value);
    case OutgoingPlace::text: out += value; return;
  }
}

void OutgoingTemplate::render_marked(std::string& out, const OutgoingValues& values, bool marks_empty) const {
  for (const Segment& segment : segments_) {
    out += segment.literal;
    if (!segment.has_token) continue;
    std::string_view value = segment.outgoing ? values[segment.own] : values.click[segment.token];
    if (segment.outgoing && segment.own == OutgoingToken::postback) value = find_value(values.postback, segment.name);
    if (!segment.outgoing && segment.token == Token::query) value = find_value(values.click.query, segment.name);
    const std::string changed = segment.modifiers.empty() ? std::string() : apply_modifiers(value, segment.modifiers);
    if (!segment.modifiers.empty()) value = changed;
    if (marks_empty && value.empty() && segment.quoted) out += kEmptyMark;
    render_value(out, segment, value);
  }
}

void OutgoingTemplate::render(std::string& out, const OutgoingValues& values) const {
  render_marked(out, values, false);
}

void OutgoingTemplate::render_without_empty(std::string& out, const OutgoingValues& values) const {
  std::string whole;
  render_marked(whole, values, true);
  append_without_empty(out, whole);
}

}  // namespace postback
