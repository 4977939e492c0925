import type { Model } from '../../../src/engine/models/model.ts'
import type { Recorded } from './explain.ts'
import {
  affine,
  alphaBetaToInputs,
  boxToInputs,
  epsilonToInputs,
  gradientToInputs,
  layerNamed,
  plus,
  readLayers,
  relu,
  sigmoid,
  times,
  type Layer,
  type Vector,
} from './layers.ts'

interface Step {
  readonly x: Vector
  readonly in1: Vector
  /** [in1, h of the step before] */
  readonly read: Vector
  readonly i: Vector
  readonly f: Vector
  readonly o: Vector
  readonly g: Vector
  readonly cellBefore: Vector
  readonly cell: Vector
}

/** R-LSTM: `c' = i*g + f*c`, `h' = o*c'`; each step gives pixels, or activations of other layers. */
export function recordRlstm(
  model: Model,
  inputs: readonly Vector[],
  kind: 'pixels' | 'activations' = 'pixels',
): Recorded {
  const layers = readLayers(model)
  const in1Layer = layerNamed(layers, 'in1')
  const logitLayer = layerNamed(layers, 'logits')
  const cellLayer = {
    i: layerNamed(layers, 'lstm.i'),
    f: layerNamed(layers, 'lstm.f'),
    o: layerNamed(layers, 'lstm.o'),
    g: layerNamed(layers, 'lstm.g'),
  }
  const steps: Step[] = []
  const zeros = cellLayer.g.bias.map(() => 0)
  let [cell, h]: [Vector, Vector] = [zeros, zeros]
  for (const x of inputs) {
    const in1 = relu(affine(in1Layer, x))
    const read = [...in1, ...h]
    const [i, f, o] = [cellLayer.i, cellLayer.f, cellLayer.o].map((layer) => sigmoid(affine(layer, read)))
    const g = relu(affine(cellLayer.g, read))
    if (!i || !f || !o) throw new Error('three gates')
    const cellBefore = cell
    cell = plus(times(i, g), times(f, cellBefore))
    h = times(o, cell)
    steps.push({ x, in1, read, i, f, o, g, cellBefore, cell })
  }
  const logits = affine(logitLayer, h)
  const lastH = h

  const relevancesBy = (target: number, toInputs: ToInputs, toPixels: ToInputs): Vector[] => {
    const start = logits.map((f, k) => (k === target ? Math.max(0, f) : 0))
    let ofH: Vector = toInputs(logitLayer, lastH, start)
    let ofCell: Vector = zeros
    const arrived: Vector[] = []
    for (const step of steps.toReversed()) {
      const ofSum = plus(ofCell, ofH)
      const written = times(step.i, step.g)
      const kept = times(step.f, step.cellBefore)
      const share = (part: Vector) =>
        ofSum.map((r, j) => (step.cell[j] === 0 ? 0 : (r * (part[j] ?? NaN)) / (step.cell[j] ?? NaN)))
      ofCell = share(kept)
      const ofRead = toInputs(cellLayer.g, step.read, share(written))
      ofH = ofRead.slice(step.in1.length)
      arrived.unshift(toPixels(in1Layer, step.x, ofRead.slice(0, step.in1.length)))
    }
    return arrived
  }

  return {
    logits,
    gradients(target, { guided, constantGates }) {
      const pass = (output: Vector, gradient: Vector) =>
        gradient.map((value, j) => ((output[j] ?? 0) > 0 && (!guided || value > 0) ? value : 0))
      const derived = (gate: Vector, gradient: Vector) =>
        gradient.map((value, j) => value * (gate[j] ?? NaN) * (1 - (gate[j] ?? NaN)))
      let atH: Vector = gradientToInputs(
        logitLayer,
        logits.map((_, k) => (k === target ? 1 : 0)),
      )
      let atCell: Vector = zeros
      const arrived: Vector[] = []
      for (const step of steps.toReversed()) {
        atCell = plus(atCell, times(atH, step.o))
        let atRead = gradientToInputs(cellLayer.g, pass(step.g, times(atCell, step.i)))
        if (!constantGates) {
          const fromGates = [
            gradientToInputs(cellLayer.o, derived(step.o, times(atH, step.cell))),
            gradientToInputs(cellLayer.i, derived(step.i, times(atCell, step.g))),
            gradientToInputs(cellLayer.f, derived(step.f, times(atCell, step.cellBefore))),
          ]
          atRead = fromGates.reduce((sum, part) => plus(sum, part), atRead)
        }
        atCell = times(atCell, step.f)
        atH = atRead.slice(step.in1.length)
        arrived.unshift(gradientToInputs(in1Layer, pass(step.in1, atRead.slice(0, step.in1.length))))
      }
      return arrived
    },
    relevances(target, options) {
      return relevancesBy(
        target,
        (layer, x, relevance) => alphaBetaToInputs(layer, x, relevance, options),
        (layer, x, relevance) =>
          kind === 'pixels'
            ? boxToInputs(layer, x, x.length, relevance, options)
            : alphaBetaToInputs(layer, x, relevance, options),
      )
    },
    withEpsilon(target, epsilon) {
      const kept = { epsilon: 0, bias: 0 }
      const toInputs: ToInputs = (layer, x, relevance) => epsilonToInputs(layer, x, relevance, epsilon, kept)
      return { arrived: relevancesBy(target, toInputs, toInputs), kept }
    },
  }
}

/** Sends the relevance of a layer's units to its inputs. */
type ToInputs = (layer: Layer, x: Vector, relevance: Vector) => number[]
