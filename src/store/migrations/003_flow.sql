-- Rules, landers and facts about visitors; caps of offers.

-- rule: 0 the default paths, n the campaign's n-th rule, whose paths `path` counts. is_unique: 1 first visit, 0 not,
-- NULL not known. tested_headers: those that the campaign's rules look at, as `name: value` lines.
ALTER TABLE click ADD COLUMN lander INTEGER;
ALTER TABLE click ADD COLUMN rule INTEGER;
ALTER TABLE click ADD COLUMN country TEXT;
ALTER TABLE click ADD COLUMN region TEXT;
ALTER TABLE click ADD COLUMN city TEXT;
ALTER TABLE click ADD COLUMN is_unique INTEGER;
ALTER TABLE click ADD COLUMN tested_headers TEXT;

-- What a user agent says, read once per text.
ALTER TABLE user_agent ADD COLUMN device TEXT;
ALTER TABLE user_agent ADD COLUMN os TEXT;
ALTER TABLE user_agent ADD COLUMN browser TEXT;
ALTER TABLE user_agent ADD COLUMN bot INTEGER;

-- Conversions of an offer that are not rejected, by UTC day since 1970: what caps are compared with.
CREATE TABLE offer_count (
  offer INTEGER NOT NULL, day INTEGER NOT NULL, conversions INTEGER NOT NULL, PRIMARY KEY (offer, day))
  STRICT, WITHOUT ROWID;
-- 1735689600000: the milliseconds from which IDs count time, which is their part above 22 bits.
INSERT INTO offer_count (offer, day, conversions)
  SELECT click.offer, ((conversion.id >> 22) + 1735689600000) / 86400000, count(*)
  FROM conversion JOIN click ON click.id = conversion.click
  WHERE conversion.status <> 2 AND click.offer > 0 GROUP BY 1, 2;
