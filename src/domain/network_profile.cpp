// A network's profile, and the macros that it and the document give.
#include "domain/network_profile.hpp"

#include "domain/macro_syntax.hpp"
#include "domain/nearest_name.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::size_t kClickId = static_cast<std::size_t>(PostbackField::click_id);
constexpr std::string_view kSyntaxName = "name";

/// `syntax` with `name` in it, as in `{sub1}` from `{name}`.
std::string written(std::string_view syntax, std::string_view name) {
  const auto at = syntax.find(kSyntaxName);
  return std::string(syntax.substr(0, at)).append(name).append(syntax.substr(at + kSyntaxName.size()));
}

/// The same macro in another syntax.
std::string rewritten(std::string_view syntax, const std::string& token) {
  const auto macro = find_macro(token);
  return syntax.empty() || token.empty() || !macro || macro->text != token ? token : written(syntax, macro->name);
}

/// The profile's macro for our click ID, which names the link's parameter in most syntaxes: with another parameter it
/// is another macro, and unknown where the name in it is spelled differently.
std::string click_token(const NetworkProfile& profile, std::string_view click_param) {
  std::string token = profile.tokens[kClickId];
  if (click_param == profile.click_param || profile.click_param.empty()) return token;
  const auto at = token.find(profile.click_param);
  return at == std::string::npos ? std::string{} : token.replace(at, profile.click_param.size(), click_param);
}

std::string read_syntax(ObjectReader& reader) {
  std::string syntax = reader.text("token_syntax", 20);
  if (syntax.empty()) return syntax;
  const auto at = syntax.find(kSyntaxName);
  if (at != std::string::npos && syntax.size() > kSyntaxName.size() && syntax.find_first_of(" &?") == std::string::npos)
    return syntax;
  reader.fault("token_syntax", "does not show how the network marks its macros",
               "the marks around the word name, such as \"{name}\" or \"#name#\"");
  return {};
}

/// One field of `tokens`.
std::string read_token(ObjectReader& given, PostbackField field) {
  std::string token = given.text(to_string(field), 100);
  if (is_macro_text(token)) return token;
  given.fault(to_string(field), "has a character that a URL cannot carry in a value, such as a space or &",
              "the network's macro as its account shows it, such as \"{sub1}\"");
  return {};
}

}  // namespace

const NetworkProfile* read_network_profile_name(ObjectReader& reader, std::string& id) {
  id = reader.text("profile", 64);
  if (id.empty()) id = "generic";
  if (id == "generic") return nullptr;
  const Profiles& profiles = built_in_profiles();
  if (const auto* profile = profiles.network(id)) return profile;
  std::vector<std::string_view> known{"generic"};
  for (const auto& profile : profiles.networks()) known.push_back(profile.id);
  const auto nearest = nearest_name(id, known);
  reader.fault(
      "profile",
      profiles.source(id) != nullptr ? "\"" + id + "\" is the profile of a traffic source, not of a network"
                                     : "there is no profile \"" + id + "\" of a network",
      (nearest.empty() ? std::string("\"generic\", or") : "did you mean \"" + std::string(nearest) + "\"? Or") +
          " another of the list at /api/v1/profiles?kind=network");
  return nullptr;
}

const NetworkProfile* profile_of(const Network& network) { return built_in_profiles().network(network.profile); }

void read_network_tokens(ObjectReader& reader, const NetworkProfile* profile, Network& network, Json& canonical) {
  const std::string syntax = read_syntax(reader);
  canonical["token_syntax"] = text_or_null(syntax);
  const Json& object = reader.object("tokens");
  ObjectReader given(object, reader.path_of("tokens."), reader.faults());
  Json own = Json::object();
  for (std::size_t i = 0; i < kPostbackFieldCount; ++i) {
    const auto field = static_cast<PostbackField>(i);
    if (field >= PostbackField::token) continue;  // those are ours, not the network's
    std::string& token = network.tokens[i];
    token = read_token(given, field);
    if (!token.empty()) {
      own[std::string(to_string(field))] = token;
    } else if (profile != nullptr) {
      token = rewritten(syntax, i == kClickId ? click_token(*profile, network.click_param) : profile->tokens[i]);
    }
  }
  given.finish();
  canonical["tokens"] = std::move(own);
  std::string& click_id = network.tokens[kClickId];
  if (click_id.empty() && !syntax.empty() && !network.click_param.empty())
    click_id = written(syntax, network.click_param);
}

}  // namespace postback
