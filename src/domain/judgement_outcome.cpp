// The ends of a judgement.
#include "domain/judgement_outcome.hpp"

#include "domain/verdict_text.hpp"

#include <utility>

namespace postback {

void accept_judgement(Judgement& judgement, VerdictCode code, std::string message) {
  judgement.verdict.result = VerdictResult::accepted;
  judgement.verdict.code = code;
  judgement.verdict.message = std::move(message);
}

void duplicate_judgement(Judgement& judgement, std::string message) {
  judgement.verdict.result = VerdictResult::duplicate;
  judgement.verdict.code = VerdictCode::duplicate;
  judgement.verdict.message = std::move(message);
}

void refuse_judgement(Judgement& judgement, VerdictCode code, std::string message, std::string evidence,
                      std::string fix) {
  auto warnings = std::move(judgement.verdict.warnings);
  judgement.verdict = refusal(code, std::move(message), std::move(evidence), std::move(fix));
  judgement.verdict.warnings = std::move(warnings);
}

void speak_of(const Conversion& conversion, Judgement& judgement) {
  judgement.conversion_click = conversion.click;
  judgement.conversion_number = conversion.number;
}

std::string described(const Conversion& conversion) {
  return "Conversion " + std::to_string(conversion.number) + " of this click (event `" + conversion.event + "`, " +
         (conversion.txid.empty() ? "no txid" : "txid `" + shortened(conversion.txid, kLongestQuote) + "`") + ")";
}

}  // namespace postback
