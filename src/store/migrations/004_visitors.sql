-- What visitors do besides clicking a tracking link, and what they cost.

-- A visitor went from a lander to an offer: the n-th time of its click.
CREATE TABLE cta (
  click INTEGER NOT NULL, number INTEGER NOT NULL, time_ms INTEGER NOT NULL, offer INTEGER NOT NULL,
  PRIMARY KEY (click, number)) STRICT, WITHOUT ROWID;

-- Impressions, counted by campaign and 15 minutes.
CREATE TABLE impression (
  campaign INTEGER NOT NULL, bucket_ms INTEGER NOT NULL, impressions INTEGER NOT NULL,
  PRIMARY KEY (campaign, bucket_ms)) STRICT, WITHOUT ROWID;

-- The ledger of spend that became known later; spread over the clicks of its campaign and time in reports. Never
-- changed: a correction is another entry, of a negative sum where need be.
CREATE TABLE spend (
  id INTEGER PRIMARY KEY, campaign INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
  amount INTEGER NOT NULL, currency TEXT NOT NULL, note TEXT, time_ms INTEGER NOT NULL, actor TEXT NOT NULL) STRICT;
