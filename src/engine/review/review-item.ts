import type { Database } from 'better-sqlite3'
import type { ReviewItem, SampleOrigin } from '../../shared/contract/review.ts'
import type { Score } from '../../shared/contract/common.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { className, classTitle } from '../../shared/class-names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { isSigned, parseMethod } from '../../shared/methods.ts'
import { METRICS, type Explained } from '../../shared/names.ts'
import { baselineScores } from '../metrics/baselines.ts'
import { isWorseAbove, type MetricScore } from '../metrics/score.ts'
import { strokeMask } from '../metrics/strokes.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import { getMap, getPrediction } from '../workspace/maps.ts'
import { getModel } from '../workspace/models.ts'
import { framesOf } from '../workspace/regions.ts'
import { getRun } from '../workspace/runs.ts'
import { getSample, getSampleSet, type StoredSample, type StoredSampleSet } from '../workspace/samples.ts'
import { scoresOf } from '../workspace/scores.ts'
import { historyOf } from '../workspace/verdicts.ts'
import { explainedOf } from './explained.ts'

/** Everything that the review screen shows of one map. @throws HeatproofError `not_found` */
export function reviewItem(database: Database, mapId: number): ReviewItem {
  const map = getMap(database, mapId)
  if (map === undefined) throw unknownMap(mapId)
  const sample = present(getSample(database, map.sampleId), 'sample')
  const set = present(getSampleSet(database, sample.sampleSetId), 'sample set')
  const model = present(getModel(database, map.modelId), 'model')
  const run = present(getRun(database, map.runId), 'run')
  const calibration = activeCalibration(database)
  const scores = withBaselines(scoresOf(database, map, calibration.tau), sample, calibration.tau)
  const { id, name, label, fold, sha256, accuracy } = model
  const predicted = getPrediction(database, map.modelId, sample.id)?.predicted ?? map.target
  const explained = explainedOf({ target: map.target, label: sample.label, predicted })
  return {
    mapId,
    withheld: false,
    sampleId: sample.id,
    rows: sample.rows,
    columns: sample.columns,
    steps: model.steps,
    label: sample.label,
    labelName: className(set.dataset, sample.label, set.source.classNames),
    regions: framesOf(sample.regions),
    shares: map.shares,
    sharesPositive: map.sharesPositive,
    low: map.low,
    high: map.high,
    model: { id, name, label, fold, sha256, accuracy },
    method: map.method,
    signed: isSigned(parseMethod(map.method)),
    target: map.target,
    targetTitle: classTitle(set.dataset, map.target, set.source.classNames),
    explained,
    logit: map.logit,
    predicted,
    state: map.state,
    total: map.total,
    started: map.started,
    conservation: map.conservation,
    checks: map.checks,
    scores,
    predictedFailure: predictsFailure(calibration, scores, explained),
    run: { id: run.id, seed: run.seed, backend: run.backend ?? '', createdAt: run.createdAt },
    provenance: originOf(sample, set),
    history: historyOf(database, mapId),
  }
}

/** Where a sample of a set comes from. */
export function originOf(
  { provenance }: Pick<StoredSample, 'provenance'>,
  set: StoredSampleSet,
): SampleOrigin {
  return {
    dataset: set.dataset,
    split: set.split,
    fold: set.fold,
    seed: set.seed,
    sequence: provenance.sequence,
    images: provenance.images,
    name: provenance.name ?? null,
    sourceSha256: set.source.files[0]?.sha256 ?? '',
  }
}

/** Scores in the order of `METRICS`, each with what the metric says of maps that know nothing of the model. */
function withBaselines(
  scores: readonly MetricScore[],
  { rows, columns, regions, provenance, input }: StoredSample,
  tau: number,
): Score[] {
  const strokes = strokeMask({ input, rows, columns }, regions)
  const baselines = baselineScores({
    ...{ rows, columns, regions, tau, strokes, seed: 0, sampleIndex: provenance.sequence },
  })
  return METRICS.flatMap((metric, index) =>
    scores
      .filter((score) => score.metric === metric)
      .map((score) => ({
        ...score,
        uniform: baselines.uniform[index]?.value ?? null,
        random: baselines.random[index]?.value ?? null,
      })),
  )
}

/** Whether a calibration says that a map fails; null without a threshold, where its metric is undefined, and for another class. */
export function predictsFailure(
  { metric, theta }: Pick<ActiveCalibration, 'metric' | 'theta'>,
  scores: readonly Pick<MetricScore, 'metric' | 'value'>[],
  explained: Explained,
): boolean | null {
  const value = scores.find((score) => score.metric === metric)?.value ?? null
  if (theta === null || metric === null || value === null || explained === 'other') return null
  return isWorseAbove(metric) ? value > theta : value < theta
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`a map without its ${what}`)
  return value
}

function unknownMap(mapId: number): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no map ${mapId}`,
    expected: 'the id of a map of this workspace',
    advice: 'Go back to the queue and choose a map there.',
  })
}
