// Shapes of postback URLs: our own, and those of other trackers, whose users can move without asking networks to change
// anything.
//
//   /postback/{network}[/{event}]   own      the path names the network
//   /postback?cid=                  voluum
//   /{key}/postback?subid=          keitaro  the key counts as a token
//   /click.php?cnv_id=              binom
//   /postback?click_id=             generic
//
// One URL of the other shapes serves all networks: the shape gives the names of the parameters, and the click's offer
// gives the network. So the click is looked up before the request is read:
//
//   read_postback_url  ->  sought_click  ->  (the store)  ->  network_of  ->  read
#pragma once

#include "postback/domain/postback.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postback {

/// What the URL of a postback says by its path; all decoded once.
struct PostbackUrl {
  PostbackShape shape = PostbackShape::own;
  std::string network;  ///< Empty in other shapes than `own`, and where the path names none.
  std::string event;
  std::string key;  ///< Keitaro's.
};

/// Reads the path of `request.target`; /postback alone is `voluum` or `generic` by its parameters, else `own` without a
/// network. Nothing: no postback's path.
std::optional<PostbackUrl> read_postback_url(const Postback& request);

/// Whether URLs of this shape leave it to the click which network they come from.
bool leaves_network_to_click(PostbackShape shape);

/// Whether its URL has the shape of another tracker's, or the generic one that serves all networks.
bool is_dropped_in(PostbackShape shape);

/// The click that a postback speaks of, before anything else of it is read.
struct SoughtClick {
  ClickId id;                ///< Repaired as read() does; 0: no ID of ours.
  std::string foreign_id{};  ///< Then perhaps one of another tracker; empty: none at all.
};
/// For a postback whose shape leaves its network to the click.
SoughtClick sought_click(const Postback& postback, const ClickIdKeys& keys);

/// The network of a postback whose shape leaves it to the click: that of the click's offer. Where a CTA led to further
/// networks, the one of them whose token came, else one that asks for nothing, else that of the last offer. Without a
/// click (or without its offer) the only one that accepts the token which came. Null: it cannot be told, which read()
/// explains.
const Network* network_of(const Postback& postback, const Catalog& catalog, const ClickFacts* click);

/// What the sender asks to be answered when its postback was taken: Keitaro's `return`, at most 200 bytes. Empty: it
/// asks for nothing.
std::string wanted_answer(const Postback& postback);

}  // namespace postback
