import type { MissRateGuarantee, ThresholdRule } from '../../shared/contract/calibration.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { conformalThreshold, heaviestSequence, sequencesForRate, tauHalf } from './conformal-threshold.ts'
import { costThreshold } from './cost-threshold.ts'
import type { Sample } from './observations.ts'
import { BEYOND, type Ranking } from './roc.ts'
import { youdenThreshold } from './youden.ts'

/** How a fit turns weights into tau and theta. */
export interface Chooser {
  /** The weights that tau is searched with. */
  forTau: (weights: Float64Array) => Float64Array
  /** Failing is what scores below it. */
  threshold: (ranking: Ranking, weights: Float64Array) => number
}

export const YOUDEN: Chooser = {
  forTau: (weights) => weights,
  threshold: (ranking, weights) => youdenThreshold(ranking, weights).threshold,
}

export function chooserOf(rule: ThresholdRule, sample: Sample, hasTau: boolean, seed: number): Chooser {
  switch (rule.kind) {
    case 'youden':
      return YOUDEN
    case 'cost':
      return { ...YOUDEN, threshold: (ranking, weights) => costThreshold(ranking, weights, rule.ratio) }
    case 'miss_rate': {
      const { forTau, forTheta } = halvesOf(sample, hasTau, seed)
      return {
        forTau,
        threshold: (ranking, weights) =>
          conformalThreshold(ranking, forTheta(weights), settingsOf(rule.rate, ranking, sample, forTheta))
            .threshold ?? (ranking.scores.at(-1) ?? 0) + BEYOND,
      }
    }
  }
}

/**
 * What the theta of a rule promises; null for rules that promise nothing.
 *
 * @throws HeatproofError `too_few_verdicts` when the flags are too few for the rate
 */
export function guaranteeOf(
  rule: ThresholdRule,
  ranking: Ranking,
  sample: Sample,
  { hasTau, seed }: { hasTau: boolean; seed: number },
): MissRateGuarantee | null {
  if (rule.kind !== 'miss_rate') return null
  const { rate } = rule
  const { forTau, forTheta } = halvesOf(sample, hasTau, seed)
  const { threshold, ...facts } = conformalThreshold(
    ranking,
    forTheta(sample.weights),
    settingsOf(rate, ranking, sample, forTheta),
  )
  if (threshold === null) throw tooFewFlags(rate, facts, hasTau)
  const tauWeights = forTau(sample.weights)
  const sequencesForTau = new Set(sample.sequence.filter((_, at) => (tauWeights[at] ?? 0) > 0)).size
  return { rate, ...facts, sequencesForTau: hasTau ? sequencesForTau : 0 }
}

type Mask = (weights: Float64Array) => Float64Array

/** Without a tau nothing is fitted but theta, so all flags may choose it. */
function halvesOf(sample: Sample, hasTau: boolean, seed: number): { forTau: Mask; forTheta: Mask } {
  if (!hasTau) return { forTau: (weights) => weights, forTheta: (weights) => weights }
  const isForTau = tauHalf(sample, seed)
  return {
    forTau: (weights) => weights.map((weight, at) => (isForTau[at] === 1 ? weight : 0)),
    forTheta: (weights) => weights.map((weight, at) => (isForTau[at] === 1 ? 0 : weight)),
  }
}

function settingsOf(rate: number, ranking: Ranking, sample: Sample, forTheta: Mask) {
  const heaviest = heaviestSequence(ranking, { ...sample, weights: forTheta(sample.weights) })
  return { rate, sequence: sample.sequence, heaviest }
}

function tooFewFlags(
  rate: number,
  { flags, sequences, effectiveSequences }: { flags: number; sequences: number; effectiveSequences: number },
  hasTau: boolean,
): HeatproofError {
  const needed = sequencesForRate(rate)
  const half = hasTau ? ' (half of the sequences choose tau)' : ''
  return new HeatproofError('too_few_verdicts', {
    found: `${flags} failing maps of ${sequences} sequences to choose theta on${half}, worth ${effectiveSequences.toFixed(1)} of equal weight`,
    expected: `at least ${needed} for a miss rate of at most ${rate}`,
    advice: 'Flag maps of further sequences, drawn at random, or ask for a higher rate.',
  })
}
