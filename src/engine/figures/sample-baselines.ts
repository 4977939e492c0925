import type { Database } from 'better-sqlite3'
import type { MetricName } from '../../shared/names.ts'
import { randomMap } from '../metrics/random-map.ts'
import { scoreMetric, type StoredShares } from '../metrics/score.ts'
import { regionShares } from '../metrics/shares.ts'
import { pauser } from '../pauser.ts'
import { getSampleFrame } from '../workspace/samples.ts'

/** What is needed to score the maps that know nothing of the model, under any tau. */
interface SampleBaselines {
  marks: (0 | 1)[]
  uniform: StoredShares
  random: StoredShares
}

interface Cache {
  samples: Map<number, SampleBaselines>
  /** Shares of the map that is the same everywhere depend on the regions' boxes alone, which most samples have in common. */
  uniform: Map<string, StoredShares>
}

/** Computed once a sample and connection: samples never change, and a figure asks for thousands. */
const caches = new WeakMap<Database, Cache>()

function cacheOf(database: Database): Cache {
  const cache = caches.get(database) ?? { samples: new Map(), uniform: new Map() }
  caches.set(database, cache)
  return cache
}

function baselinesOf(database: Database, sampleId: number): SampleBaselines {
  const { samples, uniform } = cacheOf(database)
  const known = samples.get(sampleId)
  if (known !== undefined) return known
  const { rows, columns, regions, sequence } = getSampleFrame(database, sampleId)
  const sharesOf = (map: Float32Array) => regionShares({ map, rows, columns }, regions)
  const frame = JSON.stringify([rows, columns, regions.map(({ box }) => box)])
  const uniformShares = uniform.get(frame) ?? sharesOf(new Float32Array(rows * columns).fill(1))
  uniform.set(frame, uniformShares)
  const baselines = {
    marks: regions.map(({ mark }) => mark),
    uniform: uniformShares,
    random: sharesOf(randomMap(rows * columns, 0, sequence)),
  }
  samples.set(sampleId, baselines)
  return baselines
}

/**
 * Means of a metric over the samples, for the map that is the same everywhere and for the method `random`. Lets other work go
 * on in between.
 */
export async function meanBaselines(
  database: Database,
  sampleIds: Iterable<number>,
  metric: MetricName,
  tau: number,
): Promise<{ uniform: number | null; random: number | null }> {
  const rest = pauser()
  const uniform: (number | null)[] = []
  const random: (number | null)[] = []
  for (const id of sampleIds) {
    const sample = baselinesOf(database, id)
    uniform.push(scoreMetric(metric, sample.uniform, sample.marks, tau).value)
    random.push(scoreMetric(metric, sample.random, sample.marks, tau).value)
    await rest()
  }
  return { uniform: mean(uniform), random: mean(random) }
}

function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length
}
