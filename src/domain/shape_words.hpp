// The words of each shape of postback URL: names of parameters and status words, as the tracker it comes from has them.
#pragma once

#include "domain/postback_parameters.hpp"

#include <optional>
#include <string_view>

namespace postback {

/// The names that a postback's fields may arrive under: the shape's, else the network's, the canonical ones last.
/// `network` may be null.
const FieldNames& field_names(PostbackShape shape, const Network* network);

/// What a status word (lower case) means by the shape alone. Nothing: the network's own words decide.
///
/// Keitaro: the lists in the URL come first (`lead_status=hold&sale_status=lead,paid&rejected_status=trash`), then
/// lead, sale, rejected and rebill. Binom: approve and reject beside the generic words.
std::optional<StatusMeaning> status_in_shape(PostbackShape shape, const PostbackParameters& parameters,
                                             std::string_view word);

/// Whether the URL asks for postbacks with this word (lower case) to be left aside: Keitaro's
/// `ignore_status=ping,test`.
bool is_ignored_in_shape(PostbackShape shape, const PostbackParameters& parameters, std::string_view word);

}  // namespace postback
