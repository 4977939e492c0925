import type { NamedTensor } from '../exchange/safetensors.ts'
import { badModel } from '../models/model.ts'
import {
  describeGraphNode,
  INPUT,
  inputsOf,
  type ActivationNode,
  type GraphDescription,
  type GraphNode,
  type Term,
} from './description.ts'
import { movedBox } from './moved-box.ts'
import { rearrangedFacts } from './rearranged-facts.ts'

/** What is known of a value before anything is computed. */
export interface ValueFacts {
  /** Without the batch's axis. */
  readonly shape: readonly number[]
  /** The range of pixels, for values that are pixels scaled and moved about and nothing else. */
  readonly box: Box | undefined
  /** No value of it is ever below 0. */
  readonly nonNegative: boolean
  /** Made by a sigmoid, so that a product with it is a gate's. */
  readonly isGate: boolean
}

export interface Box {
  readonly low: number
  readonly high: number
}

export type Tensors = ReadonlyMap<string, NamedTensor>

/** The size of an image with its channels, and how to write it down. */
export interface ImageShape {
  readonly rows: number
  readonly columns: number
  readonly channels: number
}

/**
 * Checks a graph whole: every node reads what was made before it, every tensor is there and fits, and what comes out is a row of
 * logits.
 *
 * @returns the facts of every value by its name
 * @throws HeatproofError `bad_model` naming the node, what was found and what was expected
 */
export function checkGraph(graph: GraphDescription, tensors: Tensors): ReadonlyMap<string, ValueFacts> {
  const facts = new Map([[INPUT, inputFacts(graph.input)]])
  for (const [index, node] of graph.nodes.entries()) {
    const where = describeGraphNode(node, index)
    const missing = inputsOf(node).find((input) => !facts.has(input))
    if (missing !== undefined) {
      const later = graph.nodes.some(({ name }) => name === missing)
      throw badModel(
        `${where} reading '${missing}', which ${later ? 'is only made later: a cycle, or another order' : 'no node makes'}`,
        'nodes that read what was made before them',
      )
    }
    facts.set(node.name, factsOfNode(node, facts, tensors, where))
  }
  const output = facts.get(graph.output)
  if (output === undefined) throw badModel(`no value '${graph.output}', the output`, 'a node of that name')
  if (output.shape.length !== 1 || output.box !== undefined) {
    throw badModel(
      `an output '${graph.output}' of shape ${printShape(output.shape)}`,
      'one logit a class: a shape [classes]',
    )
  }
  return facts
}

export function inputFacts({ shape, scale, shift }: GraphDescription['input']): ValueFacts {
  const [low, high] = [shift - Math.abs(scale), shift + Math.abs(scale)]
  return { shape, box: { low, high }, nonNegative: low >= 0, isGate: false }
}

/**
 * What is known of a node's value, from what is known of those that it reads.
 *
 * @param where names the node, for messages
 * @throws HeatproofError `bad_model`: a name twice, shapes or tensors that do not fit
 */
export function factsOfNode(
  node: GraphNode,
  facts: ReadonlyMap<string, ValueFacts>,
  tensors: Tensors,
  where: string,
): ValueFacts {
  if (facts.has(node.name))
    throw badModel(`a second value '${node.name}' at ${where}`, 'one node for every name')
  return factsOf(node, { where, tensors, of: (name) => known(facts, name) })
}

interface Context {
  readonly where: string
  readonly tensors: Tensors
  readonly of: (name: string) => ValueFacts
}

function factsOf(node: GraphNode, context: Context): ValueFacts {
  switch (node.operation) {
    case 'linear': {
      const [first = [], ...others] = node.terms.map((term) => termShape(term, context))
      const unequal = others.find((shape) => shape.join() !== first.join())
      if (unequal !== undefined) {
        throw badModel(
          `a sum of values of shapes ${printShape(first)} and ${printShape(unequal)} at ${context.where}`,
          'values of one shape',
        )
      }
      if (node.bias !== undefined) requireBroadcast(tensorOf(node.bias, context), node.bias, first, context)
      return { ...linearFacts(node, context), shape: first, isGate: isGateLinear(node, context) }
    }
    case 'activation':
      return activationFacts(node, context)
    case 'gate': {
      const [signal, gate] = [context.of(node.signal), context.of(node.gate)]
      if (signal.shape.join() !== gate.shape.join()) {
        throw badModel(
          `a gate of shape ${printShape(gate.shape)} for a signal of ${printShape(signal.shape)} at ${context.where}`,
          'the same shape',
        )
      }
      return {
        shape: signal.shape,
        box: undefined,
        nonNegative: signal.nonNegative && gate.nonNegative,
        isGate: false,
      }
    }
    case 'max_pool': {
      const { shape, nonNegative } = context.of(node.input)
      return {
        shape: windowedShape(shape, node, node.window, context),
        box: undefined,
        nonNegative,
        isGate: false,
      }
    }
    case 'constant': {
      const { shape, data } = tensorOf(node.tensor, context)
      return { shape, box: undefined, nonNegative: data.every((value) => value >= 0), isGate: false }
    }
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'reverse':
    case 'concat':
      return rearrangedFacts(node, context)
  }
}

function activationFacts(node: ActivationNode, context: Context): ValueFacts {
  const { shape } = context.of(node.input)
  const lowest = node.function === 'clip' ? (node.range?.[0] ?? NaN) : 0
  if (node.function === 'clip' && !(lowest < (node.range?.[1] ?? NaN))) {
    throw badModel(`a clip without a range at ${context.where}`, 'where it begins and ends')
  }
  const nonNegative = !['leaky_relu', 'elu', 'tanh'].includes(node.function) && lowest >= 0
  return { shape, box: undefined, nonNegative, isGate: node.function === 'sigmoid' }
}

