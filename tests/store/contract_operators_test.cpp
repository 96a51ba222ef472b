// Every store: catalog revisions, API keys and the audit log.
#include "contract_fixture.hpp"

#include "postback/domain/catalog_change.hpp"

namespace postback {
namespace {

class OperatorContract : public StoreContract {
 protected:
  /// Makes and commits one revision; `parts` entities in each transaction.
  void change(std::vector<EntityEdit> edits, std::size_t part_size = 100) {
    auto changed = change_catalog(*current_, edits, Unchanged::left_out, world_.clock.wall(), world_.entropy);
    ASSERT_TRUE(std::holds_alternative<CatalogChange>(changed));
    auto& change = std::get<CatalogChange>(changed);
    std::vector<const EntityDocument*> documents;
    for (const auto& entity : change.entities) documents.push_back(entity.after.get());
    for (std::size_t from = 0; from < documents.size(); from += part_size) {
      OperatorChange part = part_of(change.revision, documents, from, part_size);
      ASSERT_OK(commit_change(part));
    }
    current_ = change.next;
  }
  OperatorChange part_of(std::uint64_t revision, std::span<const EntityDocument* const> documents, std::size_t from,
                         std::size_t size) {
    OperatorChange part;
    part.revision = revision;
    part.first = from == 0;
    part.documents = documents.subspan(from, std::min(size, documents.size() - from));
    if (from + size >= documents.size()) {
      part.seal = Revision{revision, world_.clock.wall(), "admin", "import", documents.size()};
    }
    return part;
  }
  Result<void> commit_change(const OperatorChange& change) {
    items_.emplace_back().change = &change;
    return commit({&items_.back()});
  }
  std::string names_at(std::uint64_t revision) {
    std::string names;
    for (const auto& document : reader_->catalog_at(revision).value()) {
      names += document.id + "@" + std::to_string(document.revision) + (document.archived ? "-archived " : " ");
    }
    return names;
  }
  static EntityEdit source(std::string id, std::string name) {
    return {EntityKind::source, std::move(id), Json{{"name", std::move(name)}}, false};
  }

  std::shared_ptr<const Catalog> current_ = Catalog::empty();
  std::deque<Idle<ChangeItem>> items_;
};

TEST_P(OperatorContract, KeepsTheCatalogAndItsRevisions) {
  change({source("a", "A"), source("b", "B")});
  change({source("a", "A again")});
  change({{EntityKind::source, "b", Json{}, true}});
  EXPECT_EQ(names_at(0), "");
  EXPECT_EQ(names_at(1), "a@1 b@1 ");
  EXPECT_EQ(names_at(2), "a@2 b@1 ");
  EXPECT_EQ(names_at(3), "a@2 b@3-archived ");
  EXPECT_EQ(names_at(99), names_at(3));
  EXPECT_EQ(reader_->last_change(EntityKind::source, 0).value(), 0U);
  EXPECT_EQ(reader_->last_change(EntityKind::source, 2).value(), 2U);
  EXPECT_EQ(reader_->last_change(EntityKind::source, 99).value(), 3U);
  EXPECT_EQ(reader_->last_change(EntityKind::offer, 99).value(), 0U);
  const auto changed = reader_->changed_in(2).value();
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].json, current_->document(EntityKind::source, "a")->json);

  const auto revisions = reader_->revisions(0, 2).value();
  ASSERT_EQ(revisions.size(), 2U);
  EXPECT_EQ(revisions[0].number, 3U);
  EXPECT_EQ(revisions[0].actor, "admin");
  EXPECT_EQ(revisions[0].changes, 1U);
  EXPECT_EQ(reader_->revisions(2, 10).value().size(), 1U);
  EXPECT_EQ(reader_->revision(1).value()->changes, 2U);
  EXPECT_FALSE(reader_->revision(4).value());

  ASSERT_OK(store_->close());
  open();
  std::uint64_t revision = 0;
  const auto documents = store_->catalog_documents(revision);
  ASSERT_OK(documents);
  EXPECT_EQ(revision, 3U);
  ASSERT_EQ(documents->size(), 2U);
  const EntityDocument& document = documents->front();
  EXPECT_EQ(document.id, "a");
  EXPECT_EQ(document.number, current_->document(EntityKind::source, "a")->number);
  EXPECT_EQ(document.revision, 2U);
  EXPECT_EQ(document.updated, world_.clock.wall());
  EXPECT_EQ(document.json, current_->document(EntityKind::source, "a")->json);
  EXPECT_TRUE(documents->back().archived);
}

