-- occurred_ms: when what a delivery tells of happened; NULL in rows of earlier versions, which do not know.
ALTER TABLE delivery ADD COLUMN occurred_ms INTEGER;
