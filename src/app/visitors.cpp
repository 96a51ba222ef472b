// Visitors: opening and watching.
#include "app/visitors.hpp"

#include "postback/base/log.hpp"

#include <filesystem>

namespace postback {
namespace {

HashKey random_key(Entropy& entropy) {
  HashKey key{};
  entropy.fill(key);
  return key;
}

AddressPrivacy privacy_of(std::string_view word) {
  if (word == "truncated") return AddressPrivacy::truncated;
  return word == "hashed" ? AddressPrivacy::hashed : AddressPrivacy::whole;
}

/// Made once, at the first use; the patterns are constants of the program.
const UserAgentParser& packaged_user_agents() {
  static const UserAgentParser parser(packaged_user_agent_patterns());
  return parser;
}

}  // namespace

std::string packaged_geo_database() {
  std::error_code fault;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", fault);
  return (program.parent_path() / "data" / "country.mmdb").string();
}

Visitors::Visitors(const VisitorOptions& options, const RecordedAddress::Key& secret, Entropy& entropy)
    : known_(options.remembered),
      services_{.user_agents = packaged_user_agents(),
                .geo = geo_,
                .known = known_,
                .address = RecordedAddress(privacy_of(options.ip), secret),
                .hash_key = random_key(entropy),
                .cached_user_agents = options.cached_user_agents} {}

Result<std::unique_ptr<Visitors>> Visitors::open(const VisitorOptions& options, const RecordedAddress::Key& secret,
                                                 Entropy& entropy) {
  std::unique_ptr<Visitors> visitors(new Visitors(options, secret, entropy));
  if (options.geo_database == "off") return visitors;
  if (auto opened = visitors->open_geo(options); !opened) return opened.error();
  visitors->watch_ = std::jthread([self = visitors.get(), interval = options.geo_check_interval](
                                      const std::stop_token& stop) { self->watch(stop, interval); });
  return visitors;
}

Result<void> Visitors::open_geo(const VisitorOptions& options) {
  const bool packaged = options.geo_database.empty();
  const std::string path = packaged ? packaged_geo_database() : options.geo_database;
  if (auto opened = geo_.open(path); !opened) {
    if (!packaged) return Error{opened.error().code, "geo.database: " + opened.error().detail};
    spdlog::warn("geo.none detail={} advice=\"countries stay empty; set geo.database to a file, or to off\"",
                 log_value(opened.error().detail));
    return {};
  }
  spdlog::info("geo.opened type={} path={}", log_value(geo_.current()->type()), log_value(path));
  return {};
}

void Visitors::watch(const std::stop_token& stop, std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, interval, [] { return false; });
    if (!stop.stop_requested()) geo_.check();
  }
}

}  // namespace postback
