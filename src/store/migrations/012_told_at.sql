-- revision: of the catalog when it came about, whose destinations are told of it; NULL in rows of earlier versions:
-- those of today.
ALTER TABLE occurrence ADD COLUMN revision INTEGER;
