// Every traffic source of config/networks.json: its tracking link is the golden one, and a click by it lands where it
// belongs.
#include "postback/domain/link_builder.hpp"
#include "postback/domain/profiles.hpp"

#include "support/example_catalog.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace postback {
namespace {

Json golden_rows() {
  std::ifstream file(POSTBACK_SOURCE_DIR "/tests/support/golden/source_links.json");
  return Json::parse(std::string(std::istreambuf_iterator<char>(file), {})).at("rows");
}

std::vector<EntityDocument> documents_of(const std::string& source) {
  auto documents = patched_example(EntityKind::campaign, R"({"source":"src"})");
  documents.back().id = "camp";
  documents.push_back(document_of(EntityKind::source, "src", source));
  return documents;
}

Links links_of(const std::string& source) {
  auto built = build_links(*catalog_of(documents_of(source)), {.campaign = "camp"}, {"https://t.example", true});
  return std::get<Links>(std::move(built));
}

TEST(SourceLinks, AreTheGoldenOnes) {
  std::set<std::string> golden;
  std::set<std::string> without_macro;
  for (const auto& row : golden_rows()) {
    const std::string id = row.at("id");
    SCOPED_TRACE(id);
    golden.insert(id);
    const auto links = links_of(Json{{"name", "S"}, {"profile", id}}.dump());
    EXPECT_EQ(links.tracking_link, row.at("link").get<std::string>());
    std::set<std::string> missing;
    for (const auto& fault : links.missing) missing.insert(fault.field);
    std::set<std::string> expected;
    for (const auto& field : row.at("missing")) expected.insert("sources/src: " + field.get<std::string>());
    EXPECT_EQ(missing, expected);
    if (!missing.empty()) without_macro.insert(id);
    EXPECT_EQ(links.cautions.empty(), row.at("confirmed").get<bool>());
  }
  std::set<std::string> known;
  for (const auto& profile : built_in_profiles().sources()) known.insert(profile.id);
  EXPECT_EQ(golden, known);
  EXPECT_EQ(without_macro, (std::set<std::string>{"mailru_target", "popcash", "revcontent", "zeeto"}));
}

TEST(SourceLinks, TheDocumentOverridesTheProfile) {
  const auto links = links_of(
      R"({"name":"S","profile":"taboola","params":{"external_id":"tblci","sub1":"item_id","sub9":"mine"},
          "macros":{"cost":"{my_cpc}"}})");
  EXPECT_EQ(links.tracking_link,
            "https://t.example/c/camp?tblci={click_id}&cost={my_cpc}&item_id={campaign_item_id}&site_id={site_id}"
            "&campaign_id={campaign_id}&platform={platform}&timestamp={timestamp}&mine={mine}");
  const auto own = links_of(R"({"name":"S","params":{"external_id":"c"},"macros":{"external_id":"[CLICK]"}})");
  EXPECT_EQ(own.tracking_link, "https://t.example/c/camp?c=[CLICK]");
}

TEST(SourceLinks, TheProfilesParametersAreRead) {
  const auto catalog = catalog_of(documents_of(R"({"name":"S","profile":"google_ads"})"));
  const Source& source = *catalog->campaign("camp")->source;
  EXPECT_EQ(source.slots.at("gbraid"), 0U);
  EXPECT_EQ(source.slots.at("campaign_id"), 2U);
}

TEST(SourceLinks, FaultsNameWhatIsRight) {
  const auto faults = [](const char* source) { return faults_of(documents_of(source)); };
  EXPECT_TRUE(has_fault(faults(R"({"name":"S","profile":"tabola"})"), "sources/src: profile", "\"taboola\""));
  EXPECT_TRUE(has_fault(faults(R"({"name":"S","profile":"tune"})"), "sources/src: profile", "of a network"));
  EXPECT_TRUE(has_fault(faults(R"({"name":"S","macros":{"sub3":"{x}"}})"), "sources/src: macros.sub3", "params"));
  EXPECT_TRUE(has_fault(faults(R"({"name":"S","params":{"cost":"c"},"macros":{"cost":"{a b}"}})"),
                        "sources/src: macros.cost", "space"));
  EXPECT_TRUE(has_fault(faults(R"({"name":"S","macros":{"costs":"{x}"}})"), "sources/src: macros.costs", "\"cost\""));
}

}  // namespace
}  // namespace postback
