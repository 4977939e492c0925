import type { Database } from 'better-sqlite3'
import type { SanityRequest, SanityStage, SanityValue } from '../../shared/contract/sanity.ts'
import { SANITY_METRICS, type SanityMetricName } from '../../shared/names.ts'
import type { ComputePool } from '../compute/pool.ts'
import type { ExplainedMap, ExplainResult } from '../compute/protocol.ts'
import type { MetricScore } from '../metrics/score.ts'
import { crossedInterval } from '../metrics/crossed-interval.ts'
import { predictedClasses } from '../models/forward.ts'
import { listSamples, type StoredSample } from '../workspace/samples.ts'
import { inParallel } from '../in-parallel.ts'
import { taskOf } from './sample-batch.ts'
import type { SanityStageModel, SanityStagePlan } from './sanity-stages.ts'

/** Samples that share one forward pass. */
const BATCH = 25
/** The model's own maps are kept between stages up to so many bytes, else computed again for each. */
const MOST_KEPT = 256 * 2 ** 20

/** The likeness of one pair of maps. */
interface ComparedPair {
  method: string
  sequenceId: number
  /** Which of the stage's models. */
  draw: number
  scores: readonly MetricScore<SanityMetricName>[]
}

interface ComparedBatch {
  pairs: ComparedPair[]
  right: number
}

export interface SanitySubject {
  request: Pick<SanityRequest, 'count' | 'methods' | 'target'>
  sampleSetId: number
  /** The model itself. */
  model: SanityStageModel
}

/** Compares the maps of changed models with those of the model itself, over the same samples and classes. */
export class SanityComparison {
  readonly #database: Database
  readonly #pool: ComputePool
  readonly #subject: SanitySubject
  readonly #kept = new Map<number, ExplainResult>()

  constructor(database: Database, pool: ComputePool, subject: SanitySubject) {
    this.#database = database
    this.#pool = pool
    this.#subject = subject
  }

  /** @param report called with the number of pairs of every batch that is done; what it throws ends the comparison */
  async compare(
    { draws }: SanityStagePlan,
    report: (pairs: number) => void,
  ): Promise<Pick<SanityStage, 'accuracy' | 'values'>> {
    const { count } = this.#subject.request
    const batches = draws.flatMap((model, draw) =>
      Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => ({
        model,
        draw,
        offset: batch * BATCH,
      })),
    )
    const compared = new Map<(typeof batches)[number], ComparedBatch>()
    await inParallel(this.#pool.lanes, batches, async (batch) => {
      report(0)
      const result = await this.#compareBatch(batch.model, batch.draw, batch.offset)
      compared.set(batch, result)
      report(result.pairs.length)
    })
    const inOrder = batches.flatMap((batch) => compared.get(batch) ?? [])
    return {
      accuracy: inOrder.reduce((sum, { right }) => sum + right, 0) / (count * draws.length),
      values: summariseValues(inOrder.flatMap(({ pairs }) => pairs)),
    }
  }

  async #compareBatch(model: SanityStageModel, draw: number, offset: number): Promise<ComparedBatch> {
    const { sampleSetId, request } = this.#subject
    const limit = Math.min(BATCH, request.count - offset)
    const samples = listSamples(this.#database, sampleSetId, { offset, limit })
    const original = await this.#explainOriginal(samples, offset)
    const changed = await this.#explain(model, samples, targetsOf(original, samples.length))
    const partners = new Map(changed.maps.map((map) => [keyOf(map), map.values]))
    const pairs = original.maps.map((map) => ({
      a: map.values,
      b: partners.get(keyOf(map)) ?? new Float32Array(),
    }))
    const scores = await this.#pool.compare({ pairs, columns: samples[0]?.columns ?? 0 })
    const predicted = predictedClasses(changed.logits, changed.classes)
    return {
      right: samples.filter(({ label }, index) => predicted[index] === label).length,
      pairs: original.maps.map(({ method, index }, pair) => ({
        method,
        sequenceId: samples[index]?.provenance.sequence ?? 0,
        draw,
        scores: scores[pair] ?? [],
      })),
    }
  }

  async #explainOriginal(samples: readonly StoredSample[], offset: number): Promise<ExplainResult> {
    const kept = this.#kept.get(offset)
    if (kept !== undefined) return kept
    const { request, model } = this.#subject
    const { targets } = taskOf(samples, request.target)
    const result = await this.#explain(model, samples, targets)
    const bytes = result.maps.reduce((sum, { values }) => sum + values.byteLength, 0)
    if ((bytes * request.count) / samples.length <= MOST_KEPT) this.#kept.set(offset, result)
    return result
  }

  #explain(
    { modelKey, file }: SanityStageModel,
    samples: readonly StoredSample[],
    targets: Int32Array | 'predicted',
  ): Promise<ExplainResult> {
    const { methods, target } = this.#subject.request
    return this.#pool.explain({ ...taskOf(samples, target), modelKey, targets, methods }, file)
  }
}

/** The classes that were explained, so that the changed model's maps explain the same. */
function targetsOf({ maps }: ExplainResult, samples: number): Int32Array {
  const targets = new Int32Array(samples)
  for (const { index, target } of maps) targets[index] = target
  return targets
}

function keyOf({ method, index }: ExplainedMap): string {
  return `${method} ${index}`
}

/** Means and 95 % intervals over sequences and draws, by method and metric; pairs without a value of their own are counted instead. */
export function summariseValues(pairs: readonly ComparedPair[]): SanityValue[] {
  return [...Map.groupBy(pairs, ({ method }) => method)].flatMap(([method, members]) =>
    SANITY_METRICS.map((metric): SanityValue => {
      const scores = members.flatMap(({ sequenceId, draw, scores: all }) =>
        all.filter((score) => score.metric === metric).map((score) => ({ ...score, sequenceId, draw })),
      )
      const values = scores.flatMap(({ value, state, ...pair }) =>
        value === null || state !== 'ok' ? [] : [{ ...pair, value }],
      )
      const interval = crossedInterval(values)
      const inState = (state: MetricScore['state']) => scores.filter((score) => score.state === state).length
      return {
        method,
        metric,
        mean: interval?.mean ?? null,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
        count: values.length,
        undefined: inState('undefined'),
        noRelevance: inState('no_relevance'),
      }
    }),
  )
}
