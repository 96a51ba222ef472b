// `key list`, `key create`, `key revoke`: the API keys of a running server, or one more in its store.
#include "app/client/answer_text.hpp"
#include "app/commands/command.hpp"
#include "app/commands/config_options.hpp"
#include "app/commands/key_in_store.hpp"
#include "app/commands/server_options.hpp"
#include "postback/base/log.hpp"
#include "postback/base/time_text.hpp"
#include "postback/domain/catalog.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

namespace postback {
namespace {

struct KeyCreation {
  ServerOptions server;
  std::optional<std::string> store;  ///< Given empty is a fault, not the default.
  std::string id;
  std::string role;
  std::string name;
  std::string expires;
};

struct KeyRevocation {
  ServerOptions server;
  std::string id;
};

std::string state_of(const Json& key, TimeMs now) {
  if (const auto revoked = text_of(key, "revoked"); !revoked.empty()) return "revoked " + revoked;
  const auto expires = text_of(key, "expires");
  if (expires.empty()) return "in force";
  const auto time = parse_rfc3339(expires);
  return (time && *time <= now ? "expired " : "in force to ") + expires;
}

/// Columns of 20, 9 and 37 characters, and the rest.
std::string table_line(std::string id, std::string role, std::string state, const std::string& name) {
  id.resize(std::max<std::size_t>(id.size(), 20), ' ');
  role.resize(std::max<std::size_t>(role.size(), 9), ' ');
  state.resize(std::max<std::size_t>(state.size(), 37), ' ');
  return id + " " + role + " " + state + " " + name + "\n";
}

std::string key_line(const Json& key, TimeMs now) {
  return table_line(text_of(key, "id"), text_of(key, "role"), state_of(key, now), text_of(key, "name"));
}

int list(const ServerOptions& server) {
  auto access = server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  const TimeMs now = SystemClock().wall();
  std::string lines;
  std::string cursor;
  do {
    const auto page =
        client.ask_json("GET", "/api/v1/keys?archived=all&limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor));
    if (!page) return fail(page.error());
    const auto items = page->find("items");
    if (items == page->end() || !items->is_array()) break;
    for (const auto& key : *items) lines += key_line(key, now);
    cursor = text_of(*page, "next");
  } while (!cursor.empty());
  std::printf("%s%s", table_line("ID", "ROLE", "STATE", "NAME").c_str(), lines.c_str());
  std::printf("\nNext: postbackd key create ID --role viewer, or postbackd key revoke ID\n");
  return 0;
}

/// The secret alone goes to standard output.
int show_secret(const std::string& id, const std::string& role, const std::string& secret) {
  std::printf("%s\n", secret.c_str());
  std::fflush(stdout);
  std::fprintf(stderr,
               "The key %s (%s) is in force. This is the only time that it is shown: keep it.\n\n"
               "Next: put it in POSTBACKD_KEY, or in a file for --key-file, then `postbackd key list`.\n",
               id.c_str(), role.c_str());
  return 0;
}

/// What was asked for, with the checks that a server would make. Error: invalid_argument.
Result<NewKey> read_creation(const KeyCreation& options) {
  NewKey key{.id = options.id, .name = options.name.empty() ? options.id : options.name, .expires = {}};
  if (!is_slug(key.id)) {
    return Error{ErrorCode::invalid_argument, "ID is \"" + log_text(key.id) +
                                                  "\"; expected 1 to 64 of a-z, 0-9, _ and -, the first one a letter "
                                                  "or digit"};
  }
  const auto role = parse_role(options.role);
  if (!role) {
    return Error{ErrorCode::invalid_argument,
                 "--role is \"" + log_text(options.role) + "\"; expected viewer, operator or admin"};
  }
  key.role = *role;
  if (options.expires.empty()) return key;
  key.expires = parse_rfc3339(options.expires.size() == 10 ? options.expires + "T00:00:00Z" : options.expires);
  if (key.expires) return key;
  return Error{ErrorCode::invalid_argument, "--expires is \"" + log_text(options.expires) +
                                                "\"; expected a time such as 2027-01-31T00:00:00Z, or a date"};
}

int create_in_store(const KeyCreation& options, const NewKey& key) {
  ConfigOptions config;
  config.file = options.server.config_file;
  config.store = options.store;
  const auto loaded = load_or_explain(config.sources(), "no key was made");
  if (!loaded) return kFailed;
  const auto secret = create_key_in_store(loaded->settings.app, key);
  if (secret) return show_secret(key.id, options.role, *secret);
  auto error = secret.error();
  if (error.code == ErrorCode::store_locked) {
    error.detail += ". While a server runs, its keys are made over its API: leave --store away, or stop it first";
  }
  return fail(error);
}

int create(const KeyCreation& options) {
  const auto key = read_creation(options);
  if (!key) return fail(key.error());
  if (options.store) return create_in_store(options, *key);
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  Json document{{"name", key->name}, {"role", options.role}};
  if (key->expires) document["expires"] = format_rfc3339(*key->expires);
  const auto target = "/api/v1/keys/" + key->id;
  if (const auto there = client.ask("GET", target)) {
    return fail({ErrorCode::invalid_argument, "there is a key \"" + key->id +
                                                  "\" already, and IDs are never used again; choose another ID. "
                                                  "`postbackd key list` shows all."});
  } else if (there.error().code != ErrorCode::not_found) {
    return fail(there.error());
  }
  const auto answer = client.ask_json("PUT", target, document.dump(), {{"If-None-Match", "*"}});
  if (!answer) return fail(answer.error());
  return show_secret(key->id, options.role, text_of(*answer, "key"));
}

int revoke(const KeyRevocation& options) {
  if (!is_slug(options.id)) return fail({ErrorCode::invalid_argument, "ID is not one that a key can have"});
  auto access = options.server.find();
  if (!access) return fail(access.error());
  ApiClient client(std::move(*access));
  const auto answer = client.ask_json("DELETE", "/api/v1/keys/" + options.id);
  if (!answer) return fail(answer.error());
  std::printf("The key %s was revoked for good at %s; from now on it opens nothing.\n\nNext: postbackd key list\n",
              options.id.c_str(), text_of(*answer, "revoked").c_str());
  return 0;
}

Command add_list(CLI::App& keys) {
  auto options = std::make_shared<ServerOptions>();
  auto* const command = keys.add_subcommand("list", "Show the API keys: role, state, name; never the keys themselves.");
  options->add_to(*command);
  command->footer(std::string(kKeyHelp) + "Example:\n  postbackd key list\n\nNext: postbackd key create --help");
  return {command, [options] { return list(*options); }};
}

Command add_create(CLI::App& keys) {
  auto options = std::make_shared<KeyCreation>();
  auto* const command = keys.add_subcommand("create", "Make an API key and show it once.");
  command->add_option("ID", options->id, "1 to 64 of a-z, 0-9, _ and -; never used again.")->required();
  command
      ->add_option("--role", options->role,
                   "viewer (reads reports and catalog), operator (reads logs too) or admin (everything).")
      ->required();
  command->add_option("--name", options->name, "For people. Default: the ID.");
  command->add_option("--expires", options->expires, "Not accepted from then on, RFC 3339 or a date. Default: never.")
      ->type_name("TIME");
  options->server.add_to(*command);
  command
      ->add_option("--store", options->store,
                   "Make it in this store, while no server runs there; needs no key, but the right to write the file.")
      ->type_name("URL");
  command->footer(std::string(kKeyHelp) +
                  "The key alone goes to standard output, everything else to standard error.\n\n"
                  "Examples:\n"
                  "  postbackd key create agency --role viewer --expires 2027-01-31 > agency.key\n"
                  "  postbackd key create rescue --role admin --store sqlite://./data/postbackd.db > admin.key\n\n"
                  "Next: postbackd key list");
  return {command, [options] { return create(*options); }};
}

Command add_revoke(CLI::App& keys) {
  auto options = std::make_shared<KeyRevocation>();
  auto* const command = keys.add_subcommand("revoke", "Close an API key for good.");
  command->add_option("ID", options->id, "As `key list` shows it.")->required();
  options->server.add_to(*command);
  command->footer(std::string(kKeyHelp) +
                  "The last admin key cannot be revoked.\n\nExample:\n  postbackd key revoke agency\n\n"
                  "Next: postbackd key list");
  return {command, [options] { return revoke(*options); }};
}

}  // namespace

Command add_key_command(CLI::App& program) {
  auto* const command = program.add_subcommand("key", "List, make and revoke the API keys of a running server.");
  command->require_subcommand(1);
  command->footer("Next: postbackd key list --help");
  const auto parts = std::make_shared<std::vector<Command>>();
  parts->push_back(add_list(*command));
  parts->push_back(add_create(*command));
  parts->push_back(add_revoke(*command));
  return {command, [parts] { return run_parsed(*parts); }};
}

}  // namespace postback
