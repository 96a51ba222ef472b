// Makes small databases in MaxMind's format, with Debian's libmaxmind-db-writer-perl.
#pragma once

#include <string>
#include <string_view>

namespace postback::testing {

/// Writes a database to `path`. `networks`: JSON, an object of the records by network, such as
/// {"192.0.2.0/24": {"country": {"iso_code": "DE"}}}. Throws, with Perl's words, when that fails.
void write_geo_file(const std::string& path, std::string_view networks, std::string_view type = "Test-City");

}  // namespace postback::testing
