// Putting the configuration together from its four sources, with every fault.
#include "postback/app/config.hpp"

#include "app/config_keys.hpp"
#include "domain/nearest_name.hpp"
#include "domain/url_origin.hpp"
#include "postback/base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace postback {
namespace {

constexpr std::string_view kPrefix = "POSTBACKD_";
constexpr const char* kAdminKey = "POSTBACKD_ADMIN_KEY";
constexpr std::uintmax_t kLargestFile = 1024 * 1024;

/// Works on one configuration.
class Loading {
 public:
  explicit Loading(Config& config) : config_(config) {}

  void file(const std::string& path) {
    const auto text = content_of(path);
    if (!text) return;
    const auto before = static_cast<std::ptrdiff_t>(config_.faults.size());
    for (const auto& [key, line, value] : read_config_file(path, *text, config_.faults)) {
      take(*key, path + ":" + std::to_string(line), set_value(*key, value, config_.settings));
    }
    std::stable_sort(config_.faults.begin() + before, config_.faults.end(),
                     [](const auto& a, const auto& b) { return line_of(a) < line_of(b); });
  }

  void environment(const std::map<std::string, std::string>& variables) {
    for (const auto& [name, value] : variables) {
      if (name == kAdminKey) {
        config_.settings.app.admin_key = value;
      } else if (const auto* const key = key_of_variable(name)) {
        take(*key, "environment " + name, set_texts(*key, texts_of(*key, value), config_.settings));
      } else if (of_a_section(name)) {
        config_.faults.push_back({"environment " + name, "", "is not a variable of a key", nearest_variable(name)});
      }
    }
  }

  void command_line(const std::vector<CommandLineValue>& values) {
    for (const auto& [option, name, texts] : values) {
      const auto* const key = find_config_key(name);
      take(*key, "command line " + option, set_texts(*key, texts, config_.settings));
    }
  }

  /// What single values cannot show.
  void compare() {
    compare_listeners();
    compare_public_hosts();
  }

 private:
  void compare_listeners() {
    const auto& app = config_.settings.app;
    for (const auto& address : app.api_listen) {
      if (address.ends_with(":0") || std::ranges::find(app.listen, address) == app.listen.end()) continue;
      config_.faults.push_back({origin_of("api.listen"), "api.listen", "names " + address + ", as http.listen does",
                                "another address or port"});
    }
  }

  /// Links are asked for by host.
  void compare_public_hosts() {
    const auto& app = config_.settings.app;
    std::vector<std::string> hosts;
    if (!app.public_url.empty()) hosts.push_back(host_and_port(app.public_url));
    for (const auto& url : app.tracking_urls) {
      auto host = host_and_port(url);
      if (std::ranges::find(hosts, host) != hosts.end()) {
        config_.faults.push_back({origin_of("http.tracking_urls"), "http.tracking_urls",
                                  "has \"" + url + "\", whose host stands in it or in http.public_url already",
                                  "each host once"});
      }
      hosts.push_back(std::move(host));
    }
  }

  std::string origin_of(std::string_view key) const {
    const auto origin = config_.origins.find(key);
    return origin == config_.origins.end() ? "default" : origin->second;
  }

  void take(const ConfigKey& key, const std::string& origin, ConfigMistakes mistakes) {
    for (auto& mistake : mistakes) {
      config_.faults.push_back(
          {origin, std::string(key.name), std::move(mistake.problem), std::move(mistake.expected)});
    }
    if (mistakes.empty()) config_.origins.insert_or_assign(std::string(key.name), origin);
  }

  /// The number behind the last colon of an origin in the file.
  static std::size_t line_of(const ConfigFault& fault) {
    const auto digits = fault.origin.substr(fault.origin.rfind(':') + 1);
    return static_cast<std::size_t>(std::strtoull(digits.c_str(), nullptr, 10));
  }

  std::optional<std::string> content_of(const std::string& path) {
    const auto fail = [&](std::string why) {
      config_.faults.push_back({path, "", "cannot be read: " + std::move(why), "a file of JSON with comments"});
      return std::nullopt;
    };
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) return fail("it is a directory");
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(std::strerror(errno));
    std::ostringstream text;
    if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
    if (!file || !text) return fail(std::strerror(errno));
    if (text.view().size() > kLargestFile) return fail("it is larger than 1 MiB");
    return text.str();
  }

  static const ConfigKey* key_of_variable(std::string_view name) {
    const auto keys = config_keys();
    const auto found = std::ranges::find_if(keys, [&](const ConfigKey& key) { return variable_of(key) == name; });
    return found == keys.end() ? nullptr : &*found;
  }

  /// Others are left alone: systems that start services set variables of their own, such as POSTBACKD_PORT.
  static bool of_a_section(std::string_view name) {
    return std::ranges::any_of(config_keys(), [&](const ConfigKey& key) {
      return name.starts_with(variable_of(key).substr(0, kPrefix.size() + section_of(key).size() + 1));
    });
  }

  static std::string nearest_variable(std::string_view name) {
    std::vector<std::string> variables;
    for (const auto& key : config_keys()) variables.push_back(variable_of(key));
    const std::vector<std::string_view> views(variables.begin(), variables.end());
    const auto nearest = nearest_name(name, views);
    return nearest.empty() ? "no such variable" : "`" + std::string(nearest) + "`, if that is meant";
  }

  /// Lists are separated by commas; an empty text is an empty list.
  static std::vector<std::string> texts_of(const ConfigKey& key, const std::string& value) {
    Settings probe;
    if (!std::holds_alternative<std::vector<std::string>*>(key.target(probe))) return {value};
    std::vector<std::string> texts;
    std::istringstream rest(value);
    for (std::string item; std::getline(rest, item, ',');) {
      const auto begin = item.find_first_not_of(' ');
      const auto last = item.find_last_not_of(' ');
      texts.push_back(begin == std::string::npos ? "" : item.substr(begin, last - begin + 1));
    }
    return texts;
  }

  Config& config_;
};

}  // namespace

Config load_config(const ConfigSources& sources) {
  Config config;
  Loading loading(config);
  if (sources.file) loading.file(*sources.file);
  loading.environment(sources.environment);
  loading.command_line(sources.command_line);
  loading.compare();
  return config;
}

std::map<std::string, std::string> config_environment() {
  std::map<std::string, std::string> variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view text(*each);
    const auto equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::string to_string(const ConfigFault& fault) {
  // Parts of the file stand in it: nothing of them may break the line or the terminal.
  std::string text = fault.origin + ": " + (fault.key.empty() ? "" : fault.key + ": ") + fault.problem +
                     (fault.expected.empty() ? "" : "; expected " + fault.expected);
  return log_text(text);
}

std::vector<std::string> changed_keys(const Settings& before, const Settings& after) {
  std::vector<std::string> changed;
  for (const auto& key : config_keys()) {
    if (value_of(key, before) != value_of(key, after)) changed.emplace_back(key.name);
  }
  return changed;
}

}  // namespace postback
