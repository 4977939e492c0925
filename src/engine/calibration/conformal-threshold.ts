import { dealSequences } from './deal-sequences.ts'
import type { Sample } from './observations.ts'
import { BEYOND, type Ranking } from './roc.ts'

/** What a threshold by split conformal prediction rests on. */
export interface ConformalThreshold {
  /** Failing is what scores below it; null: too few sequences for the rate. */
  threshold: number | null
  /** Failing maps, their base sequences, and how many sequences of equal weight would bound as tightly. */
  flags: number
  sequences: number
  effectiveSequences: number
  /** Weighted share of these failing maps that the threshold misses; 0 without a threshold. */
  missed: number
}

/**
 * The lowest threshold that misses at most `rate` of the failing maps of further sequences (split conformal prediction, Vovk
 * et al. 2005, with weights as in Tibshirani et al. 2019 and whole groups exchangeable as in Lee, Barber and Willett 2023).
 *
 * Sequences are exchangeable, their maps are not: a map counts by its weight, and a further sequence, of which the scores are
 * unknown, is taken to weigh as much as the heaviest one here and to score worst. With one map of weight 1 a sequence this is
 * the `ceil((n + 1)(1 - rate))`-th smallest score of n.
 *
 * The guarantee holds on average over sets of flags as large as this one, for scores that these flags did not shape.
 *
 * @param weights of the observations; of weight 0: not there
 * @param sequence base sequence of each observation
 * @param heaviest most that the failing maps of one sequence weigh
 */
export function conformalThreshold(
  { order, scores, fails, last }: Ranking,
  weights: Float64Array,
  { sequence, heaviest, rate }: { sequence: Int32Array; heaviest: number; rate: number },
): ConformalThreshold {
  const groups = new Set<number>()
  let flags = 0
  let total = 0
  for (let at = 0; at < order.length; at += 1) {
    const observation = order[at] ?? 0
    const weight = weights[observation] ?? 0
    if (fails[at] !== 1 || weight === 0) continue
    groups.add(sequence[observation] ?? 0)
    flags += 1
    total += weight
  }
  const facts = { flags, sequences: groups.size, effectiveSequences: heaviest === 0 ? 0 : total / heaviest }
  const needed = (1 - rate) * (total + heaviest)
  let found = 0
  for (let at = 0; at < order.length; at += 1) {
    if (fails[at] === 1) found += weights[order[at] ?? 0] ?? 0
    if (last[at] === 0 || found < needed * (1 - ROUNDING)) continue
    const [score, next] = [scores[at] ?? 0, scores[at + 1]]
    const threshold = next === undefined ? score + BEYOND : (score + next) / 2
    return { ...facts, threshold, missed: Math.max(0, 1 - found / total) }
  }
  return { ...facts, threshold: null, missed: 0 }
}

/** Sums of the same weights in another order differ by less. */
const ROUNDING = 1e-12

/** Sequences of equal weight that a rate needs at least. */
export function sequencesForRate(rate: number): number {
  return Math.ceil((1 / rate - 1) * (1 - ROUNDING))
}

/** Weight of the failing maps of the heaviest sequence, in the sample as it was drawn. */
export function heaviestSequence(
  { order, fails }: Ranking,
  { weights, sequence, sequences }: Pick<Sample, 'weights' | 'sequence' | 'sequences'>,
): number {
  const totals = new Float64Array(sequences)
  order.forEach((observation, at) => {
    const group = sequence[observation] ?? 0
    if (fails[at] === 1) totals[group] = (totals[group] ?? 0) + (weights[observation] ?? 0)
  })
  return totals.reduce((most, weight) => Math.max(most, weight), 0)
}

/** Splits the base sequences into two halves: 1 for each observation that tau is chosen on, 0 for those of theta. */
export function tauHalf(sample: Sample, seed: number): Uint8Array {
  return Uint8Array.from(dealSequences(sample, { seed, scope: 'split of a miss rate', parts: 2 }))
}
