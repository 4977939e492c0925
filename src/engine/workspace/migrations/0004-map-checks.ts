/** What was checked on a map beside its sum, as JSON; null for maps of before. */
export const MAP_CHECKS = `
ALTER TABLE maps ADD COLUMN checks_json TEXT;
`
