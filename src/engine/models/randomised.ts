import { ARCHITECTURES, POOLS, STATES, type Architecture } from './architectures.ts'
import { initialWeights } from './initial-weights.ts'
import { layoutOf, type Model } from './model.ts'

/**
 * The layers of a network from the output to the input: by the number of layers between them and the logits, and of equally far
 * ones that first which is declared last. A recurrent layer stands where its output is first read.
 */
export function layersFromOutput(architecture: Architecture): string[] {
  const layers = Object.keys(architecture.layers).reverse()
  const ordered: string[] = []
  for (let reached = ['logits']; reached.length > 0;) {
    ordered.push(...reached)
    const read = new Set(reached.flatMap((layer) => layersRead(architecture, layer)))
    reached = layers.filter((layer) => read.has(layer) && !ordered.includes(layer))
  }
  return ordered
}

/** The layers whose values a layer reads. A gated state is made by all layers of its cell. */
function layersRead({ layers }: Architecture, layer: string): string[] {
  return (layers[layer]?.inputs ?? []).flatMap((source) => {
    const state = STATES[source]
    if (state === undefined) return [POOLS[source] ?? source]
    const cell = `${state.split('.')[0] ?? ''}.`
    return Object.keys(layers).filter((name) => name.startsWith(cell))
  })
}

/**
 * The model with fresh initial weights and biases in its first `count` layers from the output on: a stage of the cascading
 * randomisation of Adebayo et al. 2018, 'Sanity checks for saliency maps'. A layer's fresh weights depend on the seed and its
 * name alone, so that stages of one seed share them. They are drawn apart from those that a training starts with: the seed of
 * a trained model does not bring its own initial weights back.
 *
 * @param count from 0 (the model as it is) to the number of layers
 * @throws HeatproofError as {@link layoutOf}
 */
export function randomisedModel(model: Model, count: number, seed: number): Model {
  const layout = layoutOf(model)
  const layers = layersFromOutput(ARCHITECTURES[model.architecture]).slice(0, count)
  if (layers.length === 0) return model
  const fresh = initialWeights(layout, freshSeed(seed))
  const weights = new Map(model.weights)
  for (const name of layers.flatMap((layer) => [`${layer}.weight`, layout.biasName(layer)])) {
    const tensor = fresh.get(name)
    if (tensor !== undefined) weights.set(name, tensor)
  }
  const metadata = { ...model.metadata, randomised: layers.join(' '), randomised_seed: String(seed) }
  return { ...model, weights, metadata }
}

/** The seed of the fresh weights, which no training uses. */
export function freshSeed(seed: number): string {
  return `randomised ${seed}`
}
