// What a simulation makes in the catalog, and what it reads out of answers.
#pragma once

#include "postback/base/strict_json.hpp"

#include <string>
#include <string_view>

namespace postback {

/// The first click ID that stands anywhere in a URL; empty when there is none.
std::string click_id_in(std::string_view url);

/// One offer, source and campaign under one ID, as an import takes them; with the network, when that has this ID too.
Json temporary_catalog(const std::string& slug, const std::string& network);

/// The value of a metric in Prometheus' text format, summed over its lines that contain `label`; 0 when there is none.
double metric_sum(std::string_view page, std::string_view name, std::string_view label);

}  // namespace postback
