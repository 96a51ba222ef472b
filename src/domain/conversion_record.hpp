// What is kept of a postback with the conversion that it changed, and what is told by it: resends and next status.
#pragma once

#include "postback/domain/matcher.hpp"

#include <string>
#include <string_view>

namespace postback {

/// What a reading says about its conversion, in a form that is equal for resends only: the status that counts, with the
/// network's word where that is unknown, payout, amount, the currency that counts and reason, each told apart from its
/// absence. `currency`: the conversion's, which counts where none was sent.
std::string said_text(const Reading& reading, std::string_view currency);

/// `said` without the reason in it, if that is `reason` (empty: whichever it is). A view of `said`.
std::string_view without_reason(std::string_view said, std::string_view reason);

/// Notes on a conversion that this reading is what made or changed it, as its next revision; and the network's word for
/// its status, if it sent one.
void record_change(const Reading& reading, Conversion& conversion);

/// Whether this reading came before. Without a transaction ID under `add` and `new`, a request that changes the status
/// is one only right after the request that it equals: a reinstatement may have the bytes of the first request.
bool is_resend(const Reading& reading, const Facts& facts, const Conversion& found);

/// What the postback says the status is now; an unknown word keeps it.
ConversionStatus next_status(const Reading& reading, const Conversion& found);

/// Whether a rule made it wait as pending.
bool is_held(const Conversion& conversion);

/// Whether the status is no other after this reading. One that is held stays so when the network approves it.
bool keeps_status(const Reading& reading, const Conversion& found);

}  // namespace postback
