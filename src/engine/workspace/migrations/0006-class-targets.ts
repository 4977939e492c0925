/**
 * A run may explain a fixed class: `runs.target` holds its number as text, and such a map is of the kind `class`. SQLite wants the
 * tables to be made again for that. Maps go before runs and come back after them, so that no run is looked for in all maps;
 * rows of other tables that refer to them find them again when the step ends.
 */
export const CLASS_TARGETS = `
PRAGMA defer_foreign_keys = ON;

CREATE TEMPORARY TABLE kept_runs AS SELECT * FROM runs;
CREATE TEMPORARY TABLE kept_maps AS SELECT * FROM maps;
DROP TABLE maps;
DROP TABLE runs;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  sample_set_id INTEGER NOT NULL REFERENCES sample_sets (id),
  sample_count INTEGER NOT NULL,
  request_json TEXT NOT NULL,
  model_ids_json TEXT NOT NULL,
  methods_json TEXT NOT NULL,
  target TEXT NOT NULL CHECK (target IN ('label', 'predicted') OR target <> '' AND target NOT GLOB '*[^0-9]*'),
  seed INTEGER NOT NULL,
  backend TEXT,
  device TEXT,
  versions_json TEXT NOT NULL,
  seconds REAL,
  job_id INTEGER REFERENCES jobs (id),
  created_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;
INSERT INTO runs SELECT * FROM kept_runs;
DROP TABLE kept_runs;

CREATE TABLE maps (
  id INTEGER PRIMARY KEY,
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
INSERT INTO maps SELECT * FROM kept_maps;
DROP TABLE kept_maps;
`
