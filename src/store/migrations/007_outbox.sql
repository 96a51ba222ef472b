-- Outgoing postbacks: what destinations may be told of, the deliveries that follow, their attempts. IDs are Snowflakes.

-- The outbox: written in the transaction of what it speaks of, removed in the one that plans its deliveries.
-- kind: 1 click, 2 impression, 3 CTA, 4 a conversion began, 5 its status changed. detail: of impressions, JSON.
CREATE TABLE occurrence (
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, time_ms INTEGER NOT NULL, click INTEGER, conversion INTEGER,
  conversion_revision INTEGER, cta INTEGER, campaign INTEGER, detail TEXT) STRICT;

-- trigger: the destination's, by the numbers of an occurrence's kind; one for conversions listens to changes of
-- status, too. state: 0 pending, 1 delivered, 2 failed, 3 withheld, 4 cancelled, 5 listed. due_ms: of pending ones, and
-- only of them.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, trigger INTEGER NOT NULL, state INTEGER NOT NULL,
  click INTEGER, conversion INTEGER, conversion_number INTEGER, conversion_revision INTEGER, cta INTEGER,
  campaign INTEGER, attempts INTEGER NOT NULL, created_ms INTEGER NOT NULL, retry_from_ms INTEGER NOT NULL,
  due_ms INTEGER, finished_ms INTEGER, http_status INTEGER, reason TEXT, resend_of INTEGER, detail TEXT) STRICT;
CREATE INDEX delivery_due ON delivery (destination, due_ms, id) WHERE due_ms IS NOT NULL;
-- By click, whose conversions they are: serves a click's deliveries, a conversion's, and whether it was told before.
CREATE INDEX delivery_subject ON delivery (click, conversion, destination) WHERE click IS NOT NULL;

CREATE TABLE delivery_attempt (
  delivery INTEGER NOT NULL, number INTEGER NOT NULL, time_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  http_status INTEGER, reason TEXT NOT NULL, error TEXT, answer TEXT, request TEXT, address TEXT,
  PRIMARY KEY (delivery, number)) STRICT, WITHOUT ROWID;

-- remainder: of the error diffusion of what is sent and withheld. paused_ms: since when it is paused; NULL: it is not.
CREATE TABLE destination_state (
  destination INTEGER PRIMARY KEY, remainder INTEGER NOT NULL, paused_ms INTEGER, reason TEXT) STRICT;
