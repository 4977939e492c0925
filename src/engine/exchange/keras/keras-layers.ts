import { z } from 'zod'
import { product } from '../../graph/shapes.ts'
import type { GraphBuilder } from '../networks/graph-builder.ts'
import { samePadding } from '../onnx/window-operations.ts'
import type { KerasLayer } from './keras-config.ts'
import { optionsOf, Size } from './keras-options.ts'
import { recur, recurBothWays, RECURRENT_LAYERS } from './keras-recurrent.ts'
import type { KerasWeights } from './keras-weights.ts'

const Sides = z.tuple([Size, Size])
const Padding = z.enum(['valid', 'same'])
/** Images are [rows, columns, channels], as Keras has them unless somebody asks for another order. */
const Format = z.literal('channels_last').nullish()
const ONE: [number, number] = [1, 1]

const Dense = z.object({ units: Size, use_bias: z.boolean() })
const Convolution = z.object({
  filters: Size,
  kernel_size: Sides,
  strides: Sides,
  dilation_rate: Sides.default(ONE),
  padding: Padding,
  groups: z.literal(1).default(1),
  use_bias: z.boolean(),
  data_format: Format,
})
const Pool = z.object({ pool_size: Sides, strides: Sides.nullish(), padding: Padding, data_format: Format })
const GlobalPool = z.object({ data_format: Format, keepdims: z.boolean().default(false) })
const Normalisation = z.object({
  axis: z.union([z.int(), z.tuple([z.int()]).transform(([axis]) => axis)]),
  epsilon: z.number().positive(),
  center: z.boolean(),
  scale: z.boolean(),
})
const Reshape = z.object({ target_shape: z.array(z.int().min(-1).max(1e6)).min(1).max(7) })
/** Axes are counted from 1, behind that of the batch. */
const Permute = z.object({ dims: z.array(z.int().positive()).max(7) })
const Flatten = z.object({ data_format: Format })
const Rectifier = z.object({
  max_value: z.null().optional(),
  negative_slope: z.literal(0).nullish(),
  threshold: z.literal(0).nullish(),
})

const KNOWN = [
  'Activation',
  'AveragePooling2D',
  'BatchNormalization',
  'Bidirectional',
  'Conv2D',
  'Dense',
  'Dropout',
  'Flatten',
  'GlobalAveragePooling2D',
  'InputLayer',
  ...RECURRENT_LAYERS,
  'MaxPooling2D',
  'Permute',
  'ReLU',
  'Reshape',
  'Softmax',
].toSorted()

/**
 * Writes a layer and its activation down.
 *
 * @param leaveOut for the last layer: takes the name of what turns logits into shares
 * @returns the name of its value
 * @throws HeatproofError `bad_model` naming the layer
 */
export function writeLayer(
  builder: GraphBuilder,
  weights: KerasWeights,
  layer: KerasLayer,
  input: string,
  leaveOut: ((name: string) => void) | undefined,
): string {
  const { kind, name, config } = layer
  switch (kind) {
    case 'Dropout':
      return input
    case 'Flatten':
      optionsOf(builder, Flatten, layer)
      return builder.add({ operation: 'reshape', input, shape: [product(builder.shape(input))] }, name)
    case 'Reshape':
      return reshape(builder, layer, input)
    case 'Permute':
      return permute(builder, layer, input)
    case 'LSTM':
    case 'GRU':
    case 'SimpleRNN':
      return recur(builder, weights, layer, input)
    case 'Bidirectional':
      return recurBothWays(builder, weights, layer, input)
    case 'ReLU':
      optionsOf(builder, Rectifier, layer)
      return activate(builder, 'relu', input, name, leaveOut)
    case 'Softmax':
      return activate(builder, 'softmax', input, name, leaveOut)
    case 'Activation':
      return activate(builder, config['activation'], input, name, leaveOut)
    case 'Dense':
    case 'Conv2D': {
      const sum = kind === 'Dense' ? dense : convolve
      const { activation } = config
      return activate(
        builder,
        activation,
        sum(builder, weights, layer, input),
        `${name} activation`,
        leaveOut,
      )
    }
    case 'BatchNormalization':
      return normalise(builder, weights, layer, input)
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return pool(builder, layer, input)
    case 'GlobalAveragePooling2D':
      return globalAverage(builder, layer, input)
    case 'Lambda':
      throw builder.refuse(
        'program code, as Lambda layers hold it,',
        'layers that Keras knows by their names: code of a file is not run',
        'Write the function with layers of Keras, or export the network as ONNX.',
      )
    default:
      throw builder.refuse(`the class ${kind}`, `one of ${KNOWN.join(', ')}`)
  }
}

function activate(
  builder: GraphBuilder,
  name: unknown,
  input: string,
  wish: string,
  leaveOut: ((name: string) => void) | undefined,
): string {
  if (name === 'linear' || name === null || name === undefined) return input
  if (leaveOut !== undefined && (name === 'softmax' || name === 'sigmoid')) {
    leaveOut(name)
    return input
  }
  if (name === 'relu' || name === 'tanh' || name === 'sigmoid') {
    return builder.add({ operation: 'activation', function: name, input }, wish)
  }
  throw builder.refuse(
    `the activation ${JSON.stringify(name)}`,
    'linear, relu, tanh or sigmoid; softmax at the end of the network',
  )
}

function reshape(builder: GraphBuilder, layer: KerasLayer, input: string): string {
  const { target_shape: target } = optionsOf(builder, Reshape, layer)
  const all = product(builder.shape(input))
  const known = product(target.filter((size) => size !== -1))
  const shape = target.map((size) => (size === -1 ? all / known : size))
  if (product(shape) !== all || shape.some((size) => !Number.isInteger(size) || size < 1)) {
    throw builder.refuse(`a shape [${target.join(', ')}] of ${all} values`, 'a shape of as many')
  }
  return builder.add({ operation: 'reshape', input, shape }, layer.name)
}

