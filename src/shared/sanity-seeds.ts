/** The draws of fresh weights that a sanity check averages over: one a seed, counted up from the first. */
export interface SanitySeeds {
  seed: number
  /** How many. */
  seeds: number
}

export const DEFAULT_SANITY_SEEDS = 3
export const MOST_SANITY_SEEDS = 10

export function seedsOf({ seed, seeds }: SanitySeeds): number[] {
  return Array.from({ length: seeds }, (_, draw) => seed + draw)
}

/** As text, e.g. `seed 1`, `seeds 1 to 3`. */
export function printSeeds({ seed, seeds }: SanitySeeds): string {
  return seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`
}
