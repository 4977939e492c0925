/**
 * Tables of the sanity checks. Which kinds of job there are, the program knows: the rule on `jobs.kind` goes, for which SQLite
 * wants the table to be made again. Rows of other tables that refer to jobs find them again when the step ends.
 */
export const SANITY_CHECKS = `
PRAGMA defer_foreign_keys = ON;

CREATE TEMPORARY TABLE kept_jobs AS SELECT * FROM jobs;
DROP TABLE jobs;
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
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
INSERT INTO jobs SELECT * FROM kept_jobs;
DROP TABLE kept_jobs;

CREATE TABLE sanity_checks (
  id INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL UNIQUE REFERENCES jobs (id),
  model_id INTEGER NOT NULL REFERENCES models (id),
  against_id INTEGER REFERENCES models (id),
  sample_set_id INTEGER NOT NULL REFERENCES sample_sets (id),
  request_json TEXT NOT NULL,
  stage_names_json TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER sanity_checks_keep_rows BEFORE DELETE ON sanity_checks
BEGIN SELECT raise(ABORT, 'sanity checks are never deleted'); END;
CREATE TRIGGER sanity_checks_keep_content BEFORE UPDATE ON sanity_checks
BEGIN SELECT raise(ABORT, 'sanity checks are never changed'); END;

CREATE TABLE sanity_stages (
  check_id INTEGER NOT NULL REFERENCES sanity_checks (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  accuracy REAL NOT NULL,
  backend TEXT NOT NULL,
  device TEXT NOT NULL,
  versions_json TEXT NOT NULL,
  seconds REAL NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (check_id, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sanity_stages_keep_rows BEFORE DELETE ON sanity_stages
BEGIN SELECT raise(ABORT, 'sanity checks are never deleted'); END;
CREATE TRIGGER sanity_stages_keep_content BEFORE UPDATE ON sanity_stages
BEGIN SELECT raise(ABORT, 'sanity checks are never changed'); END;

CREATE TABLE sanity_values (
  check_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  method TEXT NOT NULL,
  metric TEXT NOT NULL,
  mean REAL,
  low REAL,
  high REAL,
  count INTEGER NOT NULL,
  "undefined" INTEGER NOT NULL,
  no_relevance INTEGER NOT NULL,
  PRIMARY KEY (check_id, position, method, metric),
  FOREIGN KEY (check_id, position) REFERENCES sanity_stages (check_id, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sanity_values_keep_rows BEFORE DELETE ON sanity_values
BEGIN SELECT raise(ABORT, 'sanity checks are never deleted'); END;
CREATE TRIGGER sanity_values_keep_content BEFORE UPDATE ON sanity_values
BEGIN SELECT raise(ABORT, 'sanity checks are never changed'); END;
`
