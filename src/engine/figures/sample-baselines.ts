import type { Database } from 'better-sqlite3'
import type { MetricName } from '../../shared/names.ts'
import { randomMap } from '../metrics/random-map.ts'
import { scoreMetric, type StoredShares } from '../metrics/score.ts'
import { regionShares } from '../metrics/shares.ts'
import { getSampleFrame } from '../workspace/samples.ts'

/** What is needed to score the maps that know nothing of the model, under any tau. */
interface SampleBaselines {
  marks: (0 | 1)[]
  uniform: StoredShares
  random: StoredShares
}

/** Computed once a sample and connection: samples never change, and a figure asks for thousands. */
const cache = new WeakMap<Database, Map<number, SampleBaselines>>()

function baselinesOf(database: Database, sampleId: number): SampleBaselines {
  const known = cache.get(database) ?? new Map<number, SampleBaselines>()
  cache.set(database, known)
  const baselines = known.get(sampleId) ?? computeBaselines(database, sampleId)
  known.set(sampleId, baselines)
  return baselines
}

function computeBaselines(database: Database, sampleId: number): SampleBaselines {
  const { rows, columns, regions, sequence } = getSampleFrame(database, sampleId)
  const sharesOf = (map: Float32Array) => regionShares({ map, rows, columns }, regions)
  return {
    marks: regions.map(({ mark }) => mark),
    uniform: sharesOf(new Float32Array(rows * columns).fill(1)),
    random: sharesOf(randomMap(rows * columns, 0, sequence)),
  }
}

/** Means of a metric over the samples, for the map that is the same everywhere and for the method `random`. */
export function meanBaselines(
  database: Database,
  sampleIds: Iterable<number>,
  metric: MetricName,
  tau: number,
): { uniform: number | null; random: number | null } {
  const baselines = [...sampleIds].map((id) => baselinesOf(database, id))
  const meanOf = (name: 'uniform' | 'random') =>
    mean(baselines.map((sample) => scoreMetric(metric, sample[name], sample.marks, tau).value))
  return { uniform: meanOf('uniform'), random: meanOf('random') }
}

function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length
}
