// Finds out which network a postback is of, where its URL leaves that to the click.
#pragma once

#include "postback/store/reader.hpp"

namespace postback {

/// Where the shape of `postback` leaves its network to the click: looks the click up, by an ID of ours or one of
/// another tracker, and sets `postback.network` (a view into `catalog`) and `postback.foreign_click`; what cannot be told stays
/// as it is. Other shapes are left alone. Call before reading. Errors of the store.
Result<void> find_network(Reader& reader, const Catalog& catalog, const ClickIdKeys& keys, Postback& postback);

}  // namespace postback
