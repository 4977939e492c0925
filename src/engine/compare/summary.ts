import type { AgreementMean, MapPair, PairAgreement, PairSummary } from '../../shared/contract/compare.ts'
import { AGREEMENT_METRICS } from '../../shared/names.ts'
import { seededGenerator } from '../../shared/seeds.ts'
import { summariseLikeness } from '../metrics/summary.ts'
import type { PairedMaps, Pairs } from './pairs.ts'

/** Measuring a pair takes milliseconds, so of more pairs than this a random sample stands for all. */
export const MOST_MEASURED = 200
const SEED = 0

/** All pairs, or `MOST_MEASURED` of them, every subset equally likely, in the order of the sequences. */
export function measuredPairs(pairs: readonly PairedMaps[]): PairedMaps[] {
  if (pairs.length <= MOST_MEASURED) return [...pairs]
  const drawn = seededGenerator(SEED, 'pairs')
    .shuffle([...pairs])
    .slice(0, MOST_MEASURED)
  return drawn.sort((one, other) => one.sampleId - other.sampleId)
}

/**
 * Means with 95 % intervals over the measured pairs, grouped by base sequence.
 *
 * @param measured the pairs of {@link measuredPairs} with their agreement
 * @param baseOf base sequence of a sample
 */
export function summarisePairs(
  { pairs, unpaired }: Pairs,
  measured: readonly (MapPair & { agreement: PairAgreement })[],
  baseOf: (sampleId: number) => number,
): PairSummary {
  const means = AGREEMENT_METRICS.map((metric): AgreementMean => {
    const scores = measured.flatMap(({ sampleId, agreement }) =>
      agreement
        .filter((score) => score.metric === metric)
        .map((score) => ({ ...score, sequenceId: baseOf(sampleId) })),
    )
    return { metric, ...summariseLikeness(scores) }
  })
  const all = measured.length === pairs.length
  return { total: pairs.length, unpaired, seed: all ? null : SEED, means, pairs: [...measured] }
}
