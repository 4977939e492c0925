import type { Model } from '../../../src/engine/models/model.ts'

/*
 * Plain float64 loops, written from the method card: no tensors, no tape, one message at a time. A layer with two
 * inputs reads their concatenation, in the order of the weight layout.
 */

export type Vector = readonly number[]

export interface Layer {
  /** [inputs][units] */
  readonly weight: readonly Vector[]
  /** Effective bias. */
  readonly bias: Vector
}

export type Layers = Readonly<Record<string, Layer>>

export function readLayers(model: Model): Layers {
  const layers: Record<string, Layer> = {}
  for (const [name, { shape, data }] of model.weights) {
    if (!name.endsWith('.weight')) continue
    const layer = name.replace('.weight', '')
    const [inputs = 0, units = 0] = shape
    const weight = Array.from({ length: inputs }, (_, i) => [...data.slice(i * units, (i + 1) * units)])
    const plain = model.weights.get(`${layer}.bias`)?.data
    const raw = model.weights.get(`${layer}.bias_raw`)?.data ?? []
    layers[layer] = { weight, bias: plain ? [...plain] : Array.from(raw, (p) => -Math.log1p(Math.exp(p))) }
  }
  return layers
}

export function layerNamed(layers: Layers, name: string): Layer {
  const layer = layers[name]
  if (layer === undefined) throw new Error(`no layer ${name}`)
  return layer
}

/** z = x W + b */
export function affine({ weight, bias }: Layer, x: Vector): number[] {
  return bias.map((b, j) => x.reduce((sum, value, i) => sum + value * at(weight, i, j), b))
}

export const relu = (z: Vector): number[] => z.map((value) => Math.max(0, value))
export const sigmoid = (z: Vector): number[] => z.map((value) => 1 / (1 + Math.exp(-value)))
export const times = (a: Vector, b: Vector): number[] => a.map((value, i) => value * (b[i] ?? NaN))
export const plus = (a: Vector, b: Vector): number[] => a.map((value, i) => value + (b[i] ?? NaN))

/** dL/dx from dL/dz */
export function gradientToInputs({ weight }: Layer, gradient: Vector): number[] {
  return weight.map((row) => row.reduce((sum, w, j) => sum + w * (gradient[j] ?? NaN), 0))
}

export interface AlphaBetaOptions {
  readonly alpha: number
  readonly beta: number
  readonly floored: boolean
}

/** Alpha-beta rule: sends each unit's relevance to its inputs, one message at a time. */
export function alphaBetaToInputs(
  { weight }: Layer,
  x: Vector,
  relevance: Vector,
  { alpha, beta, floored }: AlphaBetaOptions,
): number[] {
  const floor = floored ? 1e-9 : 0
  const received = x.map(() => 0)
  for (const [j, r] of relevance.entries()) {
    const up = weight.map((row) => Math.max(row[j] ?? NaN, floor))
    const down = weight.map((row) => Math.min(row[j] ?? NaN, -floor))
    const sumUp = x.reduce((sum, value, i) => sum + value * (up[i] ?? NaN), 0)
    const sumDown = x.reduce((sum, value, i) => sum + value * (down[i] ?? NaN), 0)
    for (const [i, value] of x.entries()) {
      const gain = sumUp === 0 ? 0 : (value * (up[i] ?? NaN)) / sumUp
      const loss = sumDown === 0 ? 0 : (value * (down[i] ?? NaN)) / sumDown
      received[i] = (received[i] ?? 0) + (alpha * gain - beta * loss) * r
    }
  }
  return received
}

/** Epsilon rule with the bias in the denominator; what is kept is added to `kept`. */
export function epsilonToInputs(
  layer: Layer,
  x: Vector,
  relevance: Vector,
  epsilon: number,
  kept: Kept,
): number[] {
  const z = affine(layer, x)
  const received = x.map(() => 0)
  for (const [j, r] of relevance.entries()) {
    const [total = NaN, bias = NaN] = [z[j], layer.bias[j]]
    const denominator = total + (total < 0 ? -epsilon : epsilon)
    if (r === 0 || denominator === 0) continue
    for (const [i, value] of x.entries()) {
      received[i] = (received[i] ?? 0) + (value * at(layer.weight, i, j) * r) / denominator
    }
    kept.epsilon += ((denominator - total) * r) / denominator
    kept.bias += (bias * r) / denominator
  }
  return received
}

/** Relevance that epsilon and the biases kept. */
export interface Kept {
  epsilon: number
  bias: number
}

/**
 * z-B rule for the first `pixels` inputs, in [-1, 1]; further inputs are states, which take
 * `h (alpha w+ - beta w-)` over the same denominator.
 */
export function boxToInputs(
  { weight }: Layer,
  x: Vector,
  pixels: number,
  relevance: Vector,
  { alpha, beta }: AlphaBetaOptions,
): number[] {
  const received = x.map(() => 0)
  for (const [j, r] of relevance.entries()) {
    const parts = x.map((value, i) => {
      const w = at(weight, i, j)
      return i < pixels
        ? value * w + Math.max(w, 0) - Math.min(w, 0)
        : value * (alpha * Math.max(w, 0) - beta * Math.min(w, 0))
    })
    const total = parts.reduce((sum, part) => sum + part, 0)
    if (total === 0) continue
    for (const [i, part] of parts.entries()) received[i] = (received[i] ?? 0) + (part / total) * r
  }
  return received
}

function at(matrix: readonly Vector[], i: number, j: number): number {
  return matrix[i]?.[j] ?? NaN
}
