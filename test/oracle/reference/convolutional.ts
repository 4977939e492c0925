import type { Model } from '../../../src/engine/models/model.ts'
import { backThroughCells, cellsOf, poolWindows, windowsOf, type Cell, type Shape } from './convolution.ts'
import type { Recorded } from './explain.ts'
import {
  affine,
  alphaBetaToInputs,
  boxToInputs,
  epsilonToInputs,
  gradientToInputs,
  plus,
  type Vector,
} from './layers.ts'
import { recordReluNetwork } from './relu-network.ts'
import { recordRlstm } from './rlstm.ts'

/** What a cell hands back to its inputs of what arrived at its output. */
type BackThroughCell = (
  cell: Cell,
  inputs: Vector,
  output: number,
  arrived: number,
  readsPixels: boolean,
) => Vector
/** What a window hands back to its cells. */
type BackThroughWindow = (inputs: Vector, arrived: number) => Vector

/** The architectures with two pooled convolutions before `in1`, with or without lateral connections. */
export function recordConvolutional(model: Model, pixels: readonly Vector[]): Recorded {
  const isLateral = model.architecture.endsWith('_lateral')
  const first = stage(model, 'conv1', [model.rows, model.columns / model.steps, 1], isLateral)
  const second = stage(model, 'conv2', first.pooled, isLateral)
  const at1 = first.run(pixels)
  const at2 = second.run(at1.map(({ pooled }) => pooled))
  const seen = at2.map(({ pooled }) => pooled)
  const rest = model.weights.has('lstm.g.weight')
    ? recordRlstm(model, seen, 'activations')
    : recordReluNetwork(model, seen, 'activations')

  const back = (arrived: readonly Vector[], cell: BackThroughCell, window: BackThroughWindow) =>
    first.back(at1, second.back(at2, arrived, cell, window), cell, window)
  const spread: BackThroughWindow = (inputs, g) => inputs.map(() => (2 * g) / inputs.length)
  const share: BackThroughWindow = (inputs, r) => {
    const total = inputs.reduce((sum, x) => sum + x, 0)
    return inputs.map((x) => (total === 0 ? 0 : (x / total) * r))
  }
  return {
    logits: rest.logits,
    gradients: (target, options) =>
      back(
        rest.gradients(target, options),
        ({ layer }, _, output, g) =>
          gradientToInputs(layer, [output > 0 && (!options.guided || g > 0) ? g : 0]),
        spread,
      ),
    relevances: (target, options) =>
      back(
        rest.relevances(target, options),
        (cell, inputs, _, r, readsPixels) =>
          readsPixels
            ? boxToInputs(cell.layer, inputs, cell.first, [r], options)
            : alphaBetaToInputs(cell.layer, inputs, [r], options),
        share,
      ),
    withEpsilon: (target, epsilon) => {
      const { arrived, kept } = rest.withEpsilon(target, epsilon)
      const cell: BackThroughCell = ({ layer }, inputs, _, r) =>
        epsilonToInputs(layer, inputs, [r], epsilon, kept)
      return { arrived: back(arrived, cell, share), kept }
    },
  }
}

interface StageStep {
  /** The layer's input, then, where there are lateral connections, its output of the step before. */
  readonly read: Vector
  readonly output: Vector
  readonly pooled: Vector
}

/** One convolution with its pool, over all steps. */
function stage(model: Model, name: string, input: Shape, isLateral: boolean) {
  const units = model.weights.get(`${name}.weight`)?.shape.at(-1) ?? 0
  const own: Shape = [input[0], input[1], units]
  const convolution = cellsOf(model, name, isLateral ? [input, own] : [input])
  const { windows, output: pooled } = windowsOf(own)
  return {
    pooled,
    run(inputs: readonly Vector[]): StageStep[] {
      const steps: StageStep[] = []
      let before: Vector = convolution.cells.map(() => 0)
      for (const x of inputs) {
        const read = isLateral ? [...x, ...before] : x
        const output = convolution.cells.map(({ layer, indices }) => {
          const [z = NaN] = affine(
            layer,
            indices.map((i) => read[i] ?? NaN),
          )
          return Math.max(0, z)
        })
        steps.push({ read, output, pooled: poolWindows(windows, output) })
        before = output
      }
      return steps
    },
    back(
      steps: readonly StageStep[],
      arrived: readonly Vector[],
      backThroughCell: BackThroughCell,
      backThroughWindow: BackThroughWindow,
    ): Vector[] {
      const atInputs: Vector[] = []
      let fromLater: Vector = convolution.cells.map(() => 0)
      for (let t = steps.length - 1; t >= 0; t -= 1) {
        const { read, output } = steps[t] ?? { read: [], output: [] }
        const fromPool = output.map(() => 0)
        for (const [k, window] of windows.entries()) {
          const parts = backThroughWindow(
            window.map((i) => output[i] ?? NaN),
            arrived[t]?.[k] ?? NaN,
          )
          window.forEach((i, part) => (fromPool[i] = parts[part] ?? NaN))
        }
        const atOutput = plus(fromPool, fromLater)
        const atRead = backThroughCells(convolution, read, (cell, inputs, j) =>
          backThroughCell(cell, inputs, output[j] ?? NaN, atOutput[j] ?? NaN, name === 'conv1'),
        )
        const seen = input[0] * input[1] * input[2]
        atInputs.unshift(atRead.slice(0, seen))
        if (isLateral) fromLater = atRead.slice(seen)
      }
      return atInputs
    },
  }
}
