/** The tables of the first version. Blobs are little endian; instants are ISO 8601 in UTC. */
export const FIRST_TABLES = `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_sets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  dataset TEXT NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  fold INTEGER NOT NULL,
  items INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  source_json TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (dataset, split, fold, items, seed)
) STRICT;

CREATE TABLE samples (
  id INTEGER PRIMARY KEY,
  sample_set_id INTEGER NOT NULL REFERENCES sample_sets (id),
  position INTEGER NOT NULL,
  label INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  columns INTEGER NOT NULL,
  provenance_json TEXT NOT NULL,
  input BLOB NOT NULL,
  UNIQUE (sample_set_id, position)
) STRICT;

CREATE TABLE regions (
  sample_id INTEGER NOT NULL REFERENCES samples (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  box_row INTEGER NOT NULL,
  box_column INTEGER NOT NULL,
  box_height INTEGER NOT NULL,
  box_width INTEGER NOT NULL,
  mark INTEGER NOT NULL CHECK (mark IN (0, 1)),
  label INTEGER,
  PRIMARY KEY (sample_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  architecture TEXT NOT NULL,
  stationary_dropout INTEGER NOT NULL CHECK (stationary_dropout IN (0, 1)),
  dataset TEXT NOT NULL,
  steps INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  items INTEGER NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  accuracy REAL,
  trained INTEGER NOT NULL CHECK (trained IN (0, 1)),
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'trained', 'imported')),
  metadata_json TEXT NOT NULL,
  created_at TEXT NOT NULL,
  weights BLOB NOT NULL
) STRICT;

CREATE TABLE predictions (
  model_id INTEGER NOT NULL REFERENCES models (id),
  sample_id INTEGER NOT NULL REFERENCES samples (id),
  predicted INTEGER NOT NULL,
  logits BLOB NOT NULL,
  PRIMARY KEY (model_id, sample_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('train', 'explain', 'score', 'export')),
  title TEXT NOT NULL,
  request_json TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  done REAL NOT NULL DEFAULT 0,
  total REAL NOT NULL DEFAULT 0,
  unit TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  error TEXT,
  result_id INTEGER,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
) STRICT;

CREATE TABLE checkpoints (
  job_id INTEGER PRIMARY KEY REFERENCES jobs (id),
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  state BLOB NOT NULL
) STRICT;

CREATE TABLE curve_points (
  job_id INTEGER NOT NULL REFERENCES jobs (id),
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  loss REAL NOT NULL,
  accuracy REAL NOT NULL,
  validation REAL,
  PRIMARY KEY (job_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  sample_set_id INTEGER NOT NULL REFERENCES sample_sets (id),
  sample_count INTEGER NOT NULL,
  request_json TEXT NOT NULL,
  model_ids_json TEXT NOT NULL,
  methods_json TEXT NOT NULL,
  target TEXT NOT NULL CHECK (target IN ('label', 'predicted')),
  seed INTEGER NOT NULL,
  backend TEXT,
  device TEXT,
  versions_json TEXT NOT NULL,
  seconds REAL,
  job_id INTEGER REFERENCES jobs (id),
  created_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;

CREATE TABLE maps (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  sample_id INTEGER NOT NULL REFERENCES samples (id),
  model_id INTEGER NOT NULL REFERENCES models (id),
  method TEXT NOT NULL,
  target INTEGER NOT NULL,
  target_kind TEXT NOT NULL CHECK (target_kind IN ('label', 'predicted')),
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
  UNIQUE (sample_id, model_id, method, target, seed)
) STRICT;

CREATE TABLE map_values (
  map_id INTEGER PRIMARY KEY REFERENCES maps (id),
  "values" BLOB NOT NULL
) STRICT;

CREATE TABLE scores (
  map_id INTEGER NOT NULL REFERENCES maps (id),
  metric TEXT NOT NULL,
  value REAL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'out_of_range', 'no_relevance', 'undefined')),
  PRIMARY KEY (map_id, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE queues (
  id INTEGER PRIMARY KEY,
  request_json TEXT NOT NULL,
  matching INTEGER NOT NULL,
  length INTEGER NOT NULL,
  random_probability REAL NOT NULL,
  created_at TEXT NOT NULL,
  map_ids BLOB NOT NULL,
  random_flags BLOB NOT NULL
) STRICT;

CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  reviewer TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped'))
) STRICT;
CREATE INDEX decisions_by_reviewer ON decisions (reviewer, state, id);

CREATE TABLE verdicts (
  id INTEGER PRIMARY KEY,
  map_id INTEGER NOT NULL REFERENCES maps (id),
  reviewer TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'fail', 'unsure', 'withdrawn')),
  modes_json TEXT NOT NULL,
  note TEXT NOT NULL,
  box_json TEXT,
  queue_id INTEGER REFERENCES queues (id),
  probability REAL,
  drawn_at_random INTEGER NOT NULL CHECK (drawn_at_random IN (0, 1)),
  decision_id INTEGER NOT NULL REFERENCES decisions (id),
  action TEXT NOT NULL CHECK (action IN ('decide', 'undo', 'redo')),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX verdicts_by_map ON verdicts (map_id, reviewer, id);
CREATE INDEX verdicts_by_decision ON verdicts (decision_id, action);
CREATE TRIGGER verdicts_keep_rows BEFORE DELETE ON verdicts
BEGIN SELECT raise(ABORT, 'verdicts are never deleted'); END;
CREATE TRIGGER verdicts_keep_content BEFORE UPDATE ON verdicts
BEGIN SELECT raise(ABORT, 'verdicts are never changed'); END;

CREATE TABLE latest_verdicts (
  map_id INTEGER NOT NULL,
  reviewer TEXT NOT NULL,
  verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
  verdict TEXT NOT NULL,
  modes_json TEXT NOT NULL,
  PRIMARY KEY (map_id, reviewer)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER verdicts_latest AFTER INSERT ON verdicts WHEN new.verdict <> 'withdrawn'
BEGIN
  INSERT INTO latest_verdicts (map_id, reviewer, verdict_id, verdict, modes_json)
  VALUES (new.map_id, new.reviewer, new.id, new.verdict, new.modes_json)
  ON CONFLICT (map_id, reviewer) DO UPDATE SET
    verdict_id = excluded.verdict_id, verdict = excluded.verdict, modes_json = excluded.modes_json;
END;
CREATE TRIGGER verdicts_withdrawn AFTER INSERT ON verdicts WHEN new.verdict = 'withdrawn'
BEGIN
  DELETE FROM latest_verdicts WHERE map_id = new.map_id AND reviewer = new.reviewer;
END;

CREATE TABLE calibrations (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL UNIQUE,
  fit_json TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER calibrations_keep_rows BEFORE DELETE ON calibrations
BEGIN SELECT raise(ABORT, 'calibrations are never deleted'); END;
CREATE TRIGGER calibrations_keep_content BEFORE UPDATE ON calibrations
BEGIN SELECT raise(ABORT, 'calibrations are never changed'); END;

CREATE TABLE activations (
  id INTEGER PRIMARY KEY,
  calibration_id INTEGER REFERENCES calibrations (id),
  activated_by TEXT NOT NULL,
  undoes INTEGER REFERENCES activations (id),
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER activations_keep_rows BEFORE DELETE ON activations
BEGIN SELECT raise(ABORT, 'activations are never deleted'); END;
CREATE TRIGGER activations_keep_content BEFORE UPDATE ON activations
BEGIN SELECT raise(ABORT, 'activations are never changed'); END;

CREATE TABLE exports (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('folder', 'zip')),
  request_json TEXT NOT NULL,
  maps INTEGER NOT NULL,
  verdicts INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER exports_keep_rows BEFORE DELETE ON exports
BEGIN SELECT raise(ABORT, 'exports are never deleted'); END;
CREATE TRIGGER exports_keep_content BEFORE UPDATE ON exports
BEGIN SELECT raise(ABORT, 'exports are never changed'); END;
`
