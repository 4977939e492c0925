/**
 * Runs can be removed. The row of a removed run stays, since maps that other runs need still say what computed them, and so that
 * its id is never used again. Ids of maps are never used again either: browsers, queues and notes of people keep them. SQLite
 * wants the table to be made again for that; rows of other tables that refer to maps find them again when the step ends.
 */
export const REMOVED_RUNS = `
PRAGMA defer_foreign_keys = ON;

ALTER TABLE runs ADD COLUMN removed_at TEXT;

CREATE TEMPORARY TABLE kept_maps AS SELECT * FROM maps;
DROP TABLE maps;
CREATE TABLE maps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  sample_id INTEGER NOT NULL REFERENCES samples (id),
  model_id INTEGER NOT NULL REFERENCES models (id),
  method TEXT NOT NULL,
  target INTEGER NOT NULL,
  target_kind TEXT NOT NULL CHECK (target_kind IN ('label', 'predicted', 'class')),
  seed INTEGER NOT NULL,
  logit REAL NOT NULL,
  started REAL,
  total REAL NOT NULL,
  absolute REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  conservation REAL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'no_evidence', 'not_conserved', 'warning')),
  shares BLOB NOT NULL,
  shares_positive BLOB NOT NULL,
  created_at TEXT NOT NULL,
  checks_json TEXT,
  pixel_scores BLOB,
  UNIQUE (sample_id, model_id, method, target, seed)
) STRICT;
INSERT INTO maps SELECT * FROM kept_maps ORDER BY id;
DROP TABLE kept_maps;
`
