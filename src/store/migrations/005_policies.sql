-- Repeat policies, wider scopes of transaction IDs, and conversions that are held.

-- slot: 0, but for conversions without a transaction ID under the policy `new`. offer: NULL is the click's.
-- hold_until_ms: held as pending; the largest integer: until somebody decides. request_hash: of target and body of the
-- request that changed it last.
ALTER TABLE conversion ADD COLUMN slot INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversion ADD COLUMN offer INTEGER;
ALTER TABLE conversion ADD COLUMN hold_until_ms INTEGER;
ALTER TABLE conversion ADD COLUMN request_hash INTEGER;
DROP INDEX conversion_identity;
CREATE UNIQUE INDEX conversion_identity ON conversion (click, event, txid, slot);
CREATE INDEX conversion_held ON conversion (hold_until_ms) WHERE hold_until_ms IS NOT NULL;

-- What caused a revision, when it was not the postback alone: `replay`, `hold`, `correction`. NULL: the postback.
-- request_hash: of the postback's target and body, for resends within a time.
ALTER TABLE conversion_revision ADD COLUMN cause TEXT;
ALTER TABLE conversion_revision ADD COLUMN request_hash INTEGER;

-- Who has a transaction ID under a wider scope. scope: 1 offer, 2 network; owner: its number.
CREATE TABLE txid_claim (
  scope INTEGER NOT NULL, owner INTEGER NOT NULL, event TEXT NOT NULL, txid TEXT NOT NULL, conversion INTEGER NOT NULL,
  PRIMARY KEY (scope, owner, event, txid)) STRICT, WITHOUT ROWID;
