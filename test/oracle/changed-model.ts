import { layoutOf, type Model } from '../../src/engine/models/model.ts'

/** A copy of a model with other values in its tensors. */
export function changedModel(
  model: Model,
  change: (name: string, values: Float32Array) => Float32Array,
): Model {
  const weights = [...model.weights].map(
    ([name, { shape, data }]) => [name, { shape, data: change(name, data) }] as const,
  )
  return { ...model, weights: new Map(weights) }
}

/** The logits' weights and effective biases times a positive factor. */
export function scaledLogits(model: Model, factor: number): Model {
  return changedModel(model, (name, values) => {
    if (name === 'logits.weight') return values.map((value) => factor * value)
    if (name !== 'logits.bias_raw') return values
    return values.map((raw) => Math.log(Math.expm1(factor * Math.log1p(Math.exp(raw)))))
  })
}

/** The same network with the units of every layer but the logits in reverse order. */
export function permutedUnits(model: Model): Model {
  const layout = layoutOf(model)
  return changedModel(model, (name, values) => {
    const layer = name.slice(0, name.lastIndexOf('.'))
    const units = model.weights.get(`${layer}.weight`)?.shape[1] ?? 0
    const column = (j: number) => (layer === 'logits' ? j : units - 1 - j)
    if (!name.endsWith('.weight')) return values.map((_, j) => values[column(j)] ?? NaN)
    const rows = (layout.layers[layer]?.inputs ?? []).flatMap((source) => {
      const { start, size } = layout.rowsOf(layer, source)
      return Array.from({ length: size }, (_, i) => start + (source === 'pixels' ? i : size - 1 - i))
    })
    return values.map(
      (_, index) => values[(rows[Math.floor(index / units)] ?? NaN) * units + column(index % units)] ?? NaN,
    )
  })
}
