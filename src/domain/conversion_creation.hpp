// A postback that makes a new conversion.
#pragma once

#include "postback/domain/matcher.hpp"

namespace postback {

/// When the visitor converted: the network's word between click and arrival, else the arrival. Networks often send
/// whole seconds, so one in the second of its click is not before it.
TimeMs conversion_time(const Reading& reading);

/// Judges a reading that speaks of no known conversion: money, time, and the network's rules, which may ignore it or
/// hold it as pending. `offer` may be null. The warnings of the reading are in `judgement` already.
void judge_new(const Reading& reading, const Facts& facts, const Offer* offer, Judgement& judgement);

}  // namespace postback
