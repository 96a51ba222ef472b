// The table of configuration keys: name, place, range, unit and meaning of each.
#include "app/config_keys.hpp"

#include "domain/url_origin.hpp"
#include "postback/base/time_text.hpp"

#include <algorithm>

namespace postback {
namespace {

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = kKiB * kKiB;
constexpr std::int64_t kTiB = kMiB * kMiB;
constexpr std::int64_t kMinute = 60'000;

/// The member that a path of member pointers leads to.
template <auto... Path>
ConfigTarget at(Settings& settings) {
  return &(settings.*....*Path);
}
template <auto... Path>
constexpr auto app = &at<&Settings::app, Path...>;
template <auto Member>
constexpr auto server = app<&AppOptions::server, Member>;
template <auto Member>
constexpr auto visitors = app<&AppOptions::visitors, Member>;
template <auto Member>
constexpr auto recorder = app<&AppOptions::recorder, Member>;
template <auto Member>
constexpr auto sqlite = app<&AppOptions::sqlite, Member>;
template <auto Member>
constexpr auto postbacks = app<&AppOptions::postbacks, Member>;
template <auto... Path>
constexpr auto delivery_limits = app<&AppOptions::delivery, &DeliveryOptions::limits, Path...>;
template <auto Member>
constexpr auto retention = app<&AppOptions::retention, Member>;

Result<void> check_address(const std::string& text) { return net::check_listen_address(text); }

Result<void> check_range(const std::string& text) {
  if (auto range = AddressRange::parse(text); !range) return range.error();
  return {};
}

Result<void> check_store(const std::string& url) {
  if (auto path = parse_store_url(url); !path) return path.error();
  return {};
}

Result<void> check_time_or_nothing(const std::string& text) {
  if (text.empty() || parse_rfc3339(text)) return {};
  return Error{ErrorCode::invalid_argument, "\"" + text + "\" is no time; expected such as 2026-01-31T00:00:00Z"};
}

Result<void> check_public_url(const std::string& url) {
  if (url.empty()) return {};
  const auto origin = parse_origin(url);
  if (!origin) {
    return Error{ErrorCode::invalid_argument,
                 "\"" + url + "\" " + origin.error().detail + "; expected such as https://track.example"};
  }
  if (url.find_first_of("?#") == std::string::npos) return {};
  return Error{ErrorCode::invalid_argument,
               "\"" + url + "\" has a query or a fragment; expected such as https://track.example"};
}

Result<void> check_tracking_url(const std::string& url) {
  if (!url.empty()) return check_public_url(url);
  return Error{ErrorCode::invalid_argument, "has an empty text; expected URLs such as https://go.example"};
}

Result<void> check_cookie_name(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
  if (plain) return {};
  return Error{ErrorCode::invalid_argument, "\"" + name + "\" is not a name of 1 to 64 letters, digits, - or _"};
}

constexpr ConfigSection kSections[] = {
    {"http", "The listener of visitors and networks, and the bounds of every connection."},
    {"api", "A listener of its own for the JSON API and the metrics."},
    {"postbacks", "Bounds on postbacks that do not authenticate, each within a minute."},
    {"store", "Where everything is kept, and how SQLite is used."},
    {"recorder", "The one writer: batches, queue, and the memory for clicks while the store refuses."},
    {"readers", "Threads that read from the store."},
    {"batch", "Batches of postbacks."},
    {"cookies", "The cookie that remembers a visitor's clicks, where the campaign has cookies."},
    {"geo", "Where visitors are, told from their addresses."},
    {"visitors", "What is remembered of visitors."},
    {"privacy", "What is kept of people."},
    {"delivery", "How outgoing postbacks are sent."},
    {"retention", "How long it is kept whom clicks and postbacks are about."},
    {"log", "What is written to standard error."},
};

using Server = net::ServerLimits;
using Limits = delivery::DeliveryLimits;

constexpr ConfigKey kKeys[] = {
    {"http.listen",
     app<&AppOptions::listen>,
     {1, 64},
     "addresses",
     "",
     &check_address,
     "Where to listen, as ADDRESS:PORT, IPv6 as [::1]:8080; port 0 takes a free one, named in the log."},
    {"http.public_url",
     app<&AppOptions::public_url>,
     {},
     "a URL, or empty",
     "",
     &check_public_url,
     "What links are built on, as visitors and networks reach the server; empty: http:// and the Host header of a "
     "request."},
    {"http.tracking_urls",
     app<&AppOptions::tracking_urls>,
     {0, 64},
     "URLs",
     "",
     &check_tracking_url,
     "Further URLs that lead to this server, each with a host of its own; links are built on one where `domain` names "
     "its host."},
    {"http.trusted_proxies",
     app<&AppOptions::trusted_proxies>,
     {0, 256},
     "addresses or blocks",
     "",
     &check_range,
     "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, such as 10.0.0.0/8; the right-most address "
     "that "
     "is none of them is the caller's."},
    {"http.io_threads",
     app<&AppOptions::io_threads>,
     {0, 256},
     "threads",
     "",
     nullptr,
     "Threads that serve connections; 0: as many as the machine has cores."},
    {"http.connections",
     server<&Server::connections>,
     {1, 1'000'000},
     "connections",
     "",
     nullptr,
     "Most client connections, over all threads."},
    {"http.request_line_bytes",
     server<&Server::request_line_bytes>,
     {kKiB, 64 * kKiB},
     "bytes",
     "",
     nullptr,
     "Longest request line, which holds the URL."},
    {"http.header_bytes",
     server<&Server::header_bytes>,
     {kKiB, kMiB},
     "bytes",
     "",
     nullptr,
     "Largest header block of a request."},
    {"http.header_fields",
     server<&Server::header_fields>,
     {10, 1'000},
     "fields",
     "",
     nullptr,
     "Most header fields of a request."},
    {"http.pipelined_requests",
     server<&Server::pipelined_requests>,
     {1, 1'000},
     "requests",
     "",
     nullptr,
     "Requests of one connection that are handled at once."},
    {"http.header_timeout_ms",
     server<&Server::header_timeout>,
     {100, 10 * kMinute},
     "ms",
     "",
     nullptr,
     "How long the whole head of a request may take."},
    {"http.request_timeout_ms",
     server<&Server::request_timeout>,
     {100, 10 * kMinute},
     "ms",
     "",
     nullptr,
     "How long a whole request with its body may take."},
    {"http.idle_timeout_ms",
     server<&Server::idle_timeout>,
     {100, 60 * kMinute},
     "ms",
     "",
     nullptr,
     "How long a connection may be idle between requests."},
    {"http.write_timeout_ms",
     server<&Server::write_timeout>,
     {100, 10 * kMinute},
     "ms",
     "",
     nullptr,
     "How long a peer may take nothing of an answer."},
    {"http.linger_timeout_ms",
     server<&Server::linger_timeout>,
     {0, kMinute},
     "ms",
     "",
     nullptr,
     "How long is read on after an error answer, so that the peer sees it."},
    {"http.drain_ms",
     app<&AppOptions::drain>,
     {0, 10 * kMinute},
     "ms",
     "",
     nullptr,
     "How long requests under way may take after SIGTERM."},

    {"api.listen",
     app<&AppOptions::api_listen>,
     {0, 64},
     "addresses",
     "",
     &check_address,
     "Where /api/v1 and /metrics are served, and no longer on http.listen; empty: on http.listen."},
    {"api.connections",
     app<&AppOptions::api_connections>,
     {1, 100'000},
     "connections",
     "",
     nullptr,
     "Most client connections of api.listen."},

    {"postbacks.unauthenticated_per_peer",
     postbacks<&PostbackLimits::unauthenticated_per_peer>,
     {0, 1'000'000'000},
     "requests a minute",
     "",
     nullptr,
     "Refused requests of one address that did not authenticate, beyond which they get 429; 0: no limit."},
    {"postbacks.unauthenticated_in_all",
     postbacks<&PostbackLimits::unauthenticated_in_all>,
     {0, 1'000'000'000},
     "requests a minute",
     "",
     nullptr,
     "The same of all addresses together; 0: no limit."},
    {"postbacks.logged_per_peer",
     postbacks<&PostbackLimits::logged_per_peer>,
     {0, 1'000'000'000},
     "refusals a minute",
     "",
     nullptr,
     "Such refusals of one address that get a row of the log each."},
    {"postbacks.logged_in_all",
     postbacks<&PostbackLimits::logged_in_all>,
     {0, 1'000'000'000},
     "refusals a minute",
     "",
     nullptr,
     "The same of all addresses together."},

    {"store.url",
     app<&AppOptions::store>,
     {},
     "a store URL",
     "",
     &check_store,
     "sqlite:///absolute/path.db or sqlite://./relative/path.db; the path is taken literally."},
    {"store.synchronous",
     sqlite<&SqliteOptions::synchronous>,
     {},
     "",
     "FULL EXTRA",
     nullptr,
     "When SQLite syncs: FULL after every commit, EXTRA also the directory."},
    {"store.cache_kib",
     sqlite<&SqliteOptions::cache_kib>,
     {64, 16 * kMiB},
     "KiB",
     "",
     nullptr,
     "Page cache of the writer; each reader has a quarter of it."},
    {"store.checkpoint_pages",
     sqlite<&SqliteOptions::checkpoint_pages>,
     {1, 1'000'000},
     "pages",
     "",
     nullptr,
     "Pages in the write-ahead log after which they are moved into the database."},
    {"store.wal_limit_bytes",
     sqlite<&SqliteOptions::wal_limit_bytes>,
     {kMiB, kTiB},
     "bytes",
     "",
     nullptr,
     "Size of the write-ahead log beyond which it is emptied and cut."},
    {"store.reserve_bytes",
     sqlite<&SqliteOptions::reserve_bytes>,
     {0, kTiB},
     "bytes",
     "",
     nullptr,
     "Space that is given up when the disk is full; 0: none."},
    {"store.quick_check_limit_bytes",
     sqlite<&SqliteOptions::quick_check_limit_bytes>,
     {0, kTiB},
     "bytes",
     "",
     nullptr,
     "Largest database that is checked after an unclean stop."},
    {"store.writer_busy_timeout_ms",
     sqlite<&SqliteOptions::writer_busy_timeout>,
     {0, 10'000},
     "ms",
     "",
     nullptr,
     "How long a commit waits for another program that holds the database."},
    {"store.reader_busy_timeout_ms",
     sqlite<&SqliteOptions::reader_busy_timeout>,
     {0, 10 * kMinute},
     "ms",
     "",
     nullptr,
     "How long a read waits for another program that holds the database."},

    {"recorder.batch_items",
     recorder<&RecorderLimits::batch_items>,
     {1, 100'000},
     "items",
     "",
     nullptr,
     "Most items of one transaction."},
    {"recorder.queue_items",
     recorder<&RecorderLimits::queue_items>,
     {1, 10'000'000},
     "items",
     "",
     nullptr,
     "Most items waiting for a transaction."},
    {"recorder.spool_clicks",
     recorder<&RecorderLimits::spool_clicks>,
     {0, 100'000'000},
     "clicks",
     "",
     nullptr,
     "Most clicks kept in memory while the store refuses."},
    {"recorder.spool_bytes",
     recorder<&RecorderLimits::spool_bytes>,
     {0, kTiB},
     "bytes",
     "",
     nullptr,
     "Most memory that these clicks take."},
    {"recorder.busy_wait_ms",
     recorder<&RecorderLimits::busy_wait>,
     {0, kMinute},
     "ms",
     "",
     nullptr,
     "How long a postback waits for a store that is busy."},
    {"recorder.retry_interval_ms",
     recorder<&RecorderLimits::retry_interval>,
     {1, kMinute},
     "ms",
     "",
     nullptr,
     "How often a refusing store is tried again."},
    {"recorder.maintain_interval_ms",
     recorder<&RecorderLimits::maintain_interval>,
     {10, kMinute},
     "ms",
     "",
     nullptr,
     "How long the recorder sleeps at most before it looks whether a checkpoint is due."},

    {"readers.lookup_threads",
     app<&AppOptions::lookup_threads>,
     {1, 64},
     "threads",
     "",
     nullptr,
     "Threads that fetch the clicks of postbacks."},
    {"readers.lookup_queue",
     app<&AppOptions::lookup_queue>,
     {1, 10'000'000},
     "postbacks",
     "",
     nullptr,
     "Most postbacks waiting for their click."},
    {"readers.api_threads",
     app<&AppOptions::api_threads>,
     {1, 64},
     "threads",
     "",
     nullptr,
     "Threads that answer the JSON API."},
    {"readers.log_threads",
     app<&AppOptions::log_threads>,
     {1, 64},
     "threads",
     "",
     nullptr,
     "Threads that search the logs for the JSON API, in processor time that is left over."},
    {"readers.api_queue",
     app<&AppOptions::api_queue>,
     {1, 10'000'000},
     "requests",
     "",
     nullptr,
     "Most API requests waiting."},

    {"batch.bytes",
     app<&AppOptions::batch, &BatchLimits::bytes>,
     {kKiB, 64 * kMiB},
     "bytes",
     "",
     nullptr,
     "Largest body of a batch of postbacks, and of conversions sent by hand."},
    {"batch.rows",
     app<&AppOptions::batch, &BatchLimits::rows>,
     {1, 100'000},
     "rows",
     "",
     nullptr,
     "Most postbacks of a batch, and of conversions sent by hand."},
    {"cookies.name",
     app<&AppOptions::cookies, &CookieSettings::name>,
     {},
     "a name",
     "",
     &check_cookie_name,
     "What the cookie is called."},
    {"cookies.days",
     app<&AppOptions::cookies, &CookieSettings::days>,
     {1, 400},
     "days",
     "",
     nullptr,
     "How long a browser keeps it after the last click; browsers allow no more than 400 days."},

    {"geo.database",
     visitors<&VisitorOptions::geo_database>,
     {},
     "a file in MaxMind's format, empty or off",
     "",
     nullptr,
     "Where addresses are looked up; read again when the file is replaced; empty: DB-IP's countries, which come with "
     "the server; off: nowhere."},
    {"geo.check_interval_ms",
     visitors<&VisitorOptions::geo_check_interval>,
     {10, 60 * kMinute},
     "ms",
     "",
     nullptr,
     "How often is looked whether that file was replaced; it is read when two looks found it the same."},

    {"visitors.user_agents",
     visitors<&VisitorOptions::cached_user_agents>,
     {8, 16 * kMiB},
     "texts",
     "",
     nullptr,
     "User agents whose device, system and browser are remembered, by each I/O thread, at 64 bytes each."},
    {"visitors.remembered",
     visitors<&VisitorOptions::remembered>,
     {0, 1'000'000'000},
     "visitors",
     "",
     nullptr,
     "Visitors of the last 24 hours that are told from new ones, at 8 bytes each; 0: none."},

    {"privacy.ip",
     visitors<&VisitorOptions::ip>,
     {},
     "",
     "whole truncated hashed",
     nullptr,
     "What is recorded of a visitor's address, and put in the place of {ip}: all of it, its network (/24 of IPv4, /48 "
     "of IPv6), or a keyed hash."},

    {"delivery.enabled",
     app<&AppOptions::delivery, &DeliveryOptions::enabled>,
     {},
     "",
     "on off",
     nullptr,
     "off: what destinations would be told of is kept, and sent by a later start with on; for a copy of a live store."},
    {"delivery.allow_private_networks",
     app<&AppOptions::delivery, &DeliveryOptions::allow_private_networks>,
     {0, 256},
     "addresses or blocks",
     "",
     &check_range,
     "Networks that destinations may be in although they are not public, such as 10.0.0.0/8. Ports are as for all: 80, "
     "443 and those from 1024."},
    {"delivery.in_flight",
     delivery_limits<&Limits::in_flight>,
     {1, 100'000},
     "requests",
     "",
     nullptr,
     "Most requests under way, to all servers together; as many connections are kept for further ones."},
    {"delivery.host_concurrency",
     delivery_limits<&Limits::host_concurrency>,
     {1, 10'000},
     "requests",
     "",
     nullptr,
     "Most requests under way to one server: scheme, host and port."},
    {"delivery.window",
     delivery_limits<&Limits::window>,
     {1, 100'000},
     "deliveries",
     "",
     nullptr,
     "Most deliveries of one destination that are in memory, those under way included."},
    {"delivery.in_memory",
     delivery_limits<&Limits::in_memory>,
     {1, 100'000'000},
     "deliveries",
     "",
     nullptr,
     "The same of all destinations together."},
    {"delivery.visits_per_delivery",
     delivery_limits<&Limits::visits_per_delivery>,
     {0, 1'000'000},
     "visits",
     "",
     nullptr,
     "Beside clicks and postbacks, when more than 1,000 of these are recorded in a second: one delivery for so many of "
     "them, 500 a second at least; 0: as many as can be."},
    {"delivery.connect_timeout_ms",
     app<&AppOptions::delivery, &DeliveryOptions::connect_timeout>,
     {100, kMinute},
     "ms",
     "",
     nullptr,
     "How long a connection may take, TLS included; within the time-out of the destination."},
    {"delivery.breaker_failures",
     delivery_limits<&Limits::breaker, &delivery::BreakerSettings::failures>,
     {1, 10'000},
     "failures",
     "",
     nullptr,
     "So many in a row, and a server is left alone."},
    {"delivery.breaker_first_ms",
     delivery_limits<&Limits::breaker, &delivery::BreakerSettings::first>,
     {100, 60 * kMinute},
     "ms",
     "",
     nullptr,
     "For how long at first; doubled each time the one request after it fails as well."},
    {"delivery.breaker_longest_ms",
     delivery_limits<&Limits::breaker, &delivery::BreakerSettings::longest>,
     {100, 24 * 60 * kMinute},
     "ms",
     "",
     nullptr,
     "For how long at most."},

    {"retention.click_days",
     retention<&RetentionRules::click_days>,
     {0, 36'500},
     "days",
     "",
     nullptr,
     "After so long a click loses address, user agent, referrer, sub-IDs, external ID and further parameters; 0: "
     "never."},
    {"retention.postback_days",
     retention<&RetentionRules::postback_days>,
     {0, 36'500},
     "days",
     "",
     nullptr,
     "After so long a postback of the log loses headers, body, query and the caller's address; 0: never."},
    {"retention.delivery_days",
     retention<&RetentionRules::delivery_days>,
     {0, 36'500},
     "days",
     "",
     nullptr,
     "After so long the attempts of a delivery lose request, answer, address and error, and an impression's delivery "
     "loses its visitor; 0: never."},
    {"retention.most_percent",
     retention<&RetentionRules::most_percent>,
     {1, 100},
     "percent",
     "",
     nullptr,
     "More than this part of the time that is kept is not emptied at once without confirmation: the clock may be "
     "wrong."},
    {"retention.confirmed_before",
     app<&AppOptions::retention_confirmed_before>,
     {},
     "an RFC 3339 time, or empty",
     "",
     &check_time_or_nothing,
     "What is older than this may be emptied, however much it is."},
    {"retention.step_rows",
     retention<&RetentionRules::step_rows>,
     {1, 1'000},
     "rows",
     "",
     nullptr,
     "Most rows that are emptied in one transaction."},
    {"retention.pause_ms",
     retention<&RetentionRules::pause>,
     {0, kMinute},
     "ms",
     "",
     nullptr,
     "How long clicks and postbacks go first between two such transactions."},

    {"log.format",
     &at<&Settings::log_format>,
     {},
     "",
     "text json",
     nullptr,
     "text: one line an event, for people; json: one JSON object a line."},
    {"log.level",
     &at<&Settings::log_level>,
     {},
     "",
     "debug info warn error",
     nullptr,
     "The least grave events that are written; read again at SIGHUP."},
};

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }
std::span<const ConfigSection> config_sections() { return kSections; }

const ConfigKey* find_config_key(std::string_view name) {
  const auto* const found = std::ranges::find(kKeys, name, &ConfigKey::name);
  return found == std::end(kKeys) ? nullptr : found;
}

std::string_view section_of(const ConfigKey& key) { return key.name.substr(0, key.name.find('.')); }

std::string variable_of(const ConfigKey& key) {
  std::string name("POSTBACKD_");
  for (const char letter : key.name) {
    const bool lower = letter >= 'a' && letter <= 'z';
    name += letter == '.' ? '_' : lower ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return name;
}

}  // namespace postback
