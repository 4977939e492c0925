import { badFile } from '../bad-input.ts'
import {
  readModelMessage,
  type GraphMessage,
  type ModelMessage,
  type NodeMessage,
  type ValueMessage,
} from './onnx-messages.ts'

/** Versions of ONNX's own operators whose meaning the import knows. */
export const OPSETS = { first: 7, last: 26 } as const

const FORMAT = 'an ONNX model, as torch.onnx.export or another exporter writes it'

/** The parts of an ONNX file that an import reads, after the checks that need no operation's meaning. */
export interface OnnxGraph extends GraphMessage {
  readonly producer: string
  readonly opset: number
  readonly input: ValueMessage
  readonly output: string
}

/**
 * Reads the structure of an ONNX file.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`: no ONNX, damaged, an opset or a construction that is not known
 */
export function readOnnxGraph(bytes: Uint8Array, source: string): OnnxGraph {
  const { graph, opsets, producer, functions } = messageOf(bytes, source)
  if (graph === undefined || graph.nodes.length === 0) {
    throw badFile({ source, found: 'no graph', expected: FORMAT })
  }
  const opset = opsets.get('') ?? 0
  if (opset < OPSETS.first || opset > OPSETS.last) {
    throw badFile({
      source,
      found: `operators of version ${opset} (opset)`,
      expected: `a version from ${OPSETS.first} to ${OPSETS.last}`,
      advice: 'Export the network again, e.g. with opset_version=18.',
    })
  }
  if (functions > 0 || graph.sparseInitializers > 0) {
    throw badFile({
      source,
      found: functions > 0 ? 'functions of its own' : 'sparse tensors',
      expected: 'operators of ONNX and dense tensors',
      advice: 'Export the network without them.',
    })
  }
  for (const node of graph.nodes) requireKnownForm(node, source)
  const constants = new Set(graph.initializers.map(({ name }) => name))
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name))
  const [input] = inputs
  const [output] = graph.outputs
  if (input === undefined || output === undefined || inputs.length > 1 || graph.outputs.length > 1) {
    throw badFile({
      source,
      found: `${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ')}) and ${graph.outputs.length} outputs`,
      expected: 'one input, the image, and one output, the logits',
      advice: 'Export the network with the image alone as input and the logits alone as output.',
    })
  }
  return { ...graph, producer, opset, input, output: output.name }
}

function messageOf(bytes: Uint8Array, source: string): ModelMessage {
  try {
    return readModelMessage(bytes)
  } catch (cause) {
    throw badFile({ source, found: `${bytes.length} bytes that are no ONNX model`, expected: FORMAT, cause })
  }
}

function requireKnownForm(node: NodeMessage, source: string): void {
  const hasGraph = node.attributes.some((attribute) => attribute.hasGraph)
  if (node.domain === '' || node.domain === 'ai.onnx') {
    if (!hasGraph) return
  }
  throw badFile({
    source,
    found: `the operation '${node.domain === '' ? '' : `${node.domain}.`}${node.operation}' of node '${nodeName(node)}'`,
    expected: hasGraph ? 'no loops and branches' : 'operators of ONNX itself',
    advice: hasGraph
      ? 'Export the network unrolled: a fixed number of steps, without If, Loop and Scan.'
      : 'Export the network without operators of other makers.',
  })
}

/** What messages call a node: its name, or its first output. */
export function nodeName({ name, outputs }: Pick<NodeMessage, 'name' | 'outputs'>): string {
  return name === '' ? (outputs[0] ?? '') : name
}

/** The files beside the model that its tensors lie in, as it names them. @throws HeatproofError as {@link readOnnxGraph} */
export function externalFiles(bytes: Uint8Array, source: string): string[] {
  const { graph } = messageOf(bytes, source)
  const places = (graph?.initializers ?? []).flatMap(({ isExternal, external }) =>
    isExternal ? [external.get('location') ?? ''] : [],
  )
  return [...new Set(places)]
}
