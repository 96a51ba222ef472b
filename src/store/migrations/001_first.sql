-- What postbackd 0.1 stores. IDs named so are Snowflakes: ordered by time, so a row is an append and a time range a
-- key range.
-- Absent text is NULL. Times are milliseconds since 1970, sums are millionths of the currency unit.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The node number handed out last.
CREATE TABLE node (only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL) STRICT;
INSERT INTO node (only, last) VALUES (1, 1);

CREATE TABLE click_id_key (valid_from_ms INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

CREATE TABLE api_key (name TEXT PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, created_ms INTEGER NOT NULL) STRICT;

-- kind: 1 network, 2 offer, 3 source, 4 campaign. number: what clicks refer to, never reused within a kind.
CREATE TABLE entity (
  kind INTEGER NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id), UNIQUE (kind, number)) STRICT;

CREATE TABLE revision (
  number INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, actor TEXT, kind INTEGER NOT NULL, id TEXT NOT NULL,
  before TEXT, after TEXT NOT NULL) STRICT;

-- Interned texts; the same text may stand in several rows.
CREATE TABLE user_agent (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;

-- One append per click: no secondary index, no foreign key, never changed but by retention.
CREATE TABLE click (
  id INTEGER PRIMARY KEY, campaign INTEGER, offer INTEGER, source INTEGER, path INTEGER, revision INTEGER,
  cost INTEGER, cost_currency TEXT, external_id TEXT, external_name TEXT,
  sub1 TEXT, sub2 TEXT, sub3 TEXT, sub4 TEXT, sub5 TEXT, sub6 TEXT, sub7 TEXT, sub8 TEXT, sub9 TEXT, sub10 TEXT,
  sub11 TEXT, sub12 TEXT, sub13 TEXT, sub14 TEXT, sub15 TEXT, sub16 TEXT, sub17 TEXT, sub18 TEXT, sub19 TEXT,
  sub20 TEXT,
  extra TEXT, ip TEXT, user_agent INTEGER, referrer TEXT, language TEXT);

-- The log of incoming postbacks. What is filtered on stands first, so that a scan does not read the long texts.
CREATE TABLE postback (
  id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, code TEXT NOT NULL, click INTEGER, conversion_number INTEGER,
  network TEXT, result TEXT NOT NULL, http_status INTEGER NOT NULL, authentication TEXT, method TEXT, peer TEXT,
  event TEXT, txid TEXT, payout INTEGER, amount INTEGER, currency TEXT, status TEXT, original_status TEXT,
  revision INTEGER NOT NULL, message TEXT, evidence TEXT, fix TEXT, warnings TEXT,
  target TEXT, headers TEXT, body TEXT) STRICT;

-- id: of the postback that created it; number: the n of its public ID `<click>-<n>`. Never deleted, so a click's
-- count is its newest number. status: 0 pending, 1 approved, 2 rejected.
CREATE TABLE conversion (
  id INTEGER PRIMARY KEY, click INTEGER NOT NULL, number INTEGER NOT NULL, event TEXT NOT NULL, txid TEXT NOT NULL,
  status INTEGER NOT NULL, original_status TEXT, payout INTEGER NOT NULL, amount INTEGER, currency TEXT, reason TEXT,
  time_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, revision INTEGER NOT NULL, last_said TEXT) STRICT;
CREATE UNIQUE INDEX conversion_identity ON conversion (click, event, txid);

-- Every state a conversion had; rows are only ever added.
CREATE TABLE conversion_revision (
  conversion INTEGER NOT NULL, revision INTEGER NOT NULL, postback INTEGER NOT NULL, time_ms INTEGER NOT NULL,
  status INTEGER NOT NULL, payout INTEGER NOT NULL, amount INTEGER, currency TEXT, original_status TEXT, reason TEXT,
  PRIMARY KEY (conversion, revision)) STRICT, WITHOUT ROWID;

-- One row per transaction of the recorder: what derived figures follow, since IDs may be committed out of order.
CREATE TABLE batch (
  number INTEGER PRIMARY KEY, node INTEGER NOT NULL, clicks INTEGER NOT NULL, first_click INTEGER, last_click INTEGER,
  postbacks INTEGER NOT NULL, first_postback INTEGER, last_postback INTEGER,
  conversion_changes INTEGER NOT NULL) STRICT;
