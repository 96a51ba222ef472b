// Builds a campaign's links for the one who asks.
#include "links.hpp"

#include "domain/url_origin.hpp"
#include "postback/domain/link_builder.hpp"

#include "edit_problem.hpp"
#include "json_object.hpp"
#include "problem.hpp"
#include "query_values.hpp"

namespace postback::api {
namespace {

http::Response link_problem(const Faults& faults) {
  return problem(ProblemKind::invalid_document,
                 "No links were built, since the document has faults. Mend what errors lists and send it again.",
                 faults);
}

/// The public URL whose host `domain` is; a fault when there is none.
std::string url_of_domain(const Services& services, const std::string& domain, Faults& faults) {
  std::vector<std::string> urls = services.tracking_urls;
  if (!services.public_url.empty()) urls.insert(urls.begin(), services.public_url);
  std::string hosts;
  for (const auto& url : urls) {
    const auto host = host_and_port(url);
    if (host == domain) return url;
    hosts.append(hosts.empty() ? "one of: " : ", ").append(host);
  }
  faults.push_back({"domain", "\"" + domain + "\" is the host of no public URL of this server",
                    hosts.empty() ? "to be left out, while http.public_url and http.tracking_urls are empty" : hosts});
  return {};
}

/// Where the links lead to: the domain asked for, else as configured, else where this request came to.
std::string base_url(const Call& call, const std::string& domain, Faults& faults) {
  std::string url = domain.empty() ? call.services.public_url : url_of_domain(call.services, domain, faults);
  if (url.empty() && domain.empty()) {
    if (const auto host = call.request.header("Host"); host && !host->empty()) url.append("http://").append(*host);
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string status_urls_json(const PostbackLinks& links) {
  std::string json;
  JsonObject object(json);
  for (const auto& [status, url] : links.status_urls) object.text(to_string(status), url);
  object.close();
  return json;
}

/// Of every network and event.
std::string postbacks_json(const std::vector<PostbackLinks>& all) {
  std::string json = "[";
  for (const auto& links : all) {
    if (json.size() > 1) json += ',';
    JsonObject object(json);
    object.text("network", links.network).text_or_null("event", links.event);
    object.text_or_null("postback_url", links.postback_url).raw("status_urls", status_urls_json(links));
    object.text_or_null("test_postback", links.test_postback).raw("missing", faults_json(links.missing)).close();
  }
  return json += ']';
}

http::Response links_response(Links links, const std::string& campaign, bool guessed) {
  if (guessed) {
    links.notes.insert(links.notes.begin(),
                       "http.public_url is not configured, so the links are built on the Host header of this request. "
                       "Check that visitors and networks reach this server there; if not, set http.public_url.");
  }
  const PostbackLinks& postback = links.postback;
  std::string body;
  JsonObject object(body);
  object.text("campaign", campaign).text_or_null("network", postback.network);
  object.text_or_null("tracking_link", links.tracking_link).text_or_null("postback_url", postback.postback_url);
  object.raw("status_urls", status_urls_json(postback));
  object.text_or_null("test_link", links.test_link).text_or_null("test_postback", postback.test_postback);
  object.raw("postbacks", postbacks_json(links.all));
  object.texts("cautions", links.cautions).texts("notes", links.notes);
  object.raw("missing", faults_json(links.missing)).close();
  return json_response(200, std::move(body));
}

}  // namespace

http::Response make_links(const Call& call) {
  const QueryValues query(call.request.query, {});
  if (!query.faults().empty()) return parameter_problem(query.faults());
  if (auto refusal = refuse_unless_json(call.request)) return std::move(*refusal);
  const auto object = parse_strict_json(call.request.body);
  if (object.has_error()) return link_problem({{"(document)", object.error().detail, "one JSON object"}});
  if (!object->is_object()) return link_problem({{"(document)", "is not an object", "one JSON object"}});
  const auto request = read_link_request(*object);
  if (const auto* faults = std::get_if<Faults>(&request)) return link_problem(*faults);
  const auto& wanted = std::get<LinkRequest>(request);
  Faults faults;
  const LinkReader reader{base_url(call, wanted.domain, faults), call.caller.role == Role::admin};
  const auto catalog = call.services.catalog.current();
  auto links = build_links(*catalog, wanted, reader);
  if (const auto* more = std::get_if<Faults>(&links)) faults.insert(faults.begin(), more->begin(), more->end());
  if (!faults.empty()) return link_problem(faults);
  const bool guessed = wanted.domain.empty() && call.services.public_url.empty() && !reader.base_url.empty();
  return links_response(std::move(std::get<Links>(links)), wanted.campaign, guessed);
}

}  // namespace postback::api
