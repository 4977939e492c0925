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

/** The same network with the units (of convolutions: channels) of every layer but the logits in reverse order. */
export function permutedUnits(model: Model): Model {
  const layout = layoutOf(model)
  return changedModel(model, (name, values) => {
    const layer = name.slice(0, name.lastIndexOf('.'))
    const shape = model.weights.get(`${layer}.weight`)?.shape ?? []
    const [rowCount = 0, units = 0] = shape.slice(-2)
    const column = (j: number) => (layer === 'logits' ? j : units - 1 - j)
    if (!name.endsWith('.weight')) return values.map((_, j) => values[column(j)] ?? NaN)
    const rows = layout.layer(layer).inputs.flatMap((source) => {
      const { start, size } = layout.rowsOf(layer, source)
      const { channels } = layout.extentOf(source)
      return Array.from(
        { length: size },
        (_, i) => start + i - (i % channels) + channels - 1 - (i % channels),
      )
    })
    return values.map((_, index) => {
      const row = Math.floor(index / units)
      const cell = row - (row % rowCount)
      return values[(cell + (rows[row % rowCount] ?? NaN)) * units + column(index % units)] ?? NaN
    })
  })
}

/** The same network with weights of 0 between chosen layers and inputs. */
export function withoutBlocks(model: Model, isChosen: (layer: string, source: string) => boolean): Model {
  const layout = layoutOf(model)
  return changedModel(model, (name, values) => {
    if (!name.endsWith('.weight')) return values
    const layer = name.slice(0, -'.weight'.length)
    const [rowCount = 0, units = 0] = (model.weights.get(name)?.shape ?? []).slice(-2)
    const chosen = layout.layer(layer).inputs.filter((source) => isChosen(layer, source))
    const blocks = chosen.map((source) => layout.rowsOf(layer, source))
    return values.map((value, index) => {
      const row = Math.floor(index / units) % rowCount
      return blocks.some(({ start, size }) => row >= start && row < start + size) ? 0 : value
    })
  })
}
