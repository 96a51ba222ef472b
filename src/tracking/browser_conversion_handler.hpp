// BrowserConversionHandler: /pixel.gif, /pixel.js and /convert?to=URL: conversions that a page's visitor reports, where
// the click's offer takes such.
#pragma once

#include "postback/domain/parameters.hpp"
#include "postback/http/exchange.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/tracking/tracking.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace postback {

/// What the page gets.
enum class BrowserAnswer : std::uint8_t {
  picture,   ///< /pixel.gif
  script,    ///< /pixel.js
  redirect,  ///< /convert: to an allowed host, else nothing.
};

/// A browser's conversion under way: from the io thread to a reader thread (the click's offer), to the recorder, and
/// back.
class BrowserConversion final : public http::ExchangeState, public PostbackItem, public ReadJob {
 public:
  void read(Reader& reader) noexcept override;  ///< On a reader thread.
  void run() noexcept override;                 ///< On the io thread: answers.

 private:
  friend class BrowserConversionHandler;
  void read_for(const Offer* offer);
  void submit();

  http::Exchange* exchange_ = nullptr;
  TrackingServices* services_ = nullptr;
  std::shared_ptr<const Catalog> catalog_;
  BrowserAnswer answer_ = BrowserAnswer::picture;
  ClickId id_;           ///< 0: none of ours.
  std::string query_;    ///< With the click ID that the cookie has.
  std::string network_;  ///< Of the click's offer.
  std::string to_;       ///< Where /convert is asked to go.
  bool to_allowed_ = false;
};

/// One per io thread.
class BrowserConversionHandler {
 public:
  explicit BrowserConversionHandler(TrackingServices& services) : services_(services), catalog_(services.catalog) {}
  void handle(http::Exchange& exchange, BrowserAnswer answer);

 private:
  void take_click(const http::Request& request, const Parameters& parameters, BrowserConversion& state) const;

  TrackingServices& services_;
  CatalogView catalog_;
};

}  // namespace postback
