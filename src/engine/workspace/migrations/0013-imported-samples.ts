/**
 * Samples that somebody brings: sets of the split `imported`; inputs with several channels; regions of any shape, deflated as a byte
 * a pixel of their box, in which every pixel is evidence (`filled`) whatever the input shows there; maps whose logit nobody stated.
 */
export const IMPORTED_SAMPLES = `
PRAGMA defer_foreign_keys = ON;

CREATE TEMPORARY TABLE kept_sets AS SELECT * FROM sample_sets;
DROP TABLE sample_sets;
CREATE TABLE sample_sets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  dataset TEXT NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test', 'imported')),
  fold INTEGER NOT NULL,
  items INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  source_json TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (dataset, split, fold, items, seed)
) STRICT;
INSERT INTO sample_sets SELECT * FROM kept_sets;
DROP TABLE kept_sets;

ALTER TABLE samples ADD COLUMN channels INTEGER NOT NULL DEFAULT 1 CHECK (channels > 0);
ALTER TABLE regions ADD COLUMN filled INTEGER NOT NULL DEFAULT 0 CHECK (filled IN (0, 1));
ALTER TABLE regions ADD COLUMN mask BLOB;
ALTER TABLE maps ALTER COLUMN logit DROP NOT NULL;
`
