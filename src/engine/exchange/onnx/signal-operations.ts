import type { ACTIVATIONS } from '../../graph/description.ts'
import { scalar } from '../networks/constants.ts'
import { gemm, matMul, multiply, normalise, reciprocal, scaled, sum, total } from './arithmetic-operations.ts'
import { signal, type OnnxNode, type OnnxValue } from './onnx-node.ts'
import {
  concat,
  flatten,
  gather,
  reshape,
  shape,
  slice,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from './rearranging-operations.ts'
import { recurrent } from './recurrent-operations.ts'
import { averagePool, convolve, globalPool, maxPool, meanOf, padInput } from './window-operations.ts'

/** What an operation makes, one for each of its outputs; undefined for those that nobody asked for. */
type Operation = (node: OnnxNode) => OnnxValue | readonly (OnnxValue | undefined)[]

/** What every operation of ONNX that depends on the image becomes. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Identity: (node) => node.turnable(0),
  Dropout: (node) => node.turnable(0),
  Cast: (node) => node.turnable(0),
  Conv: (node) => signal(convolve(node)),
  Pad: (node) => signal(padInput(node)),
  MaxPool: (node) => signal(maxPool(node)),
  AveragePool: (node) => signal(averagePool(node)),
  GlobalAveragePool: (node) => signal(globalPool(node, 'average')),
  GlobalMaxPool: (node) => signal(globalPool(node, 'max')),
  ReduceMean: meanOf,
  Gemm: (node) => signal(gemm(node)),
  MatMul: matMul,
  Add: (node) => sum(node, 1),
  Sub: (node) => sum(node, -1),
  Sum: (node) => total(node),
  Mul: multiply,
  Div: (node) => scaled(node, node.turnable(0), reciprocal(node.constant(1))),
  Neg: (node) => scaled(node, node.turnable(0), scalar(-1)),
  BatchNormalization: (node) => signal(normalise(node)),
  Relu: (node) => activation(node, 'relu'),
  LeakyRelu: (node) => activation(node, 'leaky_relu', node.float('alpha', 0.01)),
  Elu: (node) => activation(node, 'elu', node.float('alpha', 1)),
  Softplus: (node) => activation(node, 'softplus'),
  Sigmoid: (node) => activation(node, 'sigmoid'),
  Tanh: (node) => activation(node, 'tanh'),
  Clip: (node) => clip(node),
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Slice: slice,
  Split: split,
  Gather: gather,
  Concat: concat,
  Shape: shape,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
}

/** The names of all operations that an import knows. */
export const ONNX_OPERATIONS = Object.keys(OPERATIONS).toSorted()

/** Writes a node that depends on the image into the graph. @throws HeatproofError `bad_model` naming the node */
export function writeOperation(node: OnnxNode): readonly (OnnxValue | undefined)[] {
  const operation = OPERATIONS[node.message.operation]
  if (operation === undefined) {
    throw node.refuse(`the operation '${node.message.operation}'`, `one of ${ONNX_OPERATIONS.join(', ')}`)
  }
  const made = operation(node)
  return 'kind' in made ? [made] : made
}

function activation(node: OnnxNode, name: (typeof ACTIVATIONS)[number], alpha?: number): OnnxValue {
  const { name: input, batch } = node.turnable(0)
  const parameters = alpha === undefined ? {} : { alpha }
  const active = { operation: 'activation', function: name, input, ...parameters } as const
  return signal(node.builder.add(active, node.output), batch)
}

function clip(node: OnnxNode): OnnxValue {
  const low = node.optional(1)?.data[0] ?? node.float('min', -3.4e38)
  const high = node.optional(2)?.data[0] ?? node.float('max', 3.4e38)
  const { name: input, batch } = node.turnable(0)
  const clipped = { operation: 'activation', function: 'clip', input } as const
  return signal(node.builder.add({ ...clipped, range: [low, high] }, node.output), batch)
}
