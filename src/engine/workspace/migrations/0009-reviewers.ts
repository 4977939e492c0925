/**
 * Reviewers with a token of their own, of which only the SHA-256 is kept; where each of them was in each queue; and the
 * page's id of a decision, so that one that is sent twice is stored once.
 */
export const REVIEWERS = `
CREATE TABLE reviewers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL CHECK (role IN ('reviewer', 'lead')),
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at TEXT NOT NULL,
  last_seen_at TEXT
) STRICT;

CREATE TABLE places (
  reviewer TEXT NOT NULL,
  queue_id INTEGER NOT NULL REFERENCES queues (id),
  position INTEGER NOT NULL,
  visited_at TEXT NOT NULL,
  PRIMARY KEY (reviewer, queue_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE decisions ADD COLUMN request_id TEXT;
CREATE UNIQUE INDEX decisions_by_request ON decisions (reviewer, request_id) WHERE request_id IS NOT NULL;
`
