/** Scores by pixel of each map: seven values, then the codes of their states. NULL where they were never measured. */
export const PIXEL_SCORES = `
ALTER TABLE maps ADD COLUMN pixel_scores BLOB;
`
