import fc from 'fast-check'

/** Holds a statement for many random networks. */
export async function forSeeds(statement: (seed: number) => Promise<void>, numRuns = 12): Promise<void> {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), statement), { seed: 7, numRuns })
}
