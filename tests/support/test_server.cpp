// Starting, filling and asking a server in this process.
#include "support/test_server.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace postback::testing {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("test server: " + what); }

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  auto name = (std::filesystem::temp_directory_path() / "postbackd-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) fail("no temporary directory could be made at " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string request_text(std::string_view method, std::string_view target, std::string_view header_lines,
                         std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: track.example\r\n").append(header_lines);
  if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

TestServer::TestServer(Adjust adjust, const Clock* clock)
    : adjust_(std::move(adjust)), clock_(clock != nullptr ? *clock : system_clock_) {
  start();
}

TestServer::~TestServer() {
  if (app_) static_cast<void>(stop());
}

void TestServer::start() {
  AppOptions options;
  options.io_threads = 1;
  options.admin_key = "k1";
  if (adjust_) adjust_(options);
  options.listen = {"127.0.0.1:0"};
  options.store = "sqlite://" + store_file();
  fatal_ = {};
  app_ = std::make_unique<App>(std::move(options), clock_, entropy_,
                               [this](const Error& error) { fatal_.set_value(error); });
  if (const auto started = app_->start(); !started) {
    app_.reset();
    fail("did not start: " + started.error().detail);
  }
  port_ = port_of(app_->addresses().at(0));
}

std::uint16_t TestServer::api_port() const { return port_of(app_->api_addresses().at(0)); }

Result<void> TestServer::stop() {
  const auto stopped = app_->stop();
  app_.reset();
  return stopped;
}

void TestServer::restart() {
  if (app_)
    if (const auto stopped = stop(); !stopped) fail("did not stop: " + stopped.error().detail);
  start();
}

RawResponse TestServer::exchange(std::string_view bytes, Asked asked) const {
  auto client = connect();
  client.send(bytes);
  return client.read_response(asked);
}

RawResponse TestServer::get(std::string_view target) const { return exchange(request_text("GET", target, kKeyHeader)); }

RawResponse TestServer::post(std::string_view target, std::string_view body, std::string_view content_type) const {
  std::string lines(kKeyHeader);
  lines.append("Content-Type: ").append(content_type).append("\r\n");
  return exchange(request_text("POST", target, lines, body));
}

RawResponse TestServer::put(std::string_view collection, std::string_view id, std::string_view json) const {
  std::string target("/api/v1/");
  target.append(collection).append("/").append(id);
  return exchange(request_text("PUT", target, kKeyHeader, json));
}

nlohmann::json TestServer::get_json(std::string_view target) const {
  const auto answer = get(target);
  if (answer.status != 200) fail("GET " + std::string(target) + ": " + answer.head + answer.body);
  return nlohmann::json::parse(answer.body);
}

std::string TestServer::example_catalog() const {
  const auto put_new = [this](std::string_view collection, std::string_view id, std::string_view json) {
    const auto answer = put(collection, id, json);
    if (answer.status != 201) fail("PUT " + std::string(collection) + ": " + answer.head + answer.body);
    return nlohmann::json::parse(answer.body);
  };
  const auto network =
      put_new("networks", "acme", R"({"name":"Acme","profile":"generic","click_param":"sub1","currency":"USD"})");
  put_new("offers", "vpn",
          R"({"name":"VPN","network":"acme","url":"https://offer.example/lp?aff=42&sub1={clickid}&src={sub1}",)"
          R"("payout":"12.50","currency":"USD"})");
  put_new("sources", "adnet", R"({"name":"AdNet","params":{"external_id":"cid","cost":"bid","sub1":"zone"}})");
  put_new("campaigns", "summer",
          R"({"name":"Summer","source":"adnet","cost":{"model":"cpc","amount":"0.05","currency":"USD"},)"
          R"("paths":[{"weight":1,"landers":[],"offers":[{"offer":"vpn","weight":1}]}]})");
  return network.at("token").get<std::string>();
}

std::string TestServer::click(std::string_view query) const {
  std::string target("/c/summer");
  if (!query.empty()) target.append("?").append(query);
  const auto answer = exchange(request_text("GET", target));
  if (answer.status != 302) fail("a click was answered: " + answer.head + answer.body);
  return query_value(answer.header("Location").value_or(""), "sub1");
}

void TestServer::settle() const {
  if (exchange(request_text("GET", "/healthz")).status != 200) fail("/healthz did not answer 200");
}

Error TestServer::wait_for_fatal() {
  auto told = fatal_.get_future();
  if (told.wait_for(RawClient::kPatience) != std::future_status::ready) fail("the store was not given up");
  return told.get();
}

std::string query_value(std::string_view url, std::string_view name) {
  for (auto at = url.find_first_of("?&"); at != std::string_view::npos; at = url.find('&', at + 1)) {
    const auto pair = url.substr(at + 1);
    if (!pair.starts_with(name) || !pair.substr(name.size()).starts_with('=')) continue;
    return std::string(pair.substr(name.size() + 1, std::min(pair.find_first_of("&#"), pair.size()) - name.size() - 1));
  }
  fail("no parameter " + std::string(name) + " in " + std::string(url));
}

}  // namespace postback::testing
