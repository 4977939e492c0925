import type { NamedTensor } from '../../src/engine/exchange/safetensors.ts'
import type { Model } from '../../src/engine/models/model.ts'

const tensor = (shape: number[], data: readonly number[]): NamedTensor => ({
  shape,
  data: Float32Array.from(data),
})

/** Raw value of an effective bias <= 0. */
function rawBias(effective: number): number {
  return effective === 0 ? -100 : Math.log(Math.expm1(-effective))
}

/** A network of one step and one hidden layer. */
export function oneStep(
  rows: number,
  columns: number,
  hidden: readonly (readonly number[])[],
  biases: readonly number[],
  out: readonly number[],
  outBias = 0,
): Model {
  const units = out.length
  return {
    name: 'one-step',
    architecture: 'shallow',
    stationaryDropout: false,
    rows,
    columns,
    steps: 1,
    classes: 1,
    items: 1,
    weights: new Map([
      ['hidden.weight', tensor([rows * columns + 1, units], [...hidden.flat(), ...out.map(() => 0)])],
      ['hidden.bias_raw', tensor([units], biases.map(rawBias))],
      [
        'state.weight',
        tensor(
          [units, 1],
          out.map(() => 0),
        ),
      ],
      ['state.bias_raw', tensor([1], [-100])],
      ['logits.weight', tensor([units, 1], out)],
      ['logits.bias_raw', tensor([1], [rawBias(outBias)])],
    ]),
    metadata: {},
  }
}

/** f = relu(relu(x1 + b1) - relu(x2 + b2) + b): a deep network of one step whose later layers pass f on. */
export function twoReluLayers(biases: readonly number[], outBias: number): Model {
  return {
    ...oneStep(1, 2, [], [], []),
    architecture: 'deep',
    weights: new Map([
      ['in1.weight', tensor([2, 2], [1, 0, 0, 1])],
      ['in1.bias_raw', tensor([2], biases.map(rawBias))],
      ['hidden.weight', tensor([3, 1], [1, -1, 0])],
      ['hidden.bias_raw', tensor([1], [rawBias(outBias)])],
      ...['state', 'out1', 'logits'].flatMap((layer): [string, NamedTensor][] => [
        [`${layer}.weight`, tensor([1, 1], [1])],
        [`${layer}.bias_raw`, tensor([1], [rawBias(0)])],
      ]),
    ]),
  }
}

/** f = w x, as relu(x) and relu(-x) of every pixel. */
export function linear(rows: number, columns: number, w: readonly number[]): Model {
  const hidden = w.map((_, i) => [
    ...w.map((__, j) => (i === j ? 1 : 0)),
    ...w.map((__, j) => (i === j ? -1 : 0)),
  ])
  return oneStep(
    rows,
    columns,
    hidden,
    Array.from({ length: 2 * w.length }, () => 0),
    [...w, ...w.map((v) => -v)],
  )
}
