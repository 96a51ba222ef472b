// The routes of the JSON API (/api/v1), of the health checks and of the metrics page.
#pragma once

#include "postback/api/api_keys.hpp"
#include "postback/api/catalog_editor.hpp"
#include "postback/base/clock.hpp"
#include "postback/domain/click_id.hpp"
#include "postback/http/router.hpp"
#include "postback/store/catalog_slot.hpp"
#include "postback/store/reader_pool.hpp"
#include "postback/store/recorder.hpp"

#include <functional>
#include <string>
#include <vector>

namespace postback::api {

/// What the handlers work with; owned by the application, outlives every exchange, shared by all io and reader threads.
struct Services {
  const CatalogSlot& catalog;
  CatalogEditor& editor;
  ChangeWriter& writer;
  const Clock& clock;
  const Recorder& recorder;
  ReaderPool& readers;
  ReaderPool& scans;  ///< For searches through a whole log; its threads leave the processors to all others.
  const ClickIdKeys& click_id_keys;
  const ApiKeys& api_keys;
  std::string version;  ///< For the metric build_info.
  std::string commit;
  /// Appends further metric families in the same text format; called on any io thread. May be empty.
  std::function<void(std::string&)> further_metrics;
};

/// Largest body of a catalog object, in bytes.
inline constexpr std::size_t kBodyLimit = 1024 * 1024;

/// Everything under /api/v1 needs `Authorization: Bearer <key>`, but for its description openapi.json; /healthz,
/// /readyz and /metrics do not.
std::vector<http::Route> routes(Services& services);

}  // namespace postback::api
