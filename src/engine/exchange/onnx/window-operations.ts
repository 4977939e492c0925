import { product } from '../../graph/shapes.ts'
import { requireHoldable, transposed, type Constant } from '../networks/constants.ts'
import { signal, type OnnxNode, type OnnxSignal } from './onnx-node.ts'

type Pair = [number, number]
type Padding = [number, number, number, number]

interface WindowAttributes {
  readonly input: string
  /** The shape of one image: [channels, rows, columns]; a line has one row. */
  readonly shape: readonly number[]
  /** Whether the value is a line: it had no axis of rows. */
  readonly isLine: boolean
  readonly window: Pair
  readonly strides: Pair
  readonly dilations: Pair
  readonly padding: Padding
}

/** A convolution in two dimensions or one, in groups too: kernels of other groups are zeros. */
export function convolve(node: OnnxNode): string {
  const given = node.constant(1)
  const [units = 0, , ...kernel] = given.shape
  const attributes = windowsOf(node, kernel)
  const weight = kernelOf(node, given, node.whole('group', 1), attributes)
  const name = node.builder.tensor(node.message.inputs[1] ?? `${node.output} weight`, {
    shape: [...weight.shape],
    data: Float32Array.from(weight.data),
  })
  const bias = node.optional(2)
  const { input, strides, dilations, padding } = attributes
  const added =
    bias &&
    node.builder.tensor(node.message.inputs[2] ?? `${node.output} bias`, {
      shape: [units, 1, 1],
      data: Float32Array.from(bias.data),
    })
  return asBefore(
    node,
    node.builder.linear(
      [{ kind: 'convolution', input, weight: name, strides, dilations, padding, channels: 'first' }],
      node.output,
      added,
    ),
    attributes,
  )
}

/** [units, channels of a group, rows, columns] -> [rows, columns, all channels, units] */
function kernelOf(node: OnnxNode, given: Constant, groups: number, { shape }: WindowAttributes): Constant {
  const [units = 0, own = 0, ...sizes] = given.shape
  const [rows, columns] = pairOf(sizes, 1)
  const [channels = 0] = shape
  const last = transposed({ shape: [units, own, rows, columns], data: given.data }, [2, 3, 1, 0])
  if (groups === 1) return last
  if (channels !== own * groups || units % groups !== 0) {
    throw node.refuse(
      `${groups} groups of ${own} channels for ${channels}`,
      'groups that make up all channels',
    )
  }
  requireHoldable([rows, columns, channels, units])
  const data = Array<number>(rows * columns * channels * units).fill(0)
  const perGroup = units / groups
  for (let cell = 0; cell < rows * columns; cell += 1) {
    for (let unit = 0; unit < units; unit += 1) {
      const first = Math.floor(unit / perGroup) * own
      for (let k = 0; k < own; k += 1) {
        data[(cell * channels + first + k) * units + unit] = last.data[(cell * own + k) * units + unit] ?? NaN
      }
    }
  }
  return { shape: [rows, columns, channels, units], data }
}

export function maxPool(node: OnnxNode): string {
  const attributes = windowsOf(node, node.wholes('kernel_shape') ?? [])
  requirePlain(node, attributes)
  const { input, window, strides, padding } = attributes
  return asBefore(
    node,
    node.builder.add(
      { operation: 'max_pool', input, window, strides, padding, channels: 'first' },
      node.output,
    ),
    attributes,
  )
}

export function averagePool(node: OnnxNode): string {
  const attributes = windowsOf(node, node.wholes('kernel_shape') ?? [])
  requirePlain(node, attributes)
  const { input, window, strides, padding } = attributes
  const countsPadding = node.whole('count_include_pad', 0) === 1
  return asBefore(
    node,
    node.builder.linear(
      [{ kind: 'average', input, window, strides, padding, channels: 'first', countsPadding }],
      node.output,
    ),
    attributes,
  )
}

export function globalPool(node: OnnxNode, kind: 'average' | 'max'): string {
  const [, ...sizes] = node.builder.shape(node.signal(0))
  const attributes = windowsOf(node, sizes)
  const { input, window } = attributes
  const shared = {
    input,
    window,
    strides: [1, 1] as Pair,
    padding: [0, 0, 0, 0] as Padding,
    channels: 'first' as const,
  }
  const pooled =
    kind === 'max'
      ? node.builder.add({ operation: 'max_pool', ...shared }, node.output)
      : node.builder.linear([{ kind: 'average', countsPadding: false, ...shared }], node.output)
  return asBefore(node, pooled, attributes)
}

