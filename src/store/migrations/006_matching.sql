-- Postbacks judged again, those that wait for their click, and clicks of other trackers.

-- shape: whose parameter names it used. secure: it came by HTTPS. judged_ms: when it was judged again, and first_code
-- what it was at first. repeats: how many more refusals like this one the row stands for, under a flood.
ALTER TABLE postback ADD COLUMN shape TEXT;
ALTER TABLE postback ADD COLUMN secure INTEGER;
ALTER TABLE postback ADD COLUMN judged_ms INTEGER;
ALTER TABLE postback ADD COLUMN first_code TEXT;
ALTER TABLE postback ADD COLUMN repeats INTEGER;

-- Postbacks with a valid ID whose click was not there.
CREATE TABLE waiting (
  click INTEGER NOT NULL, postback INTEGER NOT NULL, PRIMARY KEY (click, postback)) STRICT, WITHOUT ROWID;

-- Clicks that another tracker recorded, by its ID.
CREATE TABLE foreign_click (foreign_id TEXT PRIMARY KEY, click INTEGER NOT NULL) STRICT, WITHOUT ROWID;
