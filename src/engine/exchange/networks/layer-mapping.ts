import { z } from 'zod'
import { badFile } from '../bad-input.ts'

const Size = z.int().positive().max(100_000)
const Sides = z.union([Size, z.tuple([Size, Size])]).transform((value): [number, number] => pair(value))
const Edge = z.int().nonnegative().max(10_000)
const Edges = z.union([Edge, z.tuple([Edge, Edge])]).transform((value): [number, number] => pair(value))
/** The beginning of its tensors' names, e.g. `features.0` for `features.0.weight`. */
const Name = z.string().min(1).max(400)

function pair(value: number | readonly [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : [value[0], value[1]]
}

/** What goes on to the next layer: every step, the last one, or the last state of each direction. */
const Recurrent = {
  name: Name,
  num_layers: z.int().positive().max(100).default(1),
  bidirectional: z.boolean().default(false),
  output: z.enum(['all', 'last', 'states']).default('all'),
}
const Nonlinearity = z.enum(['tanh', 'relu'])

const Pool = { size: Sides, stride: Sides.optional(), padding: Edges.default([0, 0]) }

/** A layer under the name and with the options that PyTorch has for it. */
const MappedLayer = z.discriminatedUnion('layer', [
  z.strictObject({ layer: z.literal('Linear'), name: Name }),
  z.strictObject({
    layer: z.literal('Conv2d'),
    name: Name,
    stride: Sides.default([1, 1]),
    padding: Edges.default([0, 0]),
    dilation: Sides.default([1, 1]),
  }),
  z.strictObject({ layer: z.literal('BatchNorm'), name: Name, eps: z.number().positive().default(1e-5) }),
  z.strictObject({ layer: z.literal('MaxPool2d'), ...Pool }),
  z.strictObject({ layer: z.literal('AvgPool2d'), ...Pool }),
  z.strictObject({ layer: z.literal('LSTM'), ...Recurrent }),
  z.strictObject({ layer: z.literal('GRU'), ...Recurrent }),
  z.strictObject({ layer: z.literal('RNN'), nonlinearity: Nonlinearity.default('tanh'), ...Recurrent }),
  z.strictObject({ layer: z.literal('ReLU') }),
  z.strictObject({ layer: z.literal('LeakyReLU'), slope: z.number().nonnegative().default(0.01) }),
  z.strictObject({ layer: z.literal('ELU'), alpha: z.number().nonnegative().default(1) }),
  z.strictObject({ layer: z.literal('Sigmoid') }),
  z.strictObject({ layer: z.literal('Tanh') }),
  z.strictObject({ layer: z.literal('Flatten') }),
  /** Axes as PyTorch counts them, with the batch as the first. */
  z.strictObject({ layer: z.literal('Permute'), dims: z.array(z.int().min(0).max(7)).min(2).max(8) }),
])
export type MappedLayer = z.infer<typeof MappedLayer>
export type RecurrentLayer = Extract<MappedLayer, { layer: 'LSTM' | 'GRU' | 'RNN' }>

const LayerMapping = z.strictObject({
  /** The shape of one image, without the batch, e.g. [1, 28, 84]. */
  input: z.array(Size).min(1).max(3),
  layers: z.array(MappedLayer).min(1).max(1000),
})
export type LayerMapping = z.infer<typeof LayerMapping>

/** Reads the JSON that says which layers a file of weights belongs to. @throws HeatproofError `bad_file` naming the place */
export function parseMapping(text: string, source: string): LayerMapping {
  const parsed = LayerMapping.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw badFile({
    source,
    found: `a mapping that says at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}`,
    expected: 'JSON of the input shape and the layers in their order',
    advice: 'Compare it with the example in the user guide.',
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