TEST_P(OperatorContract, AChangeInPartsCountsWhenItsLastPartIsThere) {
  change({source("a", "A")});
  const std::vector<EntityEdit> edits{source("a", "Changed"), source("b", "B"), source("c", "C")};
  auto changed = change_catalog(*current_, edits, Unchanged::left_out, world_.clock.wall(), world_.entropy);
  const auto& unfinished = std::get<CatalogChange>(changed);
  std::vector<const EntityDocument*> documents;
  for (const auto& entity : unfinished.entities) documents.push_back(entity.after.get());
  const auto first = part_of(unfinished.revision, documents, 0, 2);
  ASSERT_OK(commit_change(first));
  EXPECT_EQ(names_at(99), "a@1 ");
  ASSERT_OK(store_->close());
  open();
  std::uint64_t revision = 0;
  EXPECT_EQ(store_->catalog_documents(revision).value().size(), 1U);
  EXPECT_EQ(revision, 1U);
  // The number is used again, and nothing of the unfinished change remains.
  change({source("d", "D")});
  EXPECT_EQ(names_at(99), "a@1 d@2 ");
  change({source("b", "B2"), source("c", "C2"), source("e", "E")}, 1);
  EXPECT_EQ(names_at(99), "a@1 b@3 c@3 d@2 e@3 ");
}

TEST_P(OperatorContract, RefusesAChangeMadeAgainstAnotherCatalog) {
  change({source("a", "A")});
  const auto document = current_->share(EntityKind::source, "a");
  const EntityDocument* const one = document.get();
  for (const std::uint64_t number : {1U, 3U}) {
    const auto stale = part_of(number, {&one, 1}, 0, 1);
    EXPECT_ERROR(commit_change(stale), ErrorCode::store_rejected);
  }
  EXPECT_EQ(names_at(99), "a@1 ");
}

TEST_P(OperatorContract, KeepsKeysAndReplacesThemById) {
  OperatorChange added;
  added.key = StoredKey{.id = "reports", .name = "Reports", .role = Role::viewer, .created = world_.clock.wall()};
  added.key->sha256.fill(7);
  ASSERT_OK(commit_change(added));
  OperatorChange changed = added;
  changed.key->name = "Renamed";
  changed.key->role = Role::operator_;
  changed.key->version = 2;
  changed.key->expires = TimeMs{std::chrono::milliseconds{5}};
  changed.key->revoked = TimeMs{std::chrono::milliseconds{6}};
  ASSERT_OK(commit_change(changed));
  const auto keys = store_->keys().value();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].name, "Renamed");
  EXPECT_EQ(keys[0].role, Role::operator_);
  EXPECT_EQ(keys[0].version, 2U);
  EXPECT_EQ(keys[0].created, world_.clock.wall());
  EXPECT_EQ(keys[0].expires, changed.key->expires);
  EXPECT_EQ(keys[0].revoked, changed.key->revoked);
  EXPECT_EQ(keys[0].sha256, added.key->sha256);
  OperatorChange same_secret = added;
  same_secret.key->id = "other";
  EXPECT_ERROR(commit_change(same_secret), ErrorCode::store_rejected);
}

TEST_P(OperatorContract, KeepsTheAuditLogInOrder) {
  for (const char* const target : {"keys/one", "keys/two"}) {
    OperatorChange change;
    change.audit = AuditEntry{.time = world_.clock.wall(),
                              .actor = "admin",
                              .peer = "127.0.0.1",
                              .action = "key.create",
                              .target = target,
                              .revision = 0,
                              .detail = "because"};
    ASSERT_OK(commit_change(change));
  }
  const auto page = reader_->audit({}).value();
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].target, "keys/two");
  EXPECT_GT(page.rows[0].id, page.rows[1].id);
  EXPECT_EQ(page.rows[1].actor, "admin");
  EXPECT_EQ(page.rows[1].peer, "127.0.0.1");
  EXPECT_EQ(page.rows[1].action, "key.create");
  EXPECT_EQ(page.rows[1].detail, "because");
  EXPECT_EQ(page.rows[1].time, world_.clock.wall());
  const auto newest = page.rows[0].id;
  ASSERT_OK(store_->close());
  open();
  EXPECT_EQ(store_->identity().value().newest, newest);
}

INSTANTIATE_TEST_SUITE_P(Stores, OperatorContract,
                         testing::Values(std::pair<const char*, MakeFactory>{
                             "sqlite", [] { return std::make_unique<SqliteFactory>(); }}),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace postback
