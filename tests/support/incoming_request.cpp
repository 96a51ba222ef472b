// Takes a request as the server does.
#include "support/incoming_request.hpp"

#include "postback/domain/postback_shape.hpp"
#include "support/postback_sample.hpp"

namespace postback {

Reading read_request(const IncomingRequest& request, const std::shared_ptr<const Catalog>& catalog,
                     const std::vector<ClickFacts>& clicks) {
  const std::string target = with_samples(request.target);
  const std::string body = with_samples(request.body);
  Postback postback;
  postback.method = request.method;
  postback.target = target;
  const auto mark = target.find('?');
  if (mark != std::string::npos) postback.query = std::string_view(target).substr(mark + 1);
  postback.content_type = request.content_type;
  postback.headers = request.headers;
  postback.body = body;
  postback.body_too_large = request.body_too_large;
  postback.peer = request.peer;
  postback.secure = request.secure;
  postback.forwarded_for = request.forwarded_for;
  postback.arrival = request.arrival;
  postback.authenticated = request.authenticated;
  if (request.proved_to) postback.proved_to = &*request.proved_to;
  const auto url = read_postback_url(postback).value_or(PostbackUrl{});
  postback.shape = url.shape;
  postback.network = url.network;
  postback.event = url.event;
  postback.path_key = url.key;
  if (leaves_network_to_click(url.shape)) {
    const auto sought = sought_click(postback, sample_keys()).id;
    const ClickFacts* found = nullptr;
    for (const auto& click : clicks) {
      if (sought.high != 0 && click.id == sought.high) found = &click;
    }
    if (const auto* network = network_of(postback, *catalog, found)) postback.network = network->id;
  }
  return read(postback, catalog, sample_keys());
}

}  // namespace postback
