import type { Agreement, AgreementEstimate, AgreementMeasures } from '../../shared/contract/agreement.ts'
import { FAILURE_MODES, VERDICTS, type FailureMode, type Verdict } from '../../shared/names.ts'
import {
  addTally,
  cohenKappa,
  completeHeatmaps,
  emptyTally,
  fleissKappa,
  gwetAc1,
  krippendorffAlpha,
  pairedHeatmaps,
  prevalence,
  rawAgreement,
  specificAgreement,
  tallyOf,
  type Ratings,
  type Tally,
} from './agreement.ts'
import { forEachResample, percentileInterval } from './bootstrap.ts'

/** What a rater said of a map. */
export interface Rating {
  verdict: Verdict
  modes: readonly FailureMode[]
  blind: boolean
}

export interface RatedMap {
  sequenceId: number
  /** One entry a rater, in the same order for all maps. */
  ratings: readonly (Rating | null)[]
}

export interface AgreementInput {
  /** In the order of the ratings. */
  reviewers: readonly string[]
  maps: readonly RatedMap[]
  /** Of each reviewer the maps that came up again: what they said first, and then. */
  repeats: readonly { reviewer: string; maps: readonly RatedMap[] }[]
  seed: number
  resamples: number
  /** Called after each set of raters; what it throws ends the work. */
  onProgress?: (done: number, total: number) => void
}

/** A question that raters answer by one of its categories. */
interface Question {
  on: AgreementMeasures['on']
  categories: readonly string[]
  positive: number
  negative: number
  answer: (rating: Rating) => string | null
}

const VERDICT: Question = {
  on: 'verdict',
  categories: VERDICTS,
  positive: VERDICTS.indexOf('fail'),
  negative: VERDICTS.indexOf('accept'),
  answer: ({ verdict }) => verdict,
}

function modeQuestion(mode: FailureMode): Question {
  return {
    on: mode,
    categories: ['flagged', 'not flagged'],
    positive: 0,
    negative: 1,
    answer: ({ verdict, modes }) => {
      if (verdict === 'unsure') return null
      return verdict === 'fail' && modes.includes(mode) ? 'flagged' : 'not flagged'
    },
  }
}

/**
 * How far reviewers agree, all together, two by two, and each with themselves, on the verdict and on every failure mode that
 * anybody flagged. Intervals are 95 % percentile intervals over resampled base sequences. A pure function of its input.
 */
export function measureAgreement({
  reviewers,
  maps,
  repeats,
  seed,
  resamples,
  onProgress = () => undefined,
}: AgreementInput): Agreement {
  const said = [...maps, ...repeats.flatMap((own) => own.maps)].flatMap(({ ratings }) =>
    ratings.flatMap((rating) => (rating?.verdict === 'fail' ? rating.modes : [])),
  )
  const flagged = FAILURE_MODES.filter((mode) => said.includes(mode))
  const questions = [VERDICT, ...flagged.map(modeQuestion)]
  const shared = maps.filter(({ ratings }) => ratings.filter((rating) => rating !== null).length > 1)
  const pairs = reviewers.flatMap((first, one) =>
    reviewers.slice(one + 1).map((second, offset) => ({ first, second, one, other: one + 1 + offset })),
  )
  const total = 1 + pairs.length + repeats.length
  let done = 0
  const measured = (rated: readonly RatedMap[]) => {
    const result = measure(rated, questions, { seed, resamples })
    onProgress((done += 1), total)
    return result
  }
  return {
    seed,
    resamples,
    reviewers: reviewers.map((name, at) => ({
      name,
      maps: maps.filter(({ ratings }) => ratings[at] !== null).length,
    })),
    maps: shared.length,
    sequences: new Set(shared.map(({ sequenceId }) => sequenceId)).size,
    blindMaps: shared.filter(({ ratings }) => ratings.every((rating) => rating?.blind ?? true)).length,
    neverFlagged: FAILURE_MODES.filter((mode) => !flagged.includes(mode)),
    between: measured(maps),
    pairs: pairs.map(({ first, second, one, other }) => ({
      first,
      second,
      measures: measured(
        maps.map(({ sequenceId, ratings }) => ({
          sequenceId,
          ratings: [ratings[one] ?? null, ratings[other] ?? null],
        })),
      ),
    })),
    within: repeats.map(({ reviewer, maps: again }) => ({
      reviewer,
      repeats: again.length,
      measures: measured(again),
    })),
  }
}

