import type { NamedTensor } from '../../../src/engine/exchange/safetensors.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

const UNITS = 4
export const NETWORK_CLASSES = 3

/** A convolution, a ReLU, a mean over windows and a dense layer, as an import of ONNX writes them: channels come first. */
export function smallNetwork(
  size: { name: string; rows: number; columns: number; channels: number },
  range: readonly [black: number, white: number] = [-1, 1],
): GraphModel {
  const { rows, columns, channels } = size
  const generator = seededGenerator(3, 'small network', size.name)
  const tensor = (...shape: number[]): NamedTensor => {
    const count = shape.reduce((product, axis) => product * axis, 1)
    return {
      shape,
      data: Float32Array.from({ length: count }, () => generator.normal() / Math.sqrt(channels)),
    }
  }
  const scale = (range[1] - range[0]) / 2
  const values = (rows / 8) * (columns / 8) * UNITS
  const window: { padding: [number, number, number, number]; channels: 'first' } = {
    padding: [0, 0, 0, 0],
    channels: 'first',
  }
  return {
    ...size,
    architecture: 'graph',
    stationaryDropout: false,
    steps: 1,
    items: 1,
    classes: NETWORK_CLASSES,
    metadata: { trained: 'elsewhere' },
    weights: new Map([
      ['kernel', tensor(2, 2, channels, UNITS)],
      ['offset', tensor(UNITS, 1, 1)],
      ['last', tensor(values, NETWORK_CLASSES)],
    ]),
    graph: {
      version: 1,
      input: { shape: [channels, rows, columns], order: 'planes', scale, shift: range[0] + scale },
      nodes: [
        {
          operation: 'linear',
          name: 'convolved',
          terms: [
            {
              kind: 'convolution',
              input: 'input',
              weight: 'kernel',
              strides: [2, 2],
              dilations: [1, 1],
              ...window,
            },
          ],
          bias: 'offset',
        },
        { operation: 'activation', name: 'active', input: 'convolved', function: 'relu' },
        {
          operation: 'linear',
          name: 'averaged',
          terms: [
            {
              kind: 'average',
              input: 'active',
              window: [4, 4],
              strides: [4, 4],
              countsPadding: false,
              ...window,
            },
          ],
        },
        { operation: 'reshape', name: 'flat', input: 'averaged', shape: [values] },
        { operation: 'linear', name: 'logits', terms: [{ kind: 'dense', input: 'flat', weight: 'last' }] },
      ],
      output: 'logits',
    },
  }
}
