-- What a click with very many conversions costs: its ID may stand in a network's URL by mistake.

CREATE UNIQUE INDEX conversion_number ON conversion (click, number);

-- Conversions without a transaction ID under the policy `new`, newest last, those that are not rejected first.
CREATE INDEX conversion_slotted ON conversion (click, event, status = 2) WHERE slot > 0;

-- Requests that made or changed a conversion where time tells a resend: without a transaction ID under the policies
-- `add` and `new`. Takes the place of conversion_revision.request_hash, which is written no longer.
CREATE TABLE resend (
  click INTEGER NOT NULL, request_hash INTEGER NOT NULL, time_ms INTEGER NOT NULL, conversion INTEGER NOT NULL,
  PRIMARY KEY (click, request_hash, time_ms, conversion)) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO resend (click, request_hash, time_ms, conversion)
  SELECT c.click, r.request_hash, r.time_ms, c.id FROM conversion c JOIN conversion_revision r ON r.conversion = c.id
  WHERE c.txid = '' AND r.request_hash IS NOT NULL;

-- Forgetting what stands beside clicks and postbacks.

CREATE INDEX foreign_click_of ON foreign_click (click);
-- Forgotten foreign IDs are kept as hashes under this key.
INSERT INTO meta (key, value) VALUES ('foreign_id_key', lower(hex(randomblob(32))));
CREATE INDEX conversion_revision_reason ON conversion_revision (postback) WHERE reason IS NOT NULL;

-- impressions: of people, and until this migration of bots as well; bots: of bots.
ALTER TABLE impression ADD COLUMN bots INTEGER NOT NULL DEFAULT 0;
