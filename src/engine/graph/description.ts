import { z } from 'zod'

/*
 * A network from elsewhere as a list of nodes in the order in which they are computed. Every node makes one value, which
 * has the node's name; the value `input` is the image. Shapes leave out the first axis, the batch's.
 */

/** The name of the image among the values. */
export const INPUT = 'input'

const Name = z.string().min(1).max(500)
const Size = z.int().positive().max(1e8)
const Sizes = z.array(Size).max(7)
const Pair = z.tuple([Size, Size])
const Edge = z.int().nonnegative().max(10_000)
/** Cells added to each side, in the order top, left, bottom, right. */
const Padding = z.tuple([Edge, Edge, Edge, Edge])
/** Whether an image is [channels, rows, columns] or [rows, columns, channels]. */
const Channels = z.enum(['first', 'last'])

const Window = { strides: Pair, padding: Padding, channels: Channels }

export const Term = z.discriminatedUnion('kind', [
  /** `x W` along the last axis, W [inputs, units]. */
  z.strictObject({ kind: z.literal('dense'), input: Name, weight: Name }),
  /** W [kernel rows, kernel columns, input channels, units]. */
  z.strictObject({
    kind: z.literal('convolution'),
    input: Name,
    weight: Name,
    dilations: Pair.default([1, 1]),
    ...Window,
  }),
  /** The average of every window; cells of the padding count only if it says so. */
  z.strictObject({
    kind: z.literal('average'),
    input: Name,
    window: Pair,
    countsPadding: z.boolean().default(false),
    ...Window,
  }),
  /** Times a constant, element by element. */
  z.strictObject({ kind: z.literal('scale'), input: Name, weight: Name }),
  /** The value as it is. */
  z.strictObject({ kind: z.literal('same'), input: Name }),
])
export type Term = z.infer<typeof Term>

/** What a value goes through element by element. */
export const ACTIVATIONS = ['relu', 'leaky_relu', 'clip', 'elu', 'softplus', 'sigmoid', 'tanh'] as const

export const GraphNode = z.discriminatedUnion('operation', [
  /** The sum of its terms and the bias: what weights make of one or several values. */
  z.strictObject({
    operation: z.literal('linear'),
    name: Name,
    terms: z.array(Term).min(1).max(1000),
    bias: Name.optional(),
  }),
  z.strictObject({
    operation: z.literal('activation'),
    name: Name,
    input: Name,
    function: z.enum(ACTIVATIONS),
    /** Slope below 0 of `leaky_relu`, scale of `elu`. */
    alpha: z.number().nonnegative().optional(),
    /** Where `clip` begins and ends. */
    range: z.tuple([z.number(), z.number()]).optional(),
  }),
  /** `signal * gate`: of the two only the signal takes relevance. */
  z.strictObject({ operation: z.literal('gate'), name: Name, signal: Name, gate: Name }),
  z.strictObject({ operation: z.literal('max_pool'), name: Name, input: Name, window: Pair, ...Window }),
  z.strictObject({ operation: z.literal('reshape'), name: Name, input: Name, shape: Sizes }),
  z.strictObject({
    operation: z.literal('transpose'),
    name: Name,
    input: Name,
    permutation: z.array(z.int().nonnegative()).max(7),
  }),
  /** Every `stride`-th entry of an axis from `start` on, `count` of them. */
  z.strictObject({
    operation: z.literal('slice'),
    name: Name,
    input: Name,
    axis: z.int().nonnegative().max(6),
    start: z.int().nonnegative(),
    count: Size,
    stride: Size.default(1),
  }),
  z.strictObject({
    operation: z.literal('reverse'),
    name: Name,
    input: Name,
    axis: z.int().nonnegative().max(6),
  }),
  z.strictObject({
    operation: z.literal('concat'),
    name: Name,
    inputs: z.array(Name).min(1).max(1000),
    axis: z.int().nonnegative().max(6),
  }),
  /** A tensor of the model, the same for every sample. */
  z.strictObject({ operation: z.literal('constant'), name: Name, tensor: Name }),
])
export type GraphNode = z.infer<typeof GraphNode>
export type LinearGraphNode = Extract<GraphNode, { operation: 'linear' }>
export type ActivationNode = Extract<GraphNode, { operation: 'activation' }>
export type GateGraphNode = Extract<GraphNode, { operation: 'gate' }>
export type MaxPoolNode = Extract<GraphNode, { operation: 'max_pool' }>
/** Moves values about; nothing is computed. */
export type Rearrangement = Extract<
  GraphNode,
  { operation: 'reshape' | 'transpose' | 'slice' | 'reverse' | 'concat' }
>

/** As many nodes as a graph may have. */
export const MOST_NODES = 100_000

export const GraphDescription = z.strictObject({
  version: z.literal(1),
  input: z.strictObject({
    shape: Sizes.min(1),
    /**
     * `image`: pixel by pixel, each with its channels; `planes`: one channel after the other; `steps`: [steps, pixels of a step row
     * by row], from left to right.
     */
    order: z.enum(['image', 'planes', 'steps']),
    /** What a value v in [-1, 1] is for the network: `scale * v + shift`. */
    scale: z.number(),
    shift: z.number(),
  }),
  nodes: z.array(GraphNode).min(1).max(MOST_NODES),
  /** The value of the logits, [classes]. */
  output: Name,
})
export type GraphDescription = z.infer<typeof GraphDescription>

/** The names of the values that a node reads. */
export function inputsOf(node: GraphNode): string[] {
  switch (node.operation) {
    case 'linear':
      return node.terms.map(({ input }) => input)
    case 'gate':
      return [node.signal, node.gate]
    case 'concat':
      return node.inputs
    case 'constant':
      return []
    case 'activation':
    case 'max_pool':
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'reverse':
      return [node.input]
  }
}

/** The tensors that a node multiplies by, adds or is. */
export function tensorsOf(node: GraphNode): string[] {
  if (node.operation === 'constant') return [node.tensor]
  if (node.operation !== 'linear') return []
  const weights = node.terms.flatMap((term) => ('weight' in term ? [term.weight] : []))
  return node.bias === undefined ? weights : [...weights, node.bias]
}

/** A node's name in messages, e.g. `relu 'fc1' (node 17)`. */
export function describeGraphNode(node: GraphNode, index: number): string {
  const operation = node.operation === 'activation' ? node.function : node.operation
  return `${operation} '${node.name}' (node ${index + 1})`
}
