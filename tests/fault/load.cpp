// Load: what one client does over and over.
#include "load.hpp"

#include "postback/domain/click_id.hpp"
#include "support/example_catalog.hpp"
#include "support/test_server.hpp"

#include <nlohmann/json.hpp>

#include <random>
#include <stdexcept>
#include <utility>

namespace postback::fault {
namespace {

using testing::RawClient;
using testing::RawResponse;
using testing::request_text;

/// One connection and the postbacks it was told of, to be repeated.
class Client {
 public:
  Client(std::uint16_t port, Ledger& ledger, std::uint64_t seed, std::string name)
      : ledger_(ledger), connection_(port), random_(seed), name_(std::move(name)) {}

  void step() {
    click();
    convert();
    if (random_() % 4 == 0) repeat();
  }

 private:
  RawResponse ask(const std::string& target) {
    connection_.send(request_text("GET", target));
    return connection_.read_response();
  }

  void click() {
    auto id = click_id_of(ask("/c/summer?cid=" + name_ + "&zone=z" + std::to_string(random_() % 100)), ledger_);
    if (!id) return;
    ledger_.click(*id);
    clicks_.push_back(std::move(*id));
  }

  void convert() {
    // Mostly the newest click, sometimes one that has a conversion already.
    const std::string& click = random_() % 4 == 0 ? clicks_[random_() % clicks_.size()] : clicks_.back();
    SentPostback sent{click, name_ + "-" + std::to_string(++sent_)};
    RawResponse answer;
    try {
      answer = ask(postback_target(sent));
    } catch (const std::exception&) {
      ledger_.unanswered(sent);
      throw;
    }
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (answer.status != 200 || json.value("code", "") != "converted") {
      return ledger_.wrong("a new postback was answered " + answer.head + answer.body);
    }
    told_.push_back({sent, json.at("conversion_id"), json.at("postback_id")});
    ledger_.conversion(told_.back());
  }

  void repeat() {
    if (told_.empty()) return;
    const ToldConversion& before = told_[random_() % told_.size()];
    const auto answer = ask(postback_target(before.sent));
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (answer.status == 200 && json.value("code", "") == "duplicate" &&
        json.value("conversion_id", "") == before.conversion_id) {
      return ledger_.repeated();
    }
    ledger_.wrong("a repeated postback of " + before.conversion_id + " was answered " + answer.head + answer.body);
  }

  Ledger& ledger_;
  RawClient connection_;
  std::mt19937_64 random_;
  const std::string name_;
  std::uint64_t sent_ = 0;
  std::vector<std::string> clicks_;
  std::vector<ToldConversion> told_;
};

}  // namespace

void put_example_catalog(std::uint16_t port) {
  for (const auto& document : example_documents()) {
    const std::string target = "/api/v1/" + std::string(collection_name(document.kind)) + "/" + document.id;
    RawClient client(port);
    client.send(request_text("PUT", target, "Authorization: Bearer k1\r\n", document.json));
    const auto answer = client.read_response();
    if (answer.status != 201) throw std::runtime_error("PUT " + target + ": " + answer.head + answer.body);
  }
}

RawResponse get(std::uint16_t port, const std::string& target) {
  RawClient client(port);
  client.send(request_text("GET", target, "Authorization: Bearer k1\r\n"));
  return client.read_response();
}

std::optional<std::string> click_id_of(const RawResponse& answer, Ledger& ledger) {
  const auto location = answer.header("Location").value_or("");
  if (answer.status == 302 && location.starts_with("https://offer.example/lp?aff=42&sub1=")) {
    auto id = testing::query_value(location, "sub1");
    if (parse_click_id(id)) return id;
  }
  ledger.wrong("a click was answered " + answer.head + answer.body);
  return std::nullopt;
}

std::string postback_target(const SentPostback& postback) {
  return "/postback/acme?token=" + std::string(kExampleToken) + "&click_id=" + postback.click +
         "&txid=" + postback.txid + "&payout=3.25&event=sale";
}

void send_again(std::uint16_t port, const SentPostback& postback, bool may_be_new, Ledger& ledger) {
  const auto answer = get(port, postback_target(postback));
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  const std::string code = answer.status == 200 ? json.value("code", "") : "";
  if (code == "duplicate") {
    ledger.repeated();
  } else if (code == "converted" && may_be_new) {
    ledger.conversion({postback, json.at("conversion_id"), json.at("postback_id")});
  } else {
    ledger.wrong("the postback " + postback.txid + " sent again was answered " + answer.head + answer.body);
  }
}

Load::Load(std::uint16_t port, Ledger& ledger, unsigned threads, std::uint64_t seed) : port_(port), ledger_(ledger) {
  for (unsigned worker = 0; worker < threads; ++worker) {
    threads_.emplace_back([this, seed, worker] { work(seed, worker); });
  }
}

void Load::stop() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void Load::work(std::uint64_t seed, unsigned worker) {
  try {
    Client client(port_, ledger_, seed + worker, std::to_string(seed) + "-" + std::to_string(worker));
    while (!stopping_) client.step();
  } catch (const std::exception&) {
    // The server is gone, as it was meant to be; what was told before counts.
  }
}

}  // namespace postback::fault
