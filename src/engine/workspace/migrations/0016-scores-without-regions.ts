/**
 * Maps of samples without regions have no shares, and nothing that follows from them. Versions before stored a percentage and a
 * cosine of 0 without relevance, which nobody measured; those that were scored again since are as they should be.
 */
export const SCORES_WITHOUT_REGIONS = `
UPDATE scores SET value = NULL, state = 'undefined'
WHERE state <> 'undefined' AND map_id IN (SELECT id FROM maps WHERE length(shares) = 0);
`
