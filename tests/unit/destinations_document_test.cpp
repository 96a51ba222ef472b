// docs/destinations.md shows every ready-made destination as it is, and its examples are documents that are taken.
#include "domain/conversion_values.hpp"
#include "postback/domain/catalog_change.hpp"
#include "support/destination_world.hpp"
#include "support/document_table.hpp"
#include "support/profile_tables.hpp"
#include "test_paths.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace postback::testing {
namespace {

std::string document() {
  std::ifstream in(POSTBACK_SOURCE_DIR "/docs/destinations.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(DestinationsDocument, HasEveryReadyMadeOne) {
  expect_table("destinations.md", "ready-made", destination_table(built_in_destination_profiles()),
               "config/destinations.json or config/networks.json");
}

TEST(DestinationsDocument, SaysWhatIsMissing) {
  expect_table("destinations.md", "missing", missing_destination_table(built_in_destination_profiles()),
               "config/destinations.json or config/networks.json");
}

/// Whose API is not built in has a row that says which fact would be needed.
TEST(DestinationsDocument, SaysWhyAnApiIsNotBuiltIn) {
  const std::string text = document();
  const auto facts = text.find("| source | what is missing |");
  ASSERT_NE(facts, std::string::npos);
  const DestinationProfiles& profiles = built_in_destination_profiles();
  for (const auto& id : profiles.missing()) {
    const bool built_in = profiles.missing(id)->problem.find("not built in") == std::string::npos;
    EXPECT_EQ(text.find("\n| `" + std::string(id) + "` |", facts) == std::string::npos, built_in) << id;
  }
}

/// The faults of a new destination.
std::string faults_of_new(const std::string& json) {
  SystemEntropy entropy;
  EntityEdit edit;
  edit.kind = EntityKind::destination;
  edit.id = "d";
  edit.object = Json::parse(json);
  const auto made = change_catalog(*example_catalog(), std::span(&edit, 1), Unchanged::kept, kNewYear, entropy);
  return std::holds_alternative<Faults>(made) ? joined(std::get<Faults>(made)) : std::string();
}

/// Every ```json block is a destination that can be made in the example's catalog.
TEST(DestinationsDocument, ItsExamplesAreTaken) {
  const std::string text = document();
  const std::regex block("```json\\n([\\s\\S]*?)```");
  int found = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), block); match != std::sregex_iterator(); ++match, ++found)
    EXPECT_EQ(faults_of_new((*match)[1]), "") << (*match)[1];
  EXPECT_GE(found, 8);
}

TEST(DestinationsDocument, NamesEveryFieldOfConditions) {
  const std::string text = document();
  for (const ConditionField& field : outgoing_fields()) {
    const std::string name(field.name);
    if (name.starts_with("sub") && name != "sub1" && name != "sub20") continue;
    const std::string shown = "`" + name + (field.named ? ".NAME`" : "`");
    EXPECT_NE(text.find(shown), std::string::npos) << shown;
  }
}

/// Every field of the canonical form has a row.
TEST(DestinationsDocument, NamesEveryFieldOfTheDocument) {
  const std::string text = document();
  const auto catalog = catalog_with({{"d", R"({"name":"D","url":"https://d.example/"})"}});
  const Json canonical = Json::parse(catalog->document(EntityKind::destination, "d")->json);
  for (const auto& [field, value] : canonical.items())
    EXPECT_NE(text.find("\n| `" + field + "` |"), std::string::npos) << field;
}

}  // namespace
}  // namespace postback::testing
