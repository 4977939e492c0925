import { ARCHITECTURES } from '../../src/engine/models/architectures.ts'
import type { NamedTensor } from '../../src/engine/exchange/safetensors.ts'
import type { Model } from '../../src/engine/models/model.ts'

/*
 * Tiny models whose weights come from a formula:
 * G(R, C, s)[r][c] = (((31 r r + 57 c c + 13 r c + 7 r + 3 c + 41 s) mod 97) - 48) / 48,
 * effective bias -0.05 (j + 1), gate biases 0; input 2x4 read in two steps of two columns.
 */

function formula(rows: number, columns: number, s: number): NamedTensor {
  const data = Float32Array.from({ length: rows * columns }, (_, index) => {
    const [r, c] = [Math.floor(index / columns), index % columns]
    return (((31 * r * r + 57 * c * c + 13 * r * c + 7 * r + 3 * c + 41 * s) % 97) - 48) / 48
  })
  return { shape: [rows, columns], data }
}

/** Raw biases p with softplus(p) = 0.05 (j + 1). */
function rawBias(units: number): NamedTensor {
  return {
    shape: [units],
    data: Float32Array.from({ length: units }, (_, j) => Math.log(Math.expm1(0.05 * (j + 1)))),
  }
}

function model(architecture: keyof typeof ARCHITECTURES, weights: Record<string, NamedTensor>): Model {
  const biased: Record<string, NamedTensor> = {}
  for (const [name, tensor] of Object.entries(weights)) {
    const units = tensor.shape[1] ?? 0
    const plain = ARCHITECTURES[architecture].layers[name]?.bias === 'plain'
    biased[`${name}.weight`] = tensor
    biased[plain ? `${name}.bias` : `${name}.bias_raw`] = plain
      ? { shape: [units], data: new Float32Array(units) }
      : rawBias(units)
  }
  return {
    name: `formula-${architecture}`,
    architecture,
    stationaryDropout: false,
    rows: 2,
    columns: 4,
    steps: 2,
    classes: 2,
    items: 1,
    weights: new Map(Object.entries(biased)),
    metadata: {},
  }
}

export const FORMULA_IMAGE = Float32Array.from({ length: 8 }, (_, index) => {
  const [r, c] = [Math.floor(index / 4), index % 4]
  return ((5 * r + 3 * c) % 7) / 3 - 1
})

export const formulaShallow = (): Model =>
  model('shallow', { hidden: formula(8, 5, 8), state: formula(5, 4, 9), logits: formula(5, 2, 10) })

export const formulaRlstm = (s: number): Model =>
  model('rlstm', {
    in1: formula(4, 5, s),
    'lstm.i': formula(9, 4, s + 1),
    'lstm.f': formula(9, 4, s + 2),
    'lstm.o': formula(9, 4, s + 3),
    'lstm.g': formula(9, 4, s + 4),
    logits: formula(4, 2, s + 5),
  })
