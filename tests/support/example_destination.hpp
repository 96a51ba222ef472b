// Destinations for tests, added to a catalog's documents.
#pragma once

#include "support/example_catalog.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postback {

/// `documents` with a destination that is told of everything its trigger names, without a condition. Its number: the
/// next one.
inline std::vector<EntityDocument> with_destination(std::vector<EntityDocument> documents, std::string_view trigger) {
  const std::string id(trigger);
  documents.push_back(document_of(
      EntityKind::destination, "crm-" + (id == "status_change" ? "changes" : id),
      R"({"name":"CRM","trigger":")" + id + R"(","when":{},"method":"GET","url":"https://crm.example/in"})"));
  return documents;
}

}  // namespace postback
