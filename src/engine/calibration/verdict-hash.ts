import { createHash } from 'node:crypto'

/** What of a verdict a calibration depends on. */
export interface HashedVerdict {
  id: number
  mapId: number
  reviewer: string
  verdict: string
  modes: readonly string[]
  probability: number | null
  drawnAtRandom: boolean
  createdAt: string
}

/**
 * SHA-256 (lower-case hex) of a set of verdicts: one JSON array a line, by ascending id, modes in alphabetical order. The
 * order in which the verdicts are given does not matter; any change of their content does.
 */
export function verdictHash(verdicts: readonly HashedVerdict[]): string {
  const hash = createHash('sha256')
  for (const verdict of verdicts.toSorted((a, b) => a.id - b.id)) {
    const { id, mapId, reviewer, modes, probability, drawnAtRandom, createdAt } = verdict
    const line = [
      id,
      mapId,
      reviewer,
      verdict.verdict,
      modes.toSorted(),
      probability,
      drawnAtRandom,
      createdAt,
    ]
    hash.update(`${JSON.stringify(line)}\n`)
  }
  return hash.digest('hex')
}
