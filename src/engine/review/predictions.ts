import type { Database } from 'better-sqlite3'
import type { Preview, PreviewRequest, VersionComparison } from '../../shared/contract/calibration.ts'
import { DEFAULT_TAU, type MetricName } from '../../shared/names.ts'
import { predictsFailure } from '../calibration/calibrate.ts'
import { NO_CONFUSION } from '../calibration/confusion.ts'
import { verdictHistogram } from '../calibration/histogram.ts'
import { directionOf, failureScores, sampleOf, type Sample } from '../calibration/observations.ts'
import { getCalibration } from '../workspace/calibrations.ts'
import { lastVerdictId } from '../workspace/verdicts.ts'
import type { MapTable } from './map-table.ts'
import { observationsFor } from './observations.ts'

/** What decides whether a map is predicted to fail. */
export interface Judge {
  metric: MetricName
  /** null for metrics without a cap. */
  tau: number | null
  theta: number
}

/** 1 where a map is predicted to fail, 0 where it is not; 2 for maps that the metric means nothing for or has no value of. */
function predictions(maps: MapTable, { metric, tau, theta }: Judge): Uint8Array {
  const values = maps.valuesUnder(metric, tau ?? DEFAULT_TAU)
  const { count, facts } = maps.current()
  const { codes, values: names } = facts.explained
  const other = names.indexOf('other')
  const below = directionOf(metric) === 'below'
  const predicted = new Uint8Array(count)
  for (let row = 0; row < count; row += 1) {
    const value = values[row] ?? NaN
    if (Number.isNaN(value) || codes[row] === other) predicted[row] = 2
    else predicted[row] = Number(below ? value < theta : value > theta)
  }
  return predicted
}

/** Of all maps, which two judges predict that they fail; maps that either has no value of are left out. */
export function comparePredictions(maps: MapTable, first: Judge, second: Judge): VersionComparison['maps'] {
  const [one, other] = [predictions(maps, first), predictions(maps, second)]
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }
  for (let row = 0; row < one.length; row += 1) {
    if (one[row] === 2 || other[row] === 2) continue
    if (one[row] === 1) counts[other[row] === 1 ? 'both' : 'onlyFirst'] += 1
    else counts[other[row] === 1 ? 'onlySecond' : 'neither'] += 1
  }
  return counts
}

/**
 * Counts what another tau and theta would do. The reviewed maps are kept between the frames of a drag, until a verdict comes in.
 */
export class Previews {
  readonly #database: Database
  readonly #maps: MapTable
  #kept: { key: string; sample: Sample } | null = null

  constructor(database: Database, maps: MapTable) {
    this.#database = database
    this.#maps = maps
  }

  /** @throws HeatproofError `bad_values` for an impossible probability among the verdicts */
  at(request: PreviewRequest): Preview {
    const { metric, tau, theta } = request
    const sample = this.#reviewed(request)
    const direction = directionOf(metric)
    const sign = direction === 'above' ? -1 : 1
    const values = failureScores(sample, metric, tau).map((score) => sign * score)
    const [confusion, weighed] = [{ ...NO_CONFUSION }, { ...NO_CONFUSION }]
    values.forEach((value, index) => {
      if (Number.isNaN(value)) return
      const fails = predictsFailure(value, { direction, theta })
      const cell = cellOf(sample.fails[index] === 1, fails)
      confusion[cell] += 1
      weighed[cell] += sample.weights[index] ?? 0
    })
    const predicted = predictions(this.#maps, { metric, tau, theta })
    let [maps, failing] = [0, 0]
    for (const code of predicted) {
      if (code === 2) continue
      maps += 1
      failing += code
    }
    return {
      histogram: verdictHistogram(values, sample.fails),
      confusion,
      truePositiveRate: rateOf(weighed.truePositive, weighed.falseNegative),
      falsePositiveRate: rateOf(weighed.falsePositive, weighed.trueNegative),
      maps,
      failing,
    }
  }

  #reviewed({ mode, groupVerdicts, versionId }: PreviewRequest): Sample {
    const last = versionId === null ? lastVerdictId(this.#database) : 0
    const key = JSON.stringify([mode, groupVerdicts, versionId, last])
    if (this.#kept?.key === key) return this.#kept.sample
    const ids = versionId === null ? undefined : getCalibration(this.#database, versionId)?.fit.verdictIds
    const { observations } = observationsFor(this.#database, { mode, groupVerdicts }, ids)
    const sample = sampleOf(observations)
    this.#kept = { key, sample }
    return sample
  }
}

function rateOf(part: number, rest: number): number | null {
  return part + rest === 0 ? null : part / (part + rest)
}

function cellOf(failed: boolean, predicted: boolean): keyof typeof NO_CONFUSION {
  if (failed) return predicted ? 'truePositive' : 'falseNegative'
  return predicted ? 'falsePositive' : 'trueNegative'
}
