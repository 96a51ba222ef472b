// Compiling and rendering outgoing templates.
#include "postback/domain/outgoing_template.hpp"

namespace postback {

Result<OutgoingTemplate> OutgoingTemplate::compile(std::string_view text, OutgoingPlace place) {
  OutgoingTemplate compiled;
  compiled.place_ = place;
  compiled.text_ = text;
  return compiled;
}

void OutgoingTemplate::render(std::string& out, const OutgoingValues&) const { out += text_; }

}  // namespace postback