function measure(
  maps: readonly RatedMap[],
  questions: readonly Question[],
  options: { seed: number; resamples: number },
): AgreementMeasures[] {
  const raters = maps[0]?.ratings.length ?? 0
  const clusters = [...Map.groupBy(maps, ({ sequenceId }) => sequenceId)].sort(([a], [b]) => a - b)
  return questions.map((question) => {
    const tallies = clusters.map(([, members]) => tallyCluster(members, question))
    const whole = emptyTally(question.categories.length)
    for (const tally of tallies) addTally(whole, tally)
    const statistics = statisticsOf(question, raters)
    const estimates = resampledEstimates(whole, tallies, statistics, options)
    return {
      on: question.on,
      maps: pairedHeatmaps(whole),
      completeMaps: completeHeatmaps(whole),
      prevalence: prevalence(whole, question.categories.length, question.positive),
      ...estimates,
    }
  })
}

function tallyCluster(maps: readonly RatedMap[], { categories, answer }: Question): Tally {
  const sum = emptyTally(categories.length)
  for (const { ratings } of maps) {
    const answers: Ratings<string> = ratings.map((rating) => (rating === null ? null : answer(rating)))
    addTally(sum, tallyOf(answers, categories))
  }
  return sum
}

const STATISTICS = ['raw', 'cohen', 'fleiss', 'krippendorff', 'gwet', 'positive', 'negative'] as const
type Statistics = Record<(typeof STATISTICS)[number], (tally: Tally) => number | null>

function statisticsOf({ categories, positive, negative }: Question, raters: number): Statistics {
  const width = categories.length
  return {
    raw: rawAgreement,
    cohen: (tally) => (raters === 2 ? cohenKappa(tally, width) : null),
    fleiss: (tally) => fleissKappa(tally, width),
    krippendorff: (tally) => krippendorffAlpha(tally, width),
    gwet: (tally) => gwetAc1(tally, width),
    positive: (tally) => specificAgreement(tally, width, positive),
    negative: (tally) => specificAgreement(tally, width, negative),
  }
}

function resampledEstimates(
  whole: Tally,
  clusters: readonly Tally[],
  statistics: Statistics,
  { seed, resamples }: { seed: number; resamples: number },
): Record<keyof Statistics, AgreementEstimate> {
  const drawnValues = STATISTICS.map((): number[] => [])
  const resample = new Float64Array(whole.length)
  if (pairedHeatmaps(whole) > 0) {
    forEachResample(clusters.length, { seed, resamples }, (drawn) => {
      resample.fill(0)
      clusters.forEach((tally, cluster) => {
        const times = drawn[cluster] ?? 0
        if (times > 0) addTally(resample, tally, times)
      })
      STATISTICS.forEach((name, index) => {
        const value = statistics[name](resample)
        if (value !== null) drawnValues[index]?.push(value)
      })
    })
  }
  const estimateOf = (name: keyof Statistics): AgreementEstimate => {
    const value = statistics[name](whole)
    const values = drawnValues[STATISTICS.indexOf(name)] ?? []
    if (value === null || values.length === 0) return { value, low: null, high: null }
    return { value, ...percentileInterval(values) }
  }
  return {
    raw: estimateOf('raw'),
    cohen: estimateOf('cohen'),
    fleiss: estimateOf('fleiss'),
    krippendorff: estimateOf('krippendorff'),
    gwet: estimateOf('gwet'),
    positive: estimateOf('positive'),
    negative: estimateOf('negative'),
  }
}
