import type { CalibrationFit } from './contract/calibration.ts'
import { termTitle } from './terms.ts'
import { formatEstimate, formatPercent, formatValue, plural } from './units.ts'

export interface ReportPart {
  title: string
  sentences: string[]
}

/** Holm-corrected p values below this tell two metrics apart. */
const LEVEL = 0.05
/** An interval of tau this wide leaves the cap open. */
const WIDE_TAU = 0.2

/**
 * A fit in sentences: what was fitted on what, what the figures say, and what does not follow from them. Depends on the stored
 * fit alone, so that a version says the same whenever it is read.
 */
export function calibrationReport(fit: CalibrationFit): ReportPart[] {
  return [
    { title: 'What was fitted', sentences: present([subject(fit), ...basis(fit), rule(fit), run(fit)]) },
    { title: 'What it says', sentences: present([...parameters(fit), ...performance(fit), ranking(fit)]) },
    { title: 'What not to conclude', sentences: limits(fit) },
  ]
}

function present(sentences: readonly (string | null)[]): string[] {
  return sentences.filter((sentence) => sentence !== null)
}

const lower = (name: string): string => {
  const title = termTitle(name)
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title
}

function subject({ metric, mode }: CalibrationFit): string {
  return `${termTitle(metric)} was fitted to tell maps that fail with ${lower(mode)} from maps that reviewers accept.`
}

function basis({ counts, source, weighted, groupVerdicts }: CalibrationFit): (string | null)[] {
  const outcome = `${plural(counts.positives, 'failed map')} and ${plural(counts.negatives, 'accepted map')}`
  const others = counts.ties + counts.unsure + counts.otherModes + counts.otherClass + counts.undefined
  const left =
    others === 0
      ? null
      : `${plural(others, 'reviewed map')} ${others === 1 ? 'was' : 'were'} left out: ties, unsure, other modes, other classes, or no value of the metric.`
  if (source === null) return [`It rests on ${outcome}.`, left]
  return [
    `It rests on ${outcome}, of ${plural(source.sequences, 'base sequence')}, decided by ${plural(source.reviewers, 'reviewer')} in ${plural(source.queues, 'queue')}.`,
    `${plural(source.drawnAtRandom, 'map')} of ${source.maps} (${formatPercent(source.drawnAtRandom / source.maps)}) came from the random part of a queue.`,
    weighted
      ? 'A map counts by the inverse of the probability with which its queue drew it.'
      : 'Every map counts the same: no draw probability is known.',
    groupVerdicts
      ? 'Verdicts on whole groups count, although most of their maps were never looked at.'
      : null,
    left,
  ]
}

function rule({ rule: chosen, guarantee }: CalibrationFit): string {
  switch (chosen.kind) {
    case 'youden':
      return 'θ is where the share of failed maps found, minus the share of accepted maps condemned, is largest (Youden’s J).'
    case 'cost':
      return `θ is where the expected cost is least, a missed failure costing ${chosen.ratio} times a false alarm.`
    case 'miss_rate':
      return `θ is chosen so that at most ${formatPercent(chosen.rate)} of the failing maps are missed (split conformal prediction)${
        guarantee !== null && guarantee.sequencesForTau > 0
          ? `; τ was chosen on ${plural(guarantee.sequencesForTau, 'other sequence')}`
          : ''
      }.`
  }
}

function run({ seed, resamples, code, verdictIds, verdictHash }: CalibrationFit): string {
  const by = code === null ? '' : `, Heatproof ${code.version} (method ${code.method})`
  return `Seed ${seed}, ${plural(resamples, 'resample')} of base sequences, ${plural(verdictIds.length, 'verdict')} with hash ${verdictHash.slice(0, 12)}${by}.`
}

function parameters({ tau, theta, direction, guarantee }: CalibrationFit): (string | null)[] {
  return [
    tau === null ? null : `The cap τ is ${formatEstimate(tau, 2)}.`,
    `A map is predicted to fail ${direction} θ = ${formatEstimate(theta)}.`,
    guarantee === null
      ? null
      : `The bound of ${formatPercent(guarantee.rate)} rests on ${plural(guarantee.flags, 'failing map')} of ${plural(guarantee.sequences, 'sequence')}, worth ${guarantee.effectiveSequences.toFixed(1)} of equal weight; of these maps θ misses ${formatPercent(guarantee.missed)}.`,
  ]
}

function performance({ auc, confusion, crossValidation }: CalibrationFit): string[] {
  const { truePositive, falseNegative, falsePositive, trueNegative } = confusion
  const { folds, auc: held, balancedAccuracy, mcc } = crossValidation
  return [
    `It ranks a failed map as worse than an accepted one with probability ${formatEstimate(auc)} (ROC-AUC).`,
    `At θ it finds ${truePositive} of ${truePositive + falseNegative} failed maps and condemns ${falsePositive} of ${falsePositive + trueNegative} accepted ones, counted without weights.`,
    folds === 0
      ? 'It could not be judged on maps that it was not fitted to.'
      : `On sequences that it was not fitted to (${plural(folds, 'fold')}): ROC-AUC ${formatValue(held)}, balanced accuracy ${formatValue(balancedAccuracy)}, Matthews correlation ${formatValue(mcc)}.`,
  ]
}

function ranking({ ranking: rows }: CalibrationFit): string | null {
  const [best, ...others] = rows
  if (best === undefined || others.length === 0 || others.every(({ pHolm }) => pHolm === null)) return null
  const apart = others.filter(({ pHolm }) => pHolm !== null && pHolm < LEVEL)
  const near = others.filter((row) => !apart.includes(row))
  const kept =
    near.length === 0 ? '' : ` Not told apart from it: ${near.map(({ metric }) => lower(metric)).join(', ')}.`
  return `Of ${plural(rows.length, 'metric')}, ${lower(best.metric)} agrees best with the reviewers; ${apart.length} of the other ${others.length} are worse after Holm’s correction at 5 %.${kept}`
}

function limits({ tau, source, weighted, hasRandomPart, rule: chosen, guarantee }: CalibrationFit): string[] {
  return present([
    'Agreement with reviewers is not faithfulness: it says what people see in a map, not what the network computes.',
    'Nothing follows for models, methods and data of which no map was reviewed.',
    'Figures of the fit are of the maps that it was fitted to; those of the cross-validation are the ones to report.',
    tau !== null && tau.high - tau.low > WIDE_TAU
      ? `The verdicts do not settle τ: caps from ${formatValue(tau.low, 2)} to ${formatValue(tau.high, 2)} came out best in the resamples.`
      : null,
    hasRandomPart
      ? null
      : 'No map was drawn at random, so the figures hold for maps that come up as these did, not for all maps.',
    hasRandomPart && !weighted
      ? 'Without weights, maps that were shown because they looked bad count for more than they are.'
      : null,
    source !== null && source.reviewers === 1
      ? 'A single reviewer decided: the fit learns one person’s judgement, and agreement with others is not known.'
      : null,
    'The best metric was chosen by the same verdicts that compare it, so that its lead is a little too large and the p values a little too small.',
    chosen.kind === 'cost'
      ? 'The least cost depends on how many maps fail among those that are judged; with another share of failures another θ is cheaper.'
      : null,
    guarantee === null
      ? null
      : `The miss rate holds on average over sets of flags like this one, for further sequences like these; with flags on ${plural(guarantee.sequences, 'sequence')} a single θ may miss more. It says nothing about false alarms.`,
  ])
}
