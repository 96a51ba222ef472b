// Postbacks for tests of the matcher.
#include "support/postback_sample.hpp"

#include <cctype>
#include <utility>

namespace postback {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

EntityDocument network(std::string id, std::string json, EntityNumber number) {
  return document_of(EntityKind::network, std::move(id), std::move(json), number);
}

EntityDocument offer(const std::string& id, const std::string& network, const std::string& more, EntityNumber number) {
  return document_of(EntityKind::offer, id,
                     R"({"name":")" + id + R"(","network":")" + network +
                         R"(","url":"https://offer.example/?s={clickid}")" + more + "}",
                     number);
}

}  // namespace

const ClickIdKeys& sample_keys() {
  static const ClickIdKeys keys({{TimeMs{}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}});
  return keys;
}

ClickId sample_click() { return sample_keys().sign(make_snowflake(FakeClock::kStart - std::chrono::hours(1), 7, 1)); }
ClickId other_click() { return sample_keys().sign(make_snowflake(FakeClock::kStart - std::chrono::minutes(59), 7, 2)); }
ClickId forged_click() {
  ClickId id = sample_click();
  id.low ^= 1;
  return id;
}

std::shared_ptr<const Catalog> sample_catalog() {
  static const auto catalog = [] {
    auto documents = example_documents();
    documents.push_back(network(
        "globex",
        R"({"name":"Globex","click_param":"s1","token":"GLOBEX-T0KEN","params":{"click_id":"cid","token":"key"},)"
        R"("status_words":{"hodl":"pending","rebill":{"status":"approved","event":"renewal"}}})",
        2));
    documents.push_back(
        network("open", R"({"name":"Open","click_param":"s","security":{"token":false},"currency":"USD"})", 3));
    documents.push_back(
        network("fixed", R"({"name":"Fixed","click_param":"s","token":"FIXED-T0KEN","payout":"fixed"})", 4));
    documents.push_back(network(
        "ignorer", R"({"name":"Ignorer","click_param":"s","token":"IGNORER-T0KEN","repeat":{"sale":"ignore"}})", 5));
    documents.push_back(offer("globex", "globex", "", 2));
    documents.push_back(offer("open", "open", R"(,"payout":"1.00")", 3));
    documents.push_back(offer("fixed", "fixed", R"(,"payout":"7.00","currency":"EUR")", 4));
    documents.push_back(offer("ignorer", "ignorer", R"(,"payout":"2.00","currency":"USD")", 5));
    documents.push_back(offer("plain", "acme", "", 6));
    return catalog_of(std::move(documents));
  }();
  return catalog;
}

EntityNumber offer_number(std::string_view id) { return sample_catalog()->document(EntityKind::offer, id)->number; }

std::string with_samples(std::string_view text) {
  std::string out(text);
  replace_all(out, "$ID", to_string(sample_click()));
  replace_all(out, "$OTHER", to_string(other_click()));
  replace_all(out, "$FORGED", to_string(forged_click()));
  replace_all(out, "$UPPER", upper(to_string(sample_click())));
  replace_all(out, "$TOKEN", kExampleToken);
  return out;
}

Reading read_sent(const SentPostback& sent) {
  const std::string query = with_samples(sent.query);
  const std::string body = with_samples(sent.body);
  const std::string headers = with_samples(sent.headers);
  const std::string network = with_samples(sent.network);
  const std::string event = with_samples(sent.event);
  const std::string target =
      "/postback/" + network + (event.empty() ? "" : "/" + event) + (query.empty() ? "" : "?" + query);
  Postback postback;
  postback.method = sent.method;
  postback.target = target;
  postback.query = query;
  postback.network = network;
  postback.event = event;
  postback.content_type = sent.content_type;
  postback.headers = headers;
  postback.body = body;
  postback.body_too_large = sent.body_too_large;
  postback.peer = "192.0.2.1";
  postback.arrival = sent.arrival;
  return read(postback, sample_catalog(), sample_keys());
}

Reading read_query(const std::string& more) {
  SentPostback sent;
  sent.query += more;
  return read_sent(sent);
}

std::string joined(const std::vector<std::string>& warnings) {
  std::string text;
  for (const auto& warning : warnings) text += warning + "\n";
  return text;
}

}  // namespace postback
