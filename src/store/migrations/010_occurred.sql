-- occurred_ms: when what a delivery tells of happened; NULL in rows of earlier versions: when they were made.
ALTER TABLE delivery ADD COLUMN occurred_ms INTEGER;
