/** Scores that depend on the active calibration follow from the shares when they are read, and are no longer stored. */
export const SCORES_WITHOUT_TAU = `
DELETE FROM scores WHERE metric IN ('capped_percentage', 'capped_percentage_positive');
`