/** A box stays one under factors and summands; a sum of what is never negative by weights that are not is not either. */
function linearFacts(
  { terms, bias }: Extract<GraphNode, { operation: 'linear' }>,
  context: Context,
): Pick<ValueFacts, 'box' | 'nonNegative'> {
  const weightOf = (term: Term) => ('weight' in term ? tensorOf(term.weight, context).data : undefined)
  const biases = bias === undefined ? undefined : tensorOf(bias, context).data
  const isPositive = (values: Float32Array | undefined) => values?.every((value) => value >= 0) ?? true
  const nonNegative =
    isPositive(biases) &&
    terms.every((term) => context.of(term.input).nonNegative && isPositive(weightOf(term)))
  const [term] = terms
  if (term === undefined || terms.length > 1) return { box: undefined, nonNegative }
  const { box } = context.of(term.input)
  const isElementwise = term.kind === 'same' || term.kind === 'scale'
  const factors = 'weight' in term ? tensorOf(term.weight, context) : undefined
  const summands = bias === undefined ? undefined : tensorOf(bias, context)
  const moved = box && isElementwise ? movedBox(box, factors, summands) : undefined
  if (moved === undefined) return { box: undefined, nonNegative }
  return { box: moved, nonNegative: moved.low >= 0 }
}

/** `1 - gate` and the like are gates themselves. */
function isGateLinear({ terms }: Extract<GraphNode, { operation: 'linear' }>, context: Context): boolean {
  return terms.every(
    (term) => (term.kind === 'same' || term.kind === 'scale') && context.of(term.input).isGate,
  )
}

function termShape(term: Term, context: Context): number[] {
  const { shape } = context.of(term.input)
  switch (term.kind) {
    case 'same':
      return [...shape]
    case 'scale':
      requireBroadcast(tensorOf(term.weight, context), term.weight, shape, context)
      return [...shape]
    case 'dense': {
      const weight = tensorOf(term.weight, context)
      const [inputs, units] = weight.shape
      if (weight.shape.length !== 2 || inputs !== shape.at(-1) || units === undefined) {
        throw misfit(term.weight, weight.shape, `[${shape.at(-1) ?? 1}, units]`, context)
      }
      return [...shape.slice(0, -1), units]
    }
    case 'average':
      return windowedShape(shape, term, term.window, context)
    case 'convolution': {
      const weight = tensorOf(term.weight, context)
      const { channels } = imageOf(shape, term.channels, context.where)
      const [rows = 0, columns = 0, inputs, units = 0] = weight.shape
      if (weight.shape.length !== 4 || inputs !== channels) {
        throw misfit(term.weight, weight.shape, `[kernel rows, kernel columns, ${channels}, units]`, context)
      }
      const [down, right] = term.dilations
      const window = [(rows - 1) * down + 1, (columns - 1) * right + 1] as const
      return windowedShape(shape, term, window, context, units)
    }
  }
}

/** The shape of what windows make of an image. */
function windowedShape(
  shape: readonly number[],
  {
    strides,
    padding,
    channels,
  }: Pick<Extract<Term, { kind: 'average' }>, 'strides' | 'padding' | 'channels'>,
  [height, width]: readonly [number, number],
  { where }: Context,
  units?: number,
): number[] {
  const image = imageOf(shape, channels, where)
  const [top, left, bottom, right] = padding
  const rows = Math.floor((image.rows + top + bottom - height) / strides[0]) + 1
  const columns = Math.floor((image.columns + left + right - width) / strides[1]) + 1
  if (rows < 1 || columns < 1) {
    throw badModel(
      `a window of ${height} x ${width} on an image of ${image.rows} x ${image.columns} at ${where}`,
      'a window that fits',
    )
  }
  return shapeOfImage({ rows, columns, channels: units ?? image.channels }, channels)
}

export function imageOf(shape: readonly number[], order: 'first' | 'last', where: string): ImageShape {
  const [a = 0, b = 0, c = 0] = shape
  if (shape.length !== 3) {
    throw badModel(
      `a value of shape ${printShape(shape)} at ${where}`,
      'an image: rows, columns and channels',
    )
  }
  return order === 'first' ? { channels: a, rows: b, columns: c } : { rows: a, columns: b, channels: c }
}

function shapeOfImage({ rows, columns, channels }: ImageShape, order: 'first' | 'last'): number[] {
  return order === 'first' ? [channels, rows, columns] : [rows, columns, channels]
}

function tensorOf(name: string, { tensors, where }: Context): NamedTensor {
  const tensor = tensors.get(name)
  if (tensor !== undefined) return tensor
  throw badModel(`no tensor '${name}', which ${where} reads`, 'every tensor of the graph')
}

function requireBroadcast(
  tensor: NamedTensor,
  name: string,
  shape: readonly number[],
  context: Context,
): void {
  const lacking = shape.length - tensor.shape.length
  const fits =
    lacking >= 0 && tensor.shape.every((size, index) => size === 1 || size === shape[lacking + index])
  if (!fits) throw misfit(name, tensor.shape, `one that goes with ${printShape(shape)}`, context)
}

function misfit(name: string, shape: readonly number[], expected: string, { where }: Context) {
  return badModel(
    `the tensor '${name}' of shape ${printShape(shape)} at ${where}`,
    `the shape ${expected}`.replace('the shape one', 'one'),
  )
}

export function printShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}

/** The facts of a value of a graph that was checked. */
export function known(facts: ReadonlyMap<string, ValueFacts>, name: string): ValueFacts {
  const found = facts.get(name)
  if (found === undefined) throw new RangeError(`no value '${name}'`)
  return found
}
