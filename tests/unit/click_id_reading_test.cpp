// The click ID of a postback: repairs and explanations.
#include "domain/click_id_reading.hpp"
#include "domain/macro_syntax.hpp"
#include "support/postback_sample.hpp"

#include <gtest/gtest.h>

namespace postback {
namespace {

/// `click_id=` and this value.
Reading read_id(const std::string& value) {
  SentPostback sent;
  sent.query = "token=$TOKEN&click_id=" + value;
  return read_sent(sent);
}

TEST(ClickIdReading, AcceptsWhatCanBeRepairedWithAWarning) {
  struct Row {
    const char* value;
    const char* note;  ///< nullptr: no warning.
  };
  const Row rows[] = {
      {"$ID", nullptr},
      {"%20$ID%0A", "stood around it"},
      {"+$ID+", "stood around it"},
      {"$UPPER", "another case"},
      {"%22$ID%22", "stood around it"},
      {"'$UPPER'", "stood around it"},
      {"{$ID}", "stood around it"},
      {"%7B%7B$ID%7D%7D", "stood around it"},
      {"[$ID]", "stood around it"},
      {"($ID)", "stood around it"},
      {"%3C$ID%3E", "stood around it"},
      {"$ID/", "stood around it"},
      {"/$ID%5C", "stood around it"},
      {"%E2%80%9C$ID%E2%80%9D", "stood around it"},
      {"%C2%A0$ID", "stood around it"},
      {"%2520$ID", "percent-encoded twice"},
      {"%257B$ID%257D", "percent-encoded twice"},
      {"$ID,$ID", "several times"},
      {"$ID$ID", "several times"},
      {"$ID+$UPPER+$ID", "several times"},
      {"$ID%252C$ID", "several times"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.value);
    const Reading reading = read_id(row.value);
    ASSERT_FALSE(reading.refusal) << reading.refusal->message;
    EXPECT_EQ(reading.click_id, sample_click());
    if (row.note == nullptr)
      EXPECT_TRUE(reading.warnings.empty());
    else
      EXPECT_NE(joined(reading.warnings).find(row.note), std::string::npos) << joined(reading.warnings);
  }
}

TEST(ClickIdReading, AcceptsSimilarLookingCharacters) {
  std::string id = to_string(sample_click());
  const auto zero = id.find_first_of("01");
  ASSERT_NE(zero, std::string::npos) << "choose a sample with a 0 or 1";
  id[zero] = id[zero] == '0' ? 'o' : 'l';
  const Reading reading = read_id(id);
  ASSERT_FALSE(reading.refusal);
  EXPECT_EQ(reading.click_id, sample_click());
  EXPECT_NE(joined(reading.warnings).find("similar-looking"), std::string::npos);
}

TEST(ClickIdReading, AcceptsAPercentEncodedId) {
  const std::string id = to_string(sample_click());
  std::string once;
  std::string twice;
  for (const char c : id) {
    const char digits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    once += std::string("%") + digits[byte >> 4] + digits[byte & 15];
    twice += std::string("%25") + digits[byte >> 4] + digits[byte & 15];
  }
  EXPECT_TRUE(read_id(once).warnings.empty());
  EXPECT_EQ(read_id(once).click_id, sample_click());
  EXPECT_EQ(read_id(twice).click_id, sample_click());
  EXPECT_NE(joined(read_id(twice).warnings).find("percent-encoded twice"), std::string::npos);
}

struct RefusedRow {
  const char* query;  ///< Behind `token=...&`.
  VerdictCode code;
  const char* evidence;
  const char* fix;
};

void expect_refused(const RefusedRow& row) {
  SCOPED_TRACE(row.query);
  SentPostback sent;
  sent.query = std::string("token=$TOKEN&") + row.query;
  const Reading reading = read_sent(sent);
  ASSERT_TRUE(reading.refusal);
  EXPECT_EQ(to_string(reading.refusal->code), to_string(row.code));
  EXPECT_NE(reading.refusal->evidence.find(with_samples(row.evidence)), std::string::npos) << reading.refusal->evidence;
  EXPECT_NE(reading.refusal->fix.find(row.fix), std::string::npos) << reading.refusal->fix;
  EXPECT_LE(reading.refusal->evidence.size(), 310U);
}

TEST(ClickIdReading, ExplainsAMissingId) {
  constexpr auto kMissing = VerdictCode::click_id_missing;
  const RefusedRow rows[] = {
      {"payout=1", kMissing, "`token`, `payout`", "send back the value you received in sub1"},
      {"click_id=", kMissing, "`click_id`", "sub1"},
      {"click_id=%20%09", kMissing, "`click_id`", "sub1"},
      {"clickid=$ID", kMissing, "`clickid`: `$ID`", "Rename `clickid` to `click_id`"},
      {"sub1=$ID", kMissing, "`sub1`: `$ID`", R"("click_id": "sub1" to the params of network `acme`)"},
      {"sub1=$FORGED", kMissing, "These parameters arrived", "sub1"},
      {"payout=1&amp;click_id=$ID", kMissing, "`amp;click_id` arrived", "`&amp;`"},
      {"payout=1&amp%3Bclick_id=$ID", kMissing, "`amp;click_id` arrived", "`&amp;`"},
      {"payout=1&amp;txid=$ID", kMissing, "These parameters arrived", "sub1"},
  };
  for (const auto& row : rows) expect_refused(row);
}

TEST(ClickIdReading, NamesAMissingQuestionMarkAndAJsonBody) {
  SentPostback in_path;
  in_path.query = "token=$TOKEN";
  in_path.event = "sale&click_id=$ID";
  EXPECT_NE(read_sent(in_path).refusal->fix.find("`?` between path and parameters is missing"), std::string::npos);
  SentPostback json;
  json.query = "token=$TOKEN";
  json.method = "POST";
  json.content_type = "application/x-www-form-urlencoded";
  json.body = R"({"click_id":"$ID"})";
  EXPECT_NE(read_sent(json).refusal->fix.find("Content-Type: application/json"), std::string::npos);
}

TEST(ClickIdReading, ExplainsAnUnreplacedMacro) {
  constexpr auto kUnreplaced = VerdictCode::click_id_unreplaced;
  const RefusedRow rows[] = {
      {"click_id={clickid}", kUnreplaced, "`{clickid}`", "send back the value you received in sub1"},
      {"click_id=%7Bclickid%7D", kUnreplaced, "`{clickid}`", "sub1"},
      {"click_id=%257Bclickid%257D", kUnreplaced, "`{clickid}`", "sub1"},
      {"click_id={{click_id}}", kUnreplaced, "`{{click_id}}`", "sub1"},
      {"click_id=%23s2%23", kUnreplaced, "`#s2#`", "sub1"},
      {"click_id=%23%23s2%23%23", kUnreplaced, "`##s2##`", "sub1"},
      {"click_id=[subid]", kUnreplaced, "`[subid]`", "sub1"},
      {"click_id=[[subid]]", kUnreplaced, "`[[subid]]`", "sub1"},
      {"click_id=${SUBID}", kUnreplaced, "`${SUBID}`", "sub1"},
      {"click_id={$subid}", kUnreplaced, "`{$subid}`", "sub1"},
      {"click_id=__CLICKID__", kUnreplaced, "`__CLICKID__`", "sub1"},
      {"click_id=%subid%", kUnreplaced, "`%subid%`", "sub1"},
      {"click_id=%eb%", kUnreplaced, "`%eb%`", "sub1"},
      {"click_id=%25subid%25", kUnreplaced, "`%subid%`", "sub1"},
      {"click_id=!!!subid!!!", kUnreplaced, "`!!!subid!!!`", "sub1"},
      {"click_id=(subid)", kUnreplaced, "`(subid)`", "sub1"},
      {"click_id=<subid>", kUnreplaced, "`<subid>`", "sub1"},
      {"click_id=[=subid=]", kUnreplaced, "`[=subid=]`", "sub1"},
      {"click_id=x-{clickid}", kUnreplaced, "`{clickid}`", "sub1"},
      {"click_id={sub1}", kUnreplaced, "`{sub1}`", "the network did not fill it in"},
      {"click_id=%23SUB1%23", kUnreplaced, "`#SUB1#`", "the network did not fill it in"},
      {"click_id=REPLACE_ME", kUnreplaced, "`REPLACE_ME`", "sub1"},
      {"click_id=REPLACE", kUnreplaced, "`REPLACE`", "sub1"},
      {"click_id=CLICK_ID", kUnreplaced, "`CLICK_ID`", "sub1"},
      {"click_id=clickid", kUnreplaced, "`clickid`", "sub1"},
      {"click_id=SUBID", kUnreplaced, "`SUBID`", "sub1"},
      {"click_id=XXX", kUnreplaced, "`XXX`", "sub1"},
      {"click_id=xxxxxxxx", kUnreplaced, "`xxxxxxxx`", "sub1"},
  };
  for (const auto& row : rows) expect_refused(row);
}

TEST(ClickIdReading, ExplainsAMalformedOrForgedId) {
  constexpr auto kMalformed = VerdictCode::click_id_malformed;
  constexpr auto kForged = VerdictCode::click_id_forged;
  const RefusedRow rows[] = {
      {"click_id=%zz", kMalformed, "`%zz`", "sub1"},
      {"click_id=123", kMalformed, "`123`", "sub1"},
      {"click_id=$ID%00", kMalformed, "the click ID in it is $ID", "alone"},
      {"click_id=%00", kMalformed, "arrived", "sub1"},
      {"click_id=%ff%fe", kMalformed, "arrived", "sub1"},
      {"click_id=$ID?payout=5", kMalformed, "the click ID in it is $ID", "one `?` only"},
      {"click_id=$ID%26payout=5", kMalformed, "the click ID in it is $ID", "percent-encoded"},
      {"click_id=$IDjunk", kMalformed, "the click ID in it is $ID", "alone"},
      {"click_id=junk$ID", kMalformed, "the click ID in it is $ID", "alone"},
      {"click_id=%25$ID%25", kMalformed, "the click ID in it is $ID", "alone"},
      {"click_id=%23$ID%23", kMalformed, "the click ID in it is $ID", "alone"},
      {"click_id=$ID,$ID,payout", kMalformed, "the click ID in it is $ID", "alone"},
      {"click_id=$ID,$OTHER", kMalformed, "$ID,$OTHER", "each click"},
      {"click_id=8zzzzzzzzzzzzzzzzzzzzzzzzz", kMalformed, "`8zz", "sub1"},
      {"click_id=$FORGED", kForged, "`$FORGED`", "unchanged"},
      {"click_id=%20$FORGED", kForged, "$FORGED", "unchanged"},
      {"click_id={$FORGED}", kForged, "$FORGED", "unchanged"},
  };
  for (const auto& row : rows) expect_refused(row);
}

TEST(ClickIdReading, NamesAValidIdBesideAnUnusableOne) {
  const RefusedRow rows[] = {
      {"click_id={clickid}&sub1=$ID", VerdictCode::click_id_unreplaced, "`sub1`: `$ID`", "value of `sub1`"},
      {"click_id=XXX&sub1=$ID", VerdictCode::click_id_unreplaced, "`sub1`: `$ID`", "value of `sub1`"},
      {"click_id=123&sub1=$UPPER", VerdictCode::click_id_malformed, "`sub1`: `$UPPER`", "value of `sub1`"},
      {"click_id=$FORGED&sub1={$ID}", VerdictCode::click_id_forged, "`sub1`: `{$ID}`", R"("click_id": "sub1")"},
      {"sub1={$ID}", VerdictCode::click_id_missing, "`sub1`: `{$ID}`", "Rename `sub1`"},
  };
  for (const auto& row : rows) expect_refused(row);
}

TEST(ClickIdReading, AHugeValueIsCutInTheExplanation) {
  SentPostback sent;
  sent.method = "POST";
  sent.query = "token=$TOKEN";
  sent.body = "click_id=" + std::string(60'000, 'q');
  const Reading reading = read_sent(sent);
  ASSERT_TRUE(reading.refusal);
  EXPECT_EQ(reading.refusal->code, VerdictCode::click_id_malformed);
  EXPECT_NE(reading.refusal->message.find("60000 characters instead of 26"), std::string::npos);
  EXPECT_LT(reading.refusal->evidence.size(), 310U);
}

TEST(ClickIdReading, WithoutAClickParamTheFixSaysToSetIt) {
  Network network;
  network.id = "acme";
  EXPECT_NE(right_click_id(network).find("has no click_param yet"), std::string::npos);
}

TEST(MacroSyntax, OrdinaryValuesAreNoMacros) {
  for (const char* value : {"", "12.50", "#", "##", "{}", "[]", "%", "%%", "__", "____", "(5)", "[1]", "<>", "a#b#",
                            "100%", "{a", "a}", "!!!!!!", "50%off%20"}) {
    EXPECT_FALSE(find_macro(value)) << value;
  }
  EXPECT_FALSE(is_placeholder_word("xx"));
  EXPECT_FALSE(is_placeholder_word("subid1"));
}

TEST(ClickIdReading, WhatLooksLikeAMacroMayBeAnotherTrackersId) {
  for (const char* value : {"{550e8400-e29b-41d4-a716-446655440000}", "[x1]", "SUBID", "{clickid}", "w5T0"}) {
    const Reading reading = read_id(value);
    EXPECT_TRUE(reading.refusal);
    EXPECT_EQ(reading.foreign_id, value);
  }
  EXPECT_EQ(read_id("%20[x1]%20").foreign_id, "[x1]");
  EXPECT_EQ(read_id("{" + std::string(300, 'a') + "}").foreign_id, "") << "no ID is so long";
  EXPECT_EQ(read_id("$ID,$OTHER").foreign_id, "");
}

}  // namespace
}  // namespace postback
