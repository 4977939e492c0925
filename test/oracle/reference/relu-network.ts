import type { Model } from '../../../src/engine/models/model.ts'
import type { Recorded } from './explain.ts'
import {
  affine,
  alphaBetaToInputs,
  boxToInputs,
  epsilonToInputs,
  gradientToInputs,
  layerNamed,
  readLayers,
  relu,
  type Layer,
  type Vector,
} from './layers.ts'

/** Layers between the pixels of a step and `hidden`, and between the last `hidden` and the logits. */
const SHAPE: Readonly<Record<string, { before: string[]; after: string[] }>> = {
  shallow: { before: [], after: ['logits'] },
  deep: { before: ['in1'], after: ['out1', 'logits'] },
  deep_v2: { before: ['in1', 'in2'], after: ['out1', 'logits'] },
  convdeep: { before: ['in1'], after: ['out1', 'logits'] },
  convdeep_lateral: { before: ['in1'], after: ['out1', 'logits'] },
}

interface Step {
  /** Activations from the pixels on: pixels, in1, in2. */
  readonly chain: Vector[]
  /** What `hidden` reads: the end of the chain, then the state. */
  readonly read: Vector
  readonly hidden: Vector
}

/** `hidden` of what is seen and of `state`, `state` of `hidden`; each step gives pixels, or activations of other layers. */
export function recordReluNetwork(
  model: Model,
  inputs: readonly Vector[],
  kind: 'pixels' | 'activations' = 'pixels',
): Recorded {
  const layers = readLayers(model)
  const shape = SHAPE[model.architecture] ?? { before: [], after: [] }
  const before = shape.before.map((name) => layerNamed(layers, name))
  const after = shape.after.map((name) => layerNamed(layers, name))
  const hiddenLayer = layerNamed(layers, 'hidden')
  const stateLayer = layerNamed(layers, 'state')

  const steps: Step[] = []
  let state: Vector = stateLayer.bias.map(() => 0)
  for (const x of inputs) {
    const chain = runChain(before, x)
    const read = [...(chain.at(-1) ?? []), ...state]
    const hidden = relu(affine(hiddenLayer, read))
    steps.push({ chain, read, hidden })
    state = relu(affine(stateLayer, hidden))
  }
  const lastHidden = steps.at(-1)?.hidden ?? []
  const out = runChain(after.slice(0, -1), lastHidden)
  const lastLayer = after.at(-1) ?? hiddenLayer
  const logits = affine(lastLayer, out.at(-1) ?? [])

  /** Goes back through all steps, given how to pass one dense layer with ReLU output. */
  const walk = (start: Vector, pass: Pass): Vector[] => {
    let atHidden = pass(lastLayer, out.at(-1) ?? [], logits, start, 0)
    for (let k = after.length - 2; k >= 0; k -= 1) {
      atHidden = pass(after[k] ?? lastLayer, out[k] ?? [], out[k + 1] ?? [], atHidden, 0)
    }
    const arrived: Vector[] = []
    for (let t = steps.length - 1; t >= 0; t -= 1) {
      const { chain, read, hidden } = steps[t] ?? { chain: [], read: [], hidden: [] }
      const seen = chain.at(-1)?.length ?? 0
      const atRead = pass(hiddenLayer, read, hidden, atHidden, before.length === 0 ? seen : 0)
      let atChain: Vector = atRead.slice(0, seen)
      for (let k = before.length - 1; k >= 0; k -= 1) {
        const input = chain[k] ?? []
        atChain = pass(
          before[k] ?? hiddenLayer,
          input,
          chain[k + 1] ?? [],
          atChain,
          k === 0 && kind === 'pixels' ? input.length : 0,
        )
      }
      arrived.unshift(atChain)
      const previous = steps[t - 1]?.hidden
      if (previous) atHidden = pass(stateLayer, previous, read.slice(seen), atRead.slice(seen), 0)
    }
    return arrived
  }

  const oneHot = (target: number, value: number) => logits.map((_, k) => (k === target ? value : 0))
  return {
    logits,
    gradients: (target, { guided }) =>
      walk(oneHot(target, 1), (layer, _, output, gradient) =>
        gradientToInputs(
          layer,
          gradient.map((g, j) =>
            layer === lastLayer || ((output[j] ?? 0) > 0 && (!guided || g > 0)) ? g : 0,
          ),
        ),
      ),
    relevances: (target, options) =>
      walk(oneHot(target, Math.max(0, logits[target] ?? NaN)), (layer, input, _, relevance, pixelCount) =>
        pixelCount > 0
          ? boxToInputs(layer, input, pixelCount, relevance, options)
          : alphaBetaToInputs(layer, input, relevance, options),
      ),
    withEpsilon: (target, epsilon) => {
      const kept = { epsilon: 0, bias: 0 }
      const start = oneHot(target, Math.max(0, logits[target] ?? NaN))
      const arrived = walk(start, (layer, input, _, r) => epsilonToInputs(layer, input, r, epsilon, kept))
      return { arrived, kept }
    },
  }
}

/** From a quantity at a layer's output to its input; the first `pixelCount` inputs are pixels. */
type Pass = (layer: Layer, input: Vector, output: Vector, arrived: Vector, pixelCount: number) => Vector

function runChain(layers: readonly Layer[], x: Vector): Vector[] {
  const chain: Vector[] = [x]
  for (const layer of layers) chain.push(relu(affine(layer, chain.at(-1) ?? [])))
  return chain
}
