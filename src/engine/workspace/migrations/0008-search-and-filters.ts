/** The words of notes, for searching, and requests for queues that are kept under a name. */
export const SEARCH_AND_FILTERS = `
CREATE VIRTUAL TABLE verdict_notes USING fts5 (
  note, content = 'verdicts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO verdict_notes (rowid, note) SELECT id, note FROM verdicts WHERE note <> '';
CREATE TRIGGER verdicts_note AFTER INSERT ON verdicts WHEN new.note <> ''
BEGIN
  INSERT INTO verdict_notes (rowid, note) VALUES (new.id, new.note);
END;

CREATE TABLE saved_filters (
  name TEXT PRIMARY KEY,
  request_json TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
