// Catalogs for tests: the example of the documents, and any other from JSON texts.
#pragma once

#include "postback/domain/catalog.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postback {

/// The token of the example's network.
inline constexpr std::string_view kExampleToken = "T0KEN-acme";

/// Network acme, offer vpn, source adnet and campaign summer, each with number 1, at revision 1.
std::vector<EntityDocument> example_documents();
std::shared_ptr<const Catalog> example_catalog();

/// A document to give to catalog_of. Without a number it gets the next one of its kind.
EntityDocument document_of(EntityKind kind, std::string id, std::string json, EntityNumber number = 0);

/// Builds a catalog at revision 1, as at a start from the store; ends the process with every fault on stderr when the
/// documents are not valid.
std::shared_ptr<const Catalog> catalog_of(std::vector<EntityDocument> documents);

/// The faults of documents that are expected to be refused when they are put, empty when they are not; numbered as in
/// catalog_of.
Faults faults_of(std::vector<EntityDocument> documents);

/// The example with the document of `kind` changed by `patch`, a JSON merge patch (RFC 7396).
std::vector<EntityDocument> patched_example(EntityKind kind, std::string_view patch);

/// All faults as text, one a line, for the messages of tests.
std::string joined(const Faults& faults);
/// Whether one of the faults has exactly this field and says `text`.
bool has_fault(const Faults& faults, std::string_view field, std::string_view text = {});

}  // namespace postback
