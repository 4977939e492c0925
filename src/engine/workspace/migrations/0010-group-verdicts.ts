/**
 * Verdicts that went to a whole group of similar maps: how the group was formed (its queue, how many groups, seed, and which
 * definition of the features), which of them it is, how large it was, and which maps were looked at or left out.
 */
export const GROUP_VERDICTS = `
CREATE TABLE verdict_groups (
  id INTEGER PRIMARY KEY,
  queue_id INTEGER NOT NULL REFERENCES queues (id),
  group_count INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  features_version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  size INTEGER NOT NULL,
  looked_at_json TEXT NOT NULL,
  left_out_json TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER verdict_groups_keep_rows BEFORE DELETE ON verdict_groups
BEGIN SELECT raise(ABORT, 'groups of verdicts are never deleted'); END;
CREATE TRIGGER verdict_groups_keep_content BEFORE UPDATE ON verdict_groups
BEGIN SELECT raise(ABORT, 'groups of verdicts are never changed'); END;
ALTER TABLE verdicts ADD COLUMN group_id INTEGER REFERENCES verdict_groups (id);
`
