// OutHandler: a lander's CTA: /out/{clickid}, /out/{clickid}/{n}, /out and /out/{n}. Looks the click up, records the
// CTA and redirects to an offer of the click's path once it is committed.
#pragma once

#include "domain/recorded_values.hpp"
#include "postback/http/exchange.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/store/visit_items.hpp"
#include "postback/tracking/tracking.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

class OutHandler;

/// A CTA under way. It goes from the io thread to a reader thread (the click's row), back, to the recorder, and back.
class OutExchange final : public http::ExchangeState, public CtaItem, public ReadJob {
 public:
  void read(Reader& reader) noexcept override;  ///< On a reader thread.
  void run() noexcept override;                 ///< On the io thread: chooses, then answers.

 private:
  void answer();
  friend class OutHandler;
  OutHandler* handler_ = nullptr;
  http::Exchange* exchange_ = nullptr;
  ClickId id_;
  std::size_t wanted_ = 0;  ///< Which offer of the path, from 1; 0: by weight.
  std::string campaign_;    ///< Slug, as the request or the cookie has it; may be empty.
  bool chosen_ = false;     ///< The click was looked up and the offer chosen.
  bool lookup_failed_ = false;
  std::optional<StoredClick> click_;
  RecordedTexts texts_;
  RedirectMode redirect_ = RedirectMode::found;
  std::string location_;
};

/// One per io thread.
class OutHandler {
 public:
  explicit OutHandler(TrackingServices& services) : services_(services), catalog_(services.catalog) {}
  /// `first` and `second`: the path's segments behind /out, empty where there are none.
  void handle(http::Exchange& exchange, std::string_view first, std::string_view second);

 private:
  friend class OutExchange;
  struct Target {
    std::optional<ClickId> id;
    std::size_t wanted = 0;
    bool from_cookie = false;
  };
  /// Nothing: no such address.
  std::optional<Target> read_target(std::string_view first, std::string_view second) const;
  void look_up(OutExchange& state);
  void choose(OutExchange& state);
  void record(const Catalog& catalog, const Campaign* campaign, const Offer& offer, OutExchange& state);
  void lead_without_click(const Catalog& catalog, OutExchange& state);
  const Offer* prepare(const Catalog& catalog, const Campaign* campaign, const Offer* offer, OutExchange& state);
  void render(const Catalog& catalog, const Offer& offer, OutExchange& state);

  TrackingServices& services_;
  CatalogView catalog_;
};

}  // namespace postback
