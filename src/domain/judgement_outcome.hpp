// How a judgement ends: accepted, a duplicate, or refused.
#pragma once

#include "postback/domain/matcher.hpp"

#include <string>

namespace postback {

void accept_judgement(Judgement& judgement, VerdictCode code, std::string message);
void duplicate_judgement(Judgement& judgement, std::string message);
/// Makes the verdict a refusal; its warnings stay.
void refuse_judgement(Judgement& judgement, VerdictCode code, std::string message, std::string evidence,
                      std::string fix);

/// Says which conversion the verdict speaks of.
void speak_of(const Conversion& conversion, Judgement& judgement);

/// `Conversion 2 of this click (event `sale`, txid `A1`)`, for evidence.
std::string described(const Conversion& conversion);

}  // namespace postback
