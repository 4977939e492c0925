import { openNpyReader, type NpyReader } from '../../engine/exchange/npy-reader.ts'
import { baselineScores } from '../../engine/metrics/baselines.ts'
import type { MapRegion } from '../../engine/metrics/regions.ts'
import { scoreMap, type MetricScore } from '../../engine/metrics/score.ts'
import { summarise, type Summary } from '../../engine/metrics/summary.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { METRICS, type MetricName, type ScoreState } from '../../shared/names.ts'
import { readMarks } from './marks.ts'
import { equalItems, readRegionsFile } from './regions-file.ts'

/** Maps that are held in memory at a time. */
const BATCH = 200
/** Of the random baseline: the same as of the method `random`. */
const SEED = 0

export interface MetricsRequest {
  maps: string
  marks: string
  /** Default: as many items of equal width as there are marks. */
  regions?: string
  tau: number
}

type Values = Record<MetricName, number | null>

/** All metrics of one map. */
export interface MapMetrics extends Values {
  /** Position in the file. */
  index: number
  shares: number[]
  sharesPositive: number[]
  /** Signed sum over the regions. */
  total: number
  states: Record<MetricName, ScoreState>
}

export interface MetricsReport {
  tau: number
  maps: MapMetrics[]
  /** Means over the maps for which the metric is defined; null where there is none. */
  means: Values
  /** How many maps each mean is over, and how many are in a state of their own. */
  counts: Record<MetricName, Omit<Summary, 'mean'>>
  /** Means for the map that is the same everywhere, with the same regions and marks. */
  uniform: Values
  /** Means for seeded random maps, with the same regions and marks. */
  random: Values
}

/**
 * Scores maps in a .npy file, [N, rows, columns] of float32 or float64.
 *
 * @throws HeatproofError what reading maps, marks and regions throws; `bad_values` for NaN or infinity in a map
 */
export async function measureMaps({ maps, marks, regions, tau }: MetricsRequest): Promise<MetricsReport> {
  const reader = await openNpyReader(maps)
  try {
    const { count, rows, columns } = requireMaps(reader, maps)
    const markLists = await readMarks(marks, count)
    const shape = { count, rows, columns, regions: markLists[0]?.length ?? 0 }
    const regionsOf = regions === undefined ? equalItems(shape) : await readRegionsFile(regions, shape)
    const measured: MapMetrics[] = []
    const baselines = { uniform: [] as MetricScore[][], random: [] as MetricScore[][] }
    for await (const { index, map } of eachMap(reader, maps)) {
      const frame = { rows, columns, regions: regionsOf(index, markLists[index] ?? []), tau }
      measured.push(measureMap(index, map, frame))
      const baseline = baselineScores({ ...frame, seed: SEED, sampleIndex: index })
      baselines.uniform.push(baseline.uniform)
      baselines.random.push(baseline.random)
    }
    return {
      tau,
      maps: measured,
      means: byMetric((metric) => summaryOf(measured, metric).mean),
      counts: byMetric((metric) => {
        const { mean, ...counts } = summaryOf(measured, metric)
        return counts
      }),
      uniform: meansOf(baselines.uniform),
      random: meansOf(baselines.random),
    }
  } finally {
    await reader.close()
  }
}

function requireMaps(
  { shape, dtype }: NpyReader,
  path: string,
): { count: number; rows: number; columns: number } {
  const [count = 0, rows = 0, columns = 0] = shape
  const isFloat = dtype === 'float32' || dtype === 'float64'
  if (isFloat && shape.length === 3 && count * rows * columns > 0) return { count, rows, columns }
  throw new HeatproofError('bad_file', {
    found: `${dtype} of shape [${shape.join(', ')}] in ${path}`,
    expected: 'relevance maps: float32 or float64 of shape [N, rows, columns], N > 0',
    advice: 'Save the maps of all samples as one array.',
  })
}

type FloatMap = Float32Array | Float64Array

async function* eachMap(reader: NpyReader, path: string): AsyncGenerator<{ index: number; map: FloatMap }> {
  const [total = 0, rows = 0, columns = 0] = reader.shape
  const pixels = rows * columns
  for (let first = 0; first < total; first += BATCH) {
    const count = Math.min(BATCH, total - first)
    const { data } = await reader.rows(first, count)
    if (!(data instanceof Float32Array || data instanceof Float64Array)) return
    for (let row = 0; row < count; row += 1) {
      const map = data.subarray(row * pixels, (row + 1) * pixels)
      requireFinite(map, first + row, path)
      yield { index: first + row, map }
    }
  }
}

function requireFinite(map: FloatMap, index: number, path: string): void {
  const pixel = map.findIndex((value: number) => !Number.isFinite(value))
  if (pixel < 0) return
  throw new HeatproofError('bad_values', {
    found: `${map[pixel] ?? ''} at pixel ${pixel} of map ${index} in ${path}`,
    expected: 'finite relevance',
    advice: 'Compute this map again, or leave it out.',
  })
}

function measureMap(
  index: number,
  map: FloatMap,
  frame: { rows: number; columns: number; regions: MapRegion[]; tau: number },
): MapMetrics {
  const { shares, sharesPositive, total, scores } = scoreMap({ map, ...frame })
  const score = (metric: MetricName) => scores.find((candidate) => candidate.metric === metric)
  return {
    index,
    shares,
    sharesPositive,
    total,
    ...byMetric((metric) => score(metric)?.value ?? null),
    states: byMetric((metric) => score(metric)?.state ?? 'undefined'),
  }
}

function summaryOf(maps: readonly MapMetrics[], metric: MetricName): Summary {
  return summarise(maps.map(({ [metric]: value, states }) => ({ value, state: states[metric] })))
}

function meansOf(scores: readonly MetricScore[][]): Values {
  return byMetric((metric) => summarise(scores.flat().filter((score) => score.metric === metric)).mean)
}

function byMetric<Value>(valueOf: (metric: MetricName) => Value): Record<MetricName, Value> {
  return Object.fromEntries(METRICS.map((metric) => [metric, valueOf(metric)])) as Record<MetricName, Value>
}
