import type { Database } from 'better-sqlite3'
import type { MetricName } from '../../shared/names.ts'
import { baselineMaps } from '../metrics/baseline-maps.ts'
import { randomMap } from '../metrics/random-map.ts'
import { isPixelMetric, scoreMetric, type StoredShares } from '../metrics/score.ts'
import { scorePixels } from '../metrics/score-pixels.ts'
import { regionShares } from '../metrics/shares.ts'
import { strokeMask } from '../metrics/strokes.ts'
import { pauser } from '../pauser.ts'
import { float32FromBlob } from '../workspace/blobs.ts'
import { getSampleBytes, getSampleFrame } from '../workspace/samples.ts'

/** What is needed to score the maps that know nothing of the model, under any tau. */
interface SampleBaselines {
  marks: (0 | 1)[]
  uniform: StoredShares
  random: StoredShares
}

type PixelScores = ReturnType<typeof scorePixels>

interface PixelBaselines {
  uniform: PixelScores
  random: PixelScores
}

interface Cache {
  samples: Map<number, SampleBaselines>
  /** The same for metrics by pixel, which take longer. */
  pixels: Map<number, PixelBaselines>
  /** Shares of the map that is the same everywhere depend on the regions' boxes alone, which most samples have in common. */
  uniform: Map<string, StoredShares>
}

/** Computed once a sample and connection: samples never change, and a figure asks for thousands. */
const caches = new WeakMap<Database, Cache>()

function cacheOf(database: Database): Cache {
  const cache = caches.get(database) ?? { samples: new Map(), pixels: new Map(), uniform: new Map() }
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

function pixelBaselinesOf(database: Database, sampleId: number): PixelBaselines {
  const { pixels } = cacheOf(database)
  const known = pixels.get(sampleId)
  if (known !== undefined) return known
  const { rows, columns, regions, sequence } = getSampleFrame(database, sampleId)
  const input = float32FromBlob(getSampleBytes(database, sampleId) ?? new Uint8Array())
  const strokes = strokeMask({ input, rows, columns }, regions)
  const { uniform, random } = baselineMaps(rows * columns, 0, sequence)
  const baselines = { uniform: scorePixels(uniform, strokes), random: scorePixels(random, strokes) }
  pixels.set(sampleId, baselines)
  return baselines
}

/** Samples that a mean of baselines is over: of more, so many that lie evenly among them, which takes a tenth of a second. */
export const MOST_BASELINE_SAMPLES = 1000

/**
 * Means of a metric over the samples, for the map that is the same everywhere and for the method `random`. Lets other work go
 * on in between.
 */
export async function meanBaselines(
  database: Database,
  sampleIds: ReadonlySet<number>,
  metric: MetricName,
  tau: number,
): Promise<{ uniform: number | null; random: number | null }> {
  const rest = pauser()
  const uniform: (number | null)[] = []
  const random: (number | null)[] = []
  for (const id of evenly([...sampleIds], MOST_BASELINE_SAMPLES)) {
    const { marks, ...shares } = baselinesOf(database, id)
    const pixels = isPixelMetric(metric) ? pixelBaselinesOf(database, id) : undefined
    const valueOf = (name: 'uniform' | 'random') =>
      scoreMetric(metric, { ...shares[name], pixelScores: pixels?.[name] }, marks, tau).value
    uniform.push(valueOf('uniform'))
    random.push(valueOf('random'))
    await rest()
  }
  return { uniform: mean(uniform), random: mean(random) }
}

function evenly(ids: readonly number[], most: number): readonly number[] {
  if (ids.length <= most) return ids
  return Array.from({ length: most }, (_, index) => ids[Math.floor((index * ids.length) / most)] ?? 0)
}

function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length
}
