import type { Database } from 'better-sqlite3'
import { className } from '../../shared/class-names.ts'
import type { ComparedMap, ComparedModel, ComparedSequence } from '../../shared/contract/compare.ts'
import type { ModelSummary } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { inUsualOrder, isSigned, parseMethod } from '../../shared/methods.ts'
import { METRICS, VERDICTS, type MetricName } from '../../shared/names.ts'
import { scoreMetric } from '../metrics/score.ts'
import { rowOfMap, type MapColumns } from '../review/map-columns.ts'
import { valueAt } from '../review/coded-column.ts'
import { originOf, predictsFailure } from '../review/review-item.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import { getPrediction, listMaps, type StoredMap } from '../workspace/maps.ts'
import { listModels } from '../workspace/models.ts'
import { framesOf } from '../workspace/regions.ts'
import { getSample, getSampleSet, type StoredSample, type StoredSampleSet } from '../workspace/samples.ts'

export interface SequenceRequest {
  /** null: the first that has maps. */
  sampleId: number | null
  metric: MetricName
  reviewer: string
}

/**
 * One sequence with the maps of all models and methods; null when no sequence has maps.
 *
 * @throws HeatproofError `not_found` for a sample without maps
 */
export function comparedSequence(
  database: Database,
  columns: MapColumns,
  request: SequenceRequest,
): ComparedSequence | null {
  const ids = sequencesWithMaps(columns)
  const [first, last] = [ids[0], ids.at(-1)]
  if (first === undefined || last === undefined) return null
  const sampleId = request.sampleId ?? first
  const position = ids.indexOf(sampleId)
  const sample = getSample(database, sampleId)
  if (position === -1 || sample === undefined) throw unknownSequence(sampleId)
  const set = getSampleSet(database, sample.sampleSetId)
  if (set === undefined) throw new Error(`sample ${sampleId} without its set`)
  const maps = mapsOf(database, columns, sample, request)
  return {
    sampleId,
    position,
    count: ids.length,
    first,
    previous: ids[position - 1] ?? null,
    next: ids[position + 1] ?? null,
    last,
    rows: sample.rows,
    columns: sample.columns,
    label: sample.label,
    labelName: className(set.dataset, sample.label, set.source.classNames),
    regions: framesOf(sample.regions),
    regionNames: sample.regions.map(({ label, name }) =>
      label === null ? name : className(set.dataset, label, set.source.classNames),
    ),
    origin: originOf(sample, set),
    place: sample.position,
    models: modelsFor(database, set, sampleId, maps),
    methods: methodsOfSet(columns, set.id),
    maps,
  }
}

/** Ids of the samples that have maps, ascending: set by set, in the order of their positions. */
function sequencesWithMaps({ sampleIds }: MapColumns): Uint32Array {
  return Uint32Array.from(new Set(sampleIds)).sort()
}

function methodsOfSet({ facts, count }: MapColumns, sampleSetId: number): string[] {
  const set = facts.sampleSet.values.indexOf(sampleSetId)
  const codes = new Set<number>()
  for (let row = 0; row < count; row += 1) {
    if (facts.sampleSet.codes[row] === set) codes.add(facts.method.codes[row] ?? 0)
  }
  return inUsualOrder(facts.method.values.filter((_, code) => codes.has(code)))
}

function modelsFor(
  database: Database,
  set: StoredSampleSet,
  sampleId: number,
  maps: readonly ComparedMap[],
): ComparedModel[] {
  const reads = (model: ModelSummary) => model.dataset === set.dataset && model.items === set.items
  return listModels(database)
    .filter((model) => reads(model) || maps.some(({ modelId }) => modelId === model.id))
    .map(({ id, name, label, architecture, dataset, steps, fold, accuracy }) => ({
      ...{ id, name, label, architecture, dataset, steps, fold, accuracy },
      predicted: getPrediction(database, id, sampleId)?.predicted ?? null,
    }))
}

function mapsOf(
  database: Database,
  columns: MapColumns,
  sample: StoredSample,
  { metric, reviewer }: SequenceRequest,
): ComparedMap[] {
  const ids: number[] = []
  columns.sampleIds.forEach((id, row) => {
    if (id === sample.id) ids.push(columns.mapIds[row] ?? 0)
  })
  const calibration = activeCalibration(database)
  const marks = sample.regions.map(({ mark }) => mark)
  const calibrated = METRICS.find((name) => name === calibration.metric)
  const own = columns.reviewers.find((column) => column.reviewer === reviewer)
  const comparedMap = (map: StoredMap): ComparedMap => {
    const scoreOf = (name: MetricName) => scoreMetric(name, map, marks, calibration.tau)
    const { value, state: valueState } = scoreOf(metric)
    const row = rowOfMap(columns, map.id)
    return {
      mapId: map.id,
      modelId: map.modelId,
      method: map.method,
      signed: isSigned(parseMethod(map.method)),
      target: map.target,
      logit: map.logit,
      state: map.state,
      low: map.low,
      high: map.high,
      shares: map.shares,
      value,
      valueState,
      predictedFailure: predictsFailure(
        calibration,
        calibrated === undefined ? [] : [scoreOf(calibrated)],
        valueAt(columns.facts.explained, row),
      ),
      verdict: VERDICTS[(own?.verdicts[row] ?? 0) - 1] ?? null,
    }
  }
  return listMaps(database, ids).map(comparedMap)
}

function unknownSequence(id: number): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no sequence ${id} with maps`,
    expected: 'the id of a sequence that a run has explained',
    advice: 'Open Compare without an address of your own, or choose a sequence in Review.',
  })
}
