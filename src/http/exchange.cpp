// Answering an exchange with a response value.
#include "postback/http/exchange.hpp"

namespace postback::http {

void Exchange::answer(const Response& response) {
  auto writer = respond(response.status);
  for (const auto& [name, value] : response.headers) writer.header(name, value);
  writer.finish(response.body, response.content_type);
  finish();
}

}  // namespace postback::http
