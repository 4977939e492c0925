import { INPUT } from '../../graph/description.ts'
import { badFile } from '../bad-input.ts'
import { vector } from '../networks/constants.ts'
import { finishNetwork } from '../networks/finish-network.ts'
import { GraphBuilder } from '../networks/graph-builder.ts'
import { inputOf, type InputWishes } from '../networks/network-input.ts'
import type { ImportedNetwork } from '../networks/imported-network.ts'
import { foldConstants } from './constant-operations.ts'
import { nodeName, readOnnxGraph, type OnnxGraph } from './onnx-graph.ts'
import { BATCH_FIRST, constant, OnnxNode, signal, type OnnxValue } from './onnx-node.ts'
import { readTensor, type OnnxTensor, type ReadBeside } from './onnx-tensor.ts'
import { writeOperation } from './signal-operations.ts'

/** What turns logits into shares; the logits themselves are explained. */
const LAST = ['Softmax', 'LogSoftmax', 'Sigmoid']

/**
 * Compiles an ONNX network to a graph.
 *
 * @param source the file's name, for messages
 * @param readBeside gives files that the model keeps its weights in, from its own folder
 * @throws HeatproofError `bad_file`, `bad_model` naming the node, `bad_values` (NaN or infinity in a tensor)
 */
export function importOnnx(
  bytes: Uint8Array,
  source: string,
  wishes: InputWishes,
  readBeside: ReadBeside = () => undefined,
): ImportedNetwork {
  const onnx = readOnnxGraph(bytes, source)
  const { size, input } = inputOf(
    imageShape(onnx, source),
    wishes,
    'first',
    `the input '${onnx.input.name}' of ${source}`,
  )
  const builder = new GraphBuilder(input)
  const values = new Map<string, OnnxValue>([[onnx.input.name, signal(INPUT)]])
  for (const tensor of onnx.initializers) {
    values.set(
      tensor.name,
      constantOf(readTensor(tensor, readBeside, `the tensor '${tensor.name}' of ${source}`)),
    )
  }
  const leftOut = compileNodes(onnx, builder, values, source, readBeside)
  const output = values.get(onnx.output)
  if (output?.kind !== 'signal') {
    throw badFile({
      source,
      found: `an output '${onnx.output}' that does not depend on the image`,
      expected: 'logits',
    })
  }
  if (output.batch !== 0) {
    throw badFile({
      source,
      found: `an output '${onnx.output}' whose axis ${output.batch} is the batch`,
      expected: 'logits: [batch, classes]',
      advice: BATCH_FIRST,
    })
  }
  const format = `ONNX, opset ${onnx.opset}`
  return finishNetwork(builder, output.name, { size, tool: onnx.producer, format, leftOut })
}

/** Goes through the nodes in their order, and gives what was left out at the end. */
function compileNodes(
  onnx: OnnxGraph,
  builder: GraphBuilder,
  values: Map<string, OnnxValue>,
  source: string,
  readBeside: ReadBeside,
): string[] {
  const leftOut: string[] = []
  for (const message of onnx.nodes) {
    builder.where = `node '${nodeName(message)}' (${message.operation}) of ${source}`
    const inputs = message.inputs.map((name) => {
      if (name === '') return undefined
      const value = values.get(name)
      if (value !== undefined) return value
      const isLater = onnx.nodes.some(({ outputs }) => outputs.includes(name))
      throw builder.refuse(
        `the value '${name}', which ${isLater ? 'is only made later: a cycle, or another order' : 'nothing makes'}`,
        'nodes that read what was made before them',
        'The file is damaged, or was not written by an exporter: export the network again.',
      )
    })
    const node = new OnnxNode(message, builder, inputs)
    if (LAST.includes(message.operation) && message.outputs[0] === onnx.output) {
      leftOut.push(message.operation)
      values.set(onnx.output, node.turnable(0))
      continue
    }
    const made = valuesOf(node, readBeside)
    for (const [index, name] of message.outputs.entries()) {
      const value = made[index]
      if (value !== undefined && name !== '') values.set(name, value)
    }
  }
  return leftOut
}

function valuesOf(node: OnnxNode, readBeside: ReadBeside): readonly (OnnxValue | undefined)[] {
  const { operation, attributes } = node.message
  if (operation === 'Constant') {
    const [attribute] = attributes
    if (attribute?.tensor) {
      return [constantOf(readTensor(attribute.tensor, readBeside, node.builder.where))]
    }
    const numbers = [...(attribute?.wholes ?? []), ...(attribute?.floats ?? [])]
    const isList = attribute?.name.endsWith('s') ?? false
    const isWhole = (attribute?.wholes.length ?? 0) > 0
    return [constant({ ...(isList ? vector(numbers) : { shape: [], data: numbers }), isWhole })]
  }
  if (node.inputs.every((input) => input?.kind !== 'signal')) {
    const folded = foldConstants(node)
    if (folded !== undefined) return folded.map(constant)
  }
  return writeOperation(node)
}

function constantOf({ kind, shape, data }: OnnxTensor): OnnxValue {
  return constant({ shape, data: Array.from(data), isWhole: kind === 'whole' })
}

/** The shape of one image of the input, without the batch. */
function imageShape({ input }: OnnxGraph, source: string): number[] {
  const complain = (found: string, advice: string) =>
    badFile({
      source,
      found: `an input '${input.name}' ${found}`,
      expected: 'float32 of a shape [batch, ...] whose sizes are known but for the batch',
      advice,
    })
  if (input.type !== 1)
    throw complain(`of the data type ${input.type}`, 'Export the network for float32 inputs.')
  if (input.shape === undefined)
    throw complain('without a shape', 'Export the network with an example of its input.')
  const [batch, ...shape] = input.shape
  const sizes = shape.map((size) => (typeof size === 'number' && size > 0 ? size : NaN))
  const at = sizes.findIndex((size) => Number.isNaN(size))
  if (at >= 0) {
    throw complain(
      `whose axis ${at + 1} has the size '${String(shape[at])}', which is only known when it runs (dynamic shape)`,
      'Export the network for images of one size; only the batch may be dynamic.',
    )
  }
  if (typeof batch === 'number' && batch > 1) {
    throw complain(`for batches of ${batch}`, 'Export the network for a batch of 1, or with a dynamic batch.')
  }
  return sizes
}
