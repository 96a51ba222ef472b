-- The operator's side: catalog revisions as versions of entities, roles of API keys, the audit log.

-- Every state an entity had, in the order in which a catalog is read, so that nothing has to be sorted.
-- A state counts once its revision stands in `revision`: a change of many entities
-- is written in several transactions and put in force by the last one. kind: 1 network, 2 offer, 3 source, 4 campaign.
-- number: what clicks refer to, never reused within a kind.
CREATE TABLE entity_version (
  revision INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL,
  archived INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id, revision)) STRICT, WITHOUT ROWID;
CREATE INDEX entity_version_revision ON entity_version (revision);
INSERT INTO entity_version (revision, kind, id, number, archived, json)
  SELECT r.number, r.kind, r.id, e.number, 0, r.after FROM revision r JOIN entity e ON e.kind = r.kind AND e.id = r.id;
DROP TABLE entity;

CREATE TABLE catalog_revision (
  number INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, actor TEXT, action TEXT NOT NULL, changes INTEGER NOT NULL)
  STRICT;
INSERT INTO catalog_revision (number, time_ms, actor, action, changes)
  SELECT number, time_ms, actor, 'put', 1 FROM revision;
DROP TABLE revision;
ALTER TABLE catalog_revision RENAME TO revision;

ALTER TABLE api_key RENAME TO old_api_key;
-- Keys are never deleted, only revoked: the audit log names them.
CREATE TABLE api_key (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL UNIQUE, role TEXT NOT NULL, created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL, version INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER) STRICT;
INSERT INTO api_key (id, name, sha256, role, created_ms, updated_ms, version)
  SELECT name, name, sha256, 'admin', created_ms, created_ms, 1 FROM old_api_key;
DROP TABLE old_api_key;

-- Every write asked for over the API, in the transaction of its effect. id: a Snowflake.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, actor TEXT NOT NULL, peer TEXT, action TEXT NOT NULL,
  target TEXT NOT NULL, revision INTEGER, detail TEXT) STRICT;
