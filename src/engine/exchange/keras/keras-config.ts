import { z } from 'zod'
import { badFile } from '../bad-input.ts'

/** A layer as Keras writes it down. */
export interface KerasLayer {
  readonly kind: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
}

/** Layers one after the other. */
export interface KerasChain {
  /** Shape of one image, without the batch. */
  readonly input: readonly number[]
  readonly layers: readonly KerasLayer[]
}

const Config = z.record(z.string(), z.unknown())
const Layer = z.object({ class_name: z.string(), config: Config, inbound_nodes: z.unknown().optional() })
const Model = z.object({
  class_name: z.string(),
  config: z.object({ layers: z.array(Layer).min(1).max(10_000) }),
})
type Layer = z.infer<typeof Layer>

const Shape = z.tuple([z.null()], z.int().positive().max(1e6))

/**
 * Reads the description of a network.
 *
 * @throws HeatproofError `bad_file`: no such description, no Sequential or functional model, no chain, an image of unknown size
 */
export function parseChain(text: string, source: string): KerasChain {
  const parsed = Model.safeParse(jsonOf(text, source))
  const kind = parsed.data?.class_name
  if (parsed.data === undefined || !['Sequential', 'Functional', 'Model'].includes(kind ?? '')) {
    throw badFile({
      source,
      found: kind === undefined ? 'a config without a list of layers' : `a model of the class ${kind}`,
      expected: 'a Sequential or functional model',
      advice:
        'Rebuild the network as keras.Sequential of its layers, or export it as ONNX: model.export(...).',
    })
  }
  const layers = parsed.data.config.layers.map((layer, index) => describe(layer, index))
  if (kind !== 'Sequential') requireChain(parsed.data.config.layers, layers, source)
  return { input: inputShape(layers, source), layers: layers.filter(({ kind }) => kind !== 'InputLayer') }
}

function describe({ class_name: kind, config }: Layer, index: number): KerasLayer {
  const { name } = config
  return { kind, config, name: typeof name === 'string' ? name : `layer ${index + 1}` }
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badFile({
      source,
      found: 'a config that is no JSON',
      expected: 'the config that Keras writes',
      cause,
    })
  }
}

/** Each layer of a functional model must read the one before it, once. */
function requireChain(written: readonly Layer[], layers: readonly KerasLayer[], source: string): void {
  for (const [index, layer] of layers.entries()) {
    const read = namesRead(written[index]?.inbound_nodes)
    const expected = layers.slice(Math.max(0, index - 1), index).map(({ name }) => name)
    if (read.join('\n') === expected.join('\n')) continue
    const list = read.length === 0 ? 'nothing' : read.map((name) => `'${name}'`).join(' and ')
    throw badFile({
      source,
      found: `the layer '${layer.name}' (${layer.kind}), which reads ${list}`,
      expected: index === 0 ? 'one input' : `a chain: '${expected.join('')}', the layer before it`,
      advice: 'Networks with branches come in as ONNX: model.export("net.onnx", format="onnx").',
    })
  }
}

/** `keras_history` since Keras 3; lists of [name, node, tensor, options] before. */
function namesRead(nodes: unknown): string[] {
  if (Array.isArray(nodes)) {
    const [name, ...places] = nodes as readonly unknown[]
    if (typeof name === 'string' && typeof places[0] === 'number') return [name]
    return nodes.flatMap(namesRead)
  }
  if (typeof nodes !== 'object' || nodes === null) return []
  if ('keras_history' in nodes) return namesRead(nodes.keras_history)
  return Object.values(nodes).flatMap(namesRead)
}

function inputShape([first]: readonly KerasLayer[], source: string): number[] {
  const { batch_shape: shape, batch_input_shape: earlier } = first?.config ?? {}
  const parsed = Shape.safeParse(shape ?? earlier)
  if (parsed.success && parsed.data.length > 1) return parsed.data.slice(1).map(Number)
  throw badFile({
    source,
    found: `an input of shape ${JSON.stringify(shape ?? earlier ?? null)}`,
    expected: 'one whose sizes are known but for the batch, e.g. [null, 28, 84, 1]',
    advice: 'Begin the network with keras.Input of the size of one image, and save it again.',
  })
}
