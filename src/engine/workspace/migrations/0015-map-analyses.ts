import { AUDITED_COLUMNS } from './0012-audit-log.ts'

/** The columns of a group of verdicts that its entry in the audit log vouches for since this version, where they are set. */
export const GROUP_COLUMNS = ['analysis_id'] as const

const entryOf = (columns: readonly string[]) => `
  INSERT INTO audit_log (table_name, row_id, sha256)
  VALUES ('verdict_groups', new.id, audit_hash((SELECT sha256 FROM audit_log ORDER BY id DESC LIMIT 1), 'verdict_groups',
    ${columns.map((column) => `new."${column}"`).join(', ')}));`

/**
 * What others have found out about maps that came in with them: the cluster of each map by name, or its place in an embedding
 * (float32). A verdict on a group says which of them formed it; entries in the audit log of groups without one stay as they were.
 */
export const MAP_ANALYSES = `
CREATE TABLE map_analyses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  kind TEXT NOT NULL CHECK (kind IN ('clustering', 'embedding')),
  name TEXT NOT NULL,
  dimensions INTEGER NOT NULL CHECK (dimensions > 0),
  UNIQUE (run_id, kind, name)
) STRICT;
CREATE TABLE map_analysis_rows (
  analysis_id INTEGER NOT NULL REFERENCES map_analyses (id),
  map_id INTEGER NOT NULL REFERENCES maps (id),
  cluster TEXT,
  place BLOB,
  PRIMARY KEY (analysis_id, map_id),
  CHECK ((cluster IS NULL) <> (place IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX map_analysis_rows_by_map ON map_analysis_rows (map_id);
CREATE TRIGGER map_analyses_keep_content BEFORE UPDATE ON map_analyses
BEGIN SELECT raise(ABORT, 'analyses of maps are never changed'); END;
CREATE TRIGGER map_analysis_rows_keep_content BEFORE UPDATE ON map_analysis_rows
BEGIN SELECT raise(ABORT, 'analyses of maps are never changed'); END;

ALTER TABLE verdict_groups ADD COLUMN analysis_id INTEGER REFERENCES map_analyses (id);
DROP TRIGGER verdict_groups_audited;
CREATE TRIGGER verdict_groups_audited AFTER INSERT ON verdict_groups WHEN new.analysis_id IS NULL
BEGIN ${entryOf(AUDITED_COLUMNS.verdict_groups)} END;
CREATE TRIGGER verdict_groups_of_analyses_audited AFTER INSERT ON verdict_groups WHEN new.analysis_id IS NOT NULL
BEGIN ${entryOf([...AUDITED_COLUMNS.verdict_groups, ...GROUP_COLUMNS])} END;
`
