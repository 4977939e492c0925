/** The columns of an import that its entry in the audit log vouches for. */
export const IMPORT_COLUMNS = [
  ...['id', 'format', 'source', 'sha256', 'tool', 'counts_json', 'warnings_json', 'run_id'],
  ...['created_by', 'created_at'],
] as const

const VALUES = IMPORT_COLUMNS.map((column) => `new."${column}"`).join(', ')

/** What was brought into the workspace: from which file, made by which tool, when, and by whom. Part of the audit log. */
export const IMPORTS = `
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  format TEXT NOT NULL,
  source TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  tool TEXT,
  counts_json TEXT NOT NULL,
  warnings_json TEXT NOT NULL,
  run_id INTEGER REFERENCES runs (id),
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER imports_keep_rows BEFORE DELETE ON imports
BEGIN SELECT raise(ABORT, 'imports are never deleted'); END;
CREATE TRIGGER imports_keep_content BEFORE UPDATE ON imports
BEGIN SELECT raise(ABORT, 'imports are never changed'); END;
CREATE TRIGGER imports_audited AFTER INSERT ON imports
BEGIN
  INSERT INTO audit_log (table_name, row_id, sha256)
  VALUES ('imports', new.id, audit_hash((SELECT sha256 FROM audit_log ORDER BY id DESC LIMIT 1), 'imports', ${VALUES}));
END;
`