/** The mean over axes that lie side by side, as an average over all rows of an image. */
export function meanOf(node: OnnxNode): OnnxSignal {
  const { builder } = node
  const { name: input, batch } = node.turnable(0)
  const shape = builder.shape(input)
  const axes = (node.wholesOr('axes', 1) ?? [])
    .map((axis) => node.axis(axis, shape.length + 1, batch))
    .toSorted((a, b) => a - b)
  const [first = 0] = axes
  if (axes.length === 0 || axes.some((axis, index) => axis !== first + index)) {
    throw node.refuse(`a mean over the axes ${axes.map((axis) => axis + 1).join(', ')}`, 'axes side by side')
  }
  const [before, along, after] = [
    product(shape.slice(0, first)),
    product(shape.slice(first, first + axes.length)),
    product(shape.slice(first + axes.length)),
  ]
  const image = builder.add(
    { operation: 'reshape', input, shape: [before, along, after] },
    `${node.output} as an image`,
  )
  const mean = builder.linear(
    [
      {
        kind: 'average',
        input: image,
        window: [along, 1],
        strides: [1, 1],
        padding: [0, 0, 0, 0],
        channels: 'first',
        countsPadding: false,
      },
    ],
    `${node.output} mean`,
  )
  const keeps = node.whole('keepdims', 1) === 1
  const reduced = shape.flatMap((each, axis) => (axes.includes(axis) ? (keeps ? [1] : []) : [each]))
  const rows = builder.add({ operation: 'reshape', input: mean, shape: reduced }, node.output)
  return signal(rows, keeps ? batch : batch - axes.filter((axis) => axis < batch).length)
}

/** Zeros around an image: the next convolution adds them, so that no relevance lies on what is no pixel. */
export function padInput(node: OnnxNode): string {
  const pads = node.wholesOr('pads', 1) ?? []
  if (pads.every((pad) => pad === 0)) return node.signal(0)
  throw node.refuse(
    `a Pad of [${pads.join(', ')}]`,
    'padding as an attribute of the convolution or pool that follows',
    'Give the padding to the layer itself, e.g. Conv2d(..., padding=1), and export again.',
  )
}

function windowsOf(node: OnnxNode, sizes: readonly number[]): WindowAttributes {
  const { builder } = node
  const given = node.signal(0)
  const shape = builder.shape(given)
  const isLine = shape.length === 2
  if (shape.length !== sizes.length + 1 || sizes.length > 2) {
    throw node.refuse(
      `a window of ${sizes.length} dimensions on a value [batch, ${shape.join(', ')}]`,
      'one or two dimensions beside batch and channels',
    )
  }
  const [channels = 0, columns = 0] = shape
  const input = isLine
    ? builder.add(
        { operation: 'reshape', input: given, shape: [channels, 1, columns] },
        `${node.output} as an image`,
      )
    : given
  const image = isLine ? [channels, 1, columns] : shape
  const window = pairOf(sizes, 1)
  const strides = pairOf(node.wholes('strides') ?? sizes.map(() => 1), 1)
  const dilations = pairOf(node.wholes('dilations') ?? sizes.map(() => 1), 1)
  const pads = node.wholes('pads') ?? sizes.flatMap(() => [0, 0])
  const half = pads.length / 2
  const [[top, left], [bottom, right]] = [pairOf(pads.slice(0, half), 0), pairOf(pads.slice(half), 0)]
  const automatic = node.text('auto_pad') ?? 'NOTSET'
  const padding: Padding = automatic.startsWith('SAME')
    ? samePadding(image.slice(1), { window, strides, dilations }, automatic === 'SAME_UPPER')
    : [top, left, bottom, right]
  return { input, shape: image, isLine, window, strides, dilations, padding }
}

/** As much padding as makes one window of every stride; an odd cell goes to the end (`upper`) or the beginning. */
export function samePadding(
  sizes: readonly number[],
  { window, strides, dilations }: { window: Pair; strides: Pair; dilations: Pair },
  upper = true,
): Padding {
  const along = (axis: 0 | 1): Pair => {
    const size = sizes[axis] ?? 0
    const reach = (window[axis] - 1) * dilations[axis] + 1
    const all = Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + reach - size)
    const [less, more] = [Math.floor(all / 2), Math.ceil(all / 2)]
    return upper ? [less, more] : [more, less]
  }
  const [[top, bottom], [left, right]] = [along(0), along(1)]
  return [top, left, bottom, right]
}

/** A line as an image of one row. */
function pairOf(values: readonly number[], otherwise: number): Pair {
  const [first = otherwise, second] = values
  return second === undefined ? [otherwise, first] : [first, second]
}

function requirePlain(node: OnnxNode, { dilations }: WindowAttributes): void {
  if (dilations.some((size) => size !== 1)) throw node.refuse('a pool with dilations', 'a pool without')
  if (node.whole('ceil_mode', 0) === 1) throw node.refuse('a pool with ceil_mode', 'a pool without')
}

/** A line again, where the value was one. */
function asBefore(node: OnnxNode, image: string, { isLine }: WindowAttributes): string {
  if (!isLine) return image
  const [channels = 0, , columns = 0] = node.builder.shape(image)
  return node.builder.add(
    { operation: 'reshape', input: image, shape: [channels, columns] },
    `${node.output} as a line`,
  )
}
