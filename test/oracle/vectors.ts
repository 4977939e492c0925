import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { NamedTensor } from '../../src/engine/exchange/safetensors.ts'
import type { Model } from '../../src/engine/models/model.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../src/shared/names.ts'

type Nested = number | Nested[]
const nested: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(nested)]))

const vectorSchema = z.object({
  architecture: z.enum(ARCHITECTURE_NAMES),
  rows: z.number(),
  cols: z.number(),
  steps: z.number(),
  classes: z.number(),
  weights: z.record(z.string(), nested),
  inputs: nested,
  target: z.array(z.number()),
  logits: nested,
  maps: z.record(z.string(), nested),
  kept: z.record(z.string(), z.object({ epsilon: z.array(z.number()), bias: z.array(z.number()) })),
})

/** Results of an independent float64 implementation for a toy-size model. */
export interface OracleVector {
  readonly model: Model
  readonly images: Float32Array
  readonly targets: readonly number[]
  readonly logits: readonly number[]
  readonly maps: ReadonlyMap<string, readonly number[]>
  /** What epsilon and biases kept, by method. */
  readonly kept: Readonly<Record<string, { epsilon: number[]; bias: number[] }>>
}

export function readVector(name: ArchitectureName): OracleVector {
  const path = new URL(`vectors/${name}.json`, import.meta.url)
  const vector = vectorSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  const { architecture, rows, cols, steps, classes, target } = vector
  return {
    model: {
      name: `toy-${architecture}`,
      architecture,
      stationaryDropout: false,
      rows,
      columns: cols,
      steps,
      classes,
      items: 1,
      weights: new Map(Object.entries(vector.weights).map(([key, values]) => [key, tensorOf(values)])),
      metadata: {},
    },
    images: Float32Array.from(flatten(vector.inputs)),
    targets: target,
    logits: flatten(vector.logits),
    maps: new Map(Object.entries(vector.maps).map(([method, values]) => [method, flatten(values)])),
    kept: vector.kept,
  }
}

function tensorOf(values: Nested): NamedTensor {
  return { shape: shapeOf(values), data: Float32Array.from(flatten(values)) }
}

function flatten(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flatten)
}

function shapeOf(values: Nested): number[] {
  return typeof values === 'number' ? [] : [values.length, ...shapeOf(values[0] ?? 0)]
}