function permute(builder: GraphBuilder, layer: KerasLayer, input: string): string {
  const { dims } = optionsOf(builder, Permute, layer)
  const permutation = dims.map((axis) => axis - 1)
  return builder.add({ operation: 'transpose', input, permutation }, layer.name)
}

function dense(builder: GraphBuilder, weights: KerasWeights, layer: KerasLayer, input: string): string {
  const { units, use_bias: hasBias } = optionsOf(builder, Dense, layer)
  const shape = [builder.shape(input).at(-1) ?? 0, units]
  const data = weights.read(layer, 'kernel', 0, shape)
  const weight = builder.tensor(`${layer.name}.kernel`, { shape, data })
  const bias = hasBias ? biasOf(builder, weights, layer, units) : undefined
  return builder.linear([{ kind: 'dense', input, weight }], layer.name, bias)
}

function convolve(builder: GraphBuilder, weights: KerasWeights, layer: KerasLayer, input: string): string {
  const options = optionsOf(builder, Convolution, layer)
  const { filters, kernel_size: window, strides, dilation_rate: dilations } = options
  const [, , channels] = imageOf(builder, input)
  const shape = [...window, channels, filters]
  const data = weights.read(layer, 'kernel', 0, shape)
  const weight = builder.tensor(`${layer.name}.kernel`, { shape, data })
  const bias = options.use_bias ? biasOf(builder, weights, layer, filters) : undefined
  const padding = paddingOf(builder, input, { window, strides, dilations }, options.padding)
  return builder.linear(
    [{ kind: 'convolution', input, weight, strides, dilations, padding, channels: 'last' }],
    layer.name,
    bias,
  )
}

function biasOf(builder: GraphBuilder, weights: KerasWeights, layer: KerasLayer, units: number): string {
  const shape = [units]
  return builder.tensor(`${layer.name}.bias`, { shape, data: weights.read(layer, 'bias', 1, shape) })
}

/** `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, as factors and a bias. */
function normalise(builder: GraphBuilder, weights: KerasWeights, layer: KerasLayer, input: string): string {
  const { axis, epsilon, center, scale } = optionsOf(builder, Normalisation, layer)
  const rank = builder.shape(input).length
  if (axis !== -1 && axis !== rank) throw builder.refuse(`axis = ${axis}`, `the last one, ${rank}`)
  const shape = [builder.shape(input).at(-1) ?? 0]
  const names = [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : []), 'moving_mean', 'moving_variance']
  const read = new Map(names.map((name, place) => [name, weights.read(layer, name, place, shape)]))
  const negative = read.get('moving_variance')?.findIndex((value) => value + epsilon <= 0) ?? -1
  if (negative >= 0) throw builder.refuse(`a variance below 0 at index ${negative}`, 'one of at least 0')
  const at = (name: string, unit: number, otherwise: number) => read.get(name)?.[unit] ?? otherwise
  const factors = Float32Array.from(
    { length: shape[0] ?? 0 },
    (_, unit) => at('gamma', unit, 1) / Math.sqrt(at('moving_variance', unit, NaN) + epsilon),
  )
  const shifts = factors.map((factor, unit) => at('beta', unit, 0) - at('moving_mean', unit, NaN) * factor)
  const weight = builder.tensor(`${layer.name}.factors`, { shape, data: factors })
  const bias = builder.tensor(`${layer.name}.shifts`, { shape, data: shifts })
  return builder.linear([{ kind: 'scale', input, weight }], layer.name, bias)
}

function pool(builder: GraphBuilder, layer: KerasLayer, input: string): string {
  const options = optionsOf(builder, Pool, layer)
  const window = options.pool_size
  const strides = options.strides ?? window
  const padding = paddingOf(builder, input, { window, strides, dilations: ONE }, options.padding)
  const windows = { input, window, strides, padding, channels: 'last' } as const
  if (layer.kind === 'MaxPooling2D') return builder.add({ operation: 'max_pool', ...windows }, layer.name)
  return builder.linear([{ kind: 'average', countsPadding: false, ...windows }], layer.name)
}

function globalAverage(builder: GraphBuilder, layer: KerasLayer, input: string): string {
  const { keepdims: keeps } = optionsOf(builder, GlobalPool, layer)
  const [rows, columns, channels] = imageOf(builder, input)
  const mean = builder.linear(
    [
      {
        ...{ kind: 'average', input, window: [rows, columns], strides: ONE, padding: [0, 0, 0, 0] },
        ...{ channels: 'last', countsPadding: false },
      },
    ],
    layer.name,
  )
  if (keeps) return mean
  return builder.add({ operation: 'reshape', input: mean, shape: [channels] }, `${layer.name} as a row`)
}

function paddingOf(
  builder: GraphBuilder,
  input: string,
  windows: Parameters<typeof samePadding>[1],
  padding: z.infer<typeof Padding>,
): [number, number, number, number] {
  const [rows, columns] = imageOf(builder, input)
  return padding === 'same' ? samePadding([rows, columns], windows) : [0, 0, 0, 0]
}

function imageOf(builder: GraphBuilder, input: string): readonly [number, number, number] {
  const shape = builder.shape(input)
  const [rows = 0, columns = 0, channels = 0] = shape
  if (shape.length === 3) return [rows, columns, channels]
  throw builder.refuse(
    `values of shape [batch, ${shape.join(', ')}]`,
    'images: [batch, rows, columns, channels]',
  )
}
