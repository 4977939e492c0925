import { newLayout, ModelLayout, type ModelSizes } from '../../src/engine/models/layout.ts'
import type { Model } from '../../src/engine/models/model.ts'
import type { ArchitectureName } from '../../src/shared/names.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'

/** Small sizes that differ from one another, so that a transposed or swapped block does not fit or shows. */
export const TOY_SIZES: ModelSizes = { rows: 3, columns: 8, steps: 4, classes: 3 }

/** With this seed every architecture has evidence for one of the first three samples. */
export const ALIVE_SEED = 8

const TOY_UNITS: Readonly<Record<string, number>> = {
  conv1: 3,
  conv2: 5,
  in1: 7,
  in2: 5,
  hidden: 6,
  state: 4,
  out1: 5,
}
/** Rows and columns of a toy convolution's kernel. */
const TOY_KERNELS: Readonly<Record<string, readonly [number, number]>> = { conv1: [3, 5], conv2: [3, 3] }

/** A toy model with random weights of order 1 and small biases: every path through it is used. */
export function randomModel(architecture: ArchitectureName, seed: number, sizes = TOY_SIZES): Model {
  const made = newLayout(architecture, sizes)
  const layerSizes = new Map(
    Object.keys(made.layers).map((layer) => {
      const units = layer === 'logits' ? sizes.classes : (TOY_UNITS[layer] ?? 4)
      return [layer, { units, kernel: TOY_KERNELS[layer] }]
    }),
  )
  const layout = new ModelLayout(made.architecture, sizes, layerSizes)
  const weights = [...layout.shapes()].map(([name, shape]) => {
    const generator = seededGenerator(seed, 'random model', name)
    const length = shape.reduce((product, size) => product * size, 1)
    const scale = name.endsWith('.weight')
      ? 2 / Math.sqrt(layout.fanIn(name.slice(0, -'.weight'.length)))
      : 0.5
    const offset = name.endsWith('.bias_raw') ? -3 : 0
    return [
      name,
      { shape, data: Float32Array.from({ length }, () => offset + scale * generator.normal()) },
    ] as const
  })
  return {
    name: `random-${architecture}`,
    architecture,
    stationaryDropout: false,
    ...sizes,
    items: 1,
    weights: new Map(weights),
    metadata: {},
  }
}

/** Images with values all over [-1, 1], some of them exactly at its ends. */
export function randomImages(count: number, seed: number, sizes = TOY_SIZES): Float32Array {
  const generator = seededGenerator(seed, 'random images')
  return Float32Array.from({ length: count * sizes.rows * sizes.columns }, () =>
    Math.max(-1, Math.min(1, 2.4 * generator.float() - 1.2)),
  )
}
