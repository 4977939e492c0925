import { readMessage, type Field } from './onnx-wire.ts'

/*
 * The messages of onnx.proto, as far as networks need them, under the names and with the field numbers that they have there.
 * Nothing is checked here but the encoding.
 */

export interface ModelMessage {
  /** e.g. `pytorch 2.9.0`; empty when the file does not say. */
  producer: string
  /** Version by domain; the operators of ONNX itself have the domain ''. */
  opsets: Map<string, number>
  graph: GraphMessage | undefined
  functions: number
}

export interface GraphMessage {
  nodes: NodeMessage[]
  initializers: TensorMessage[]
  sparseInitializers: number
  inputs: ValueMessage[]
  outputs: ValueMessage[]
}

export interface NodeMessage {
  name: string
  operation: string
  domain: string
  inputs: string[]
  outputs: string[]
  attributes: AttributeMessage[]
}

export interface AttributeMessage {
  name: string
  /** `i` or `ints` */
  wholes: number[]
  /** `f` or `floats` */
  floats: number[]
  text: string | undefined
  /** `strings` */
  texts: string[]
  tensor: TensorMessage | undefined
  /** Whether it holds graphs, as the branches of `If` and the bodies of `Loop` and `Scan` do. */
  hasGraph: boolean
}

export interface TensorMessage {
  name: string
  type: number
  shape: number[]
  floats: number[]
  doubles: number[]
  wholes: number[]
  raw: Uint8Array | undefined
  /** Where the data lie in another file: `location`, `offset`, `length`. */
  external: Map<string, string>
  isExternal: boolean
}

export interface ValueMessage {
  name: string
  type: number
  /** A size, or the name of one that is only known when the network runs. */
  shape: (number | string)[] | undefined
}

/** @throws Error for bytes that are no such message */
export function readModelMessage(bytes: Uint8Array): ModelMessage {
  const model: ModelMessage = { producer: '', opsets: new Map(), graph: undefined, functions: 0 }
  let [name, version] = ['', '']
  readMessage(bytes, {
    2: (field) => (name = field.text()),
    3: (field) => (version = field.text()),
    7: (field) => (model.graph = graphOf(field.bytes())),
    8: (field) => model.opsets.set(...opsetOf(field.bytes())),
    25: (field) => (model.functions += field.bytes().length > 0 ? 1 : 0),
  })
  return { ...model, producer: `${name} ${version}`.trim() }
}

function opsetOf(bytes: Uint8Array): [domain: string, version: number] {
  let [domain, version] = ['', 0]
  readMessage(bytes, { 1: (field) => (domain = field.text()), 2: (field) => (version = field.whole()) })
  return [domain === 'ai.onnx' ? '' : domain, version]
}

function graphOf(bytes: Uint8Array): GraphMessage {
  const graph: GraphMessage = { nodes: [], initializers: [], sparseInitializers: 0, inputs: [], outputs: [] }
  readMessage(bytes, {
    1: (field) => graph.nodes.push(nodeOf(field.bytes())),
    5: (field) => graph.initializers.push(tensorOf(field.bytes())),
    11: (field) => graph.inputs.push(valueOf(field.bytes())),
    12: (field) => graph.outputs.push(valueOf(field.bytes())),
    15: (field) => (graph.sparseInitializers += field.bytes().length > 0 ? 1 : 0),
  })
  return graph
}

function nodeOf(bytes: Uint8Array): NodeMessage {
  const node: NodeMessage = { name: '', operation: '', domain: '', inputs: [], outputs: [], attributes: [] }
  readMessage(bytes, {
    1: (field) => node.inputs.push(field.text()),
    2: (field) => node.outputs.push(field.text()),
    3: (field) => (node.name = field.text()),
    4: (field) => (node.operation = field.text()),
    5: (field) => node.attributes.push(attributeOf(field.bytes())),
    7: (field) => (node.domain = field.text()),
  })
  return node
}

function attributeOf(bytes: Uint8Array): AttributeMessage {
  const attribute: AttributeMessage = {
    name: '',
    wholes: [],
    floats: [],
    text: undefined,
    texts: [],
    tensor: undefined,
    hasGraph: false,
  }
  const graph = (field: Field) => {
    field.bytes()
    attribute.hasGraph = true
  }
  readMessage(bytes, {
    1: (field) => (attribute.name = field.text()),
    2: (field) => (attribute.floats = field.floats()),
    3: (field) => (attribute.wholes = field.wholes()),
    4: (field) => (attribute.text = field.text()),
    5: (field) => (attribute.tensor = tensorOf(field.bytes())),
    6: graph,
    7: (field) => append(attribute.floats, field.floats()),
    8: (field) => append(attribute.wholes, field.wholes()),
    9: (field) => attribute.texts.push(field.text()),
    11: graph,
  })
  return attribute
}

function tensorOf(bytes: Uint8Array): TensorMessage {
  const tensor: TensorMessage = {
    name: '',
    type: 0,
    shape: [],
    floats: [],
    doubles: [],
    wholes: [],
    raw: undefined,
    external: new Map(),
    isExternal: false,
  }
  readMessage(bytes, {
    1: (field) => append(tensor.shape, field.wholes()),
    2: (field) => (tensor.type = field.whole()),
    4: (field) => append(tensor.floats, field.floats()),
    5: (field) => append(tensor.wholes, field.wholes()),
    7: (field) => append(tensor.wholes, field.wholes()),
    8: (field) => (tensor.name = field.text()),
    9: (field) => (tensor.raw = field.bytes()),
    10: (field) => append(tensor.doubles, field.doubles()),
    13: (field) => tensor.external.set(...entryOf(field.bytes())),
    14: (field) => (tensor.isExternal = field.whole() === 1),
  })
  return tensor
}

function entryOf(bytes: Uint8Array): [key: string, value: string] {
  let [key, value] = ['', '']
  readMessage(bytes, { 1: (field) => (key = field.text()), 2: (field) => (value = field.text()) })
  return [key, value]
}

function valueOf(bytes: Uint8Array): ValueMessage {
  const value: ValueMessage = { name: '', type: 0, shape: undefined }
  readMessage(bytes, {
    1: (field) => (value.name = field.text()),
    2: (field) => {
      readMessage(field.bytes(), {
        1: (tensor) => {
          readMessage(tensor.bytes(), {
            1: (type) => (value.type = type.whole()),
            2: (shape) => (value.shape = shapeOf(shape.bytes())),
          })
        },
      })
    },
  })
  return value
}

function shapeOf(bytes: Uint8Array): (number | string)[] {
  const shape: (number | string)[] = []
  readMessage(bytes, {
    1: (field) => {
      let size: number | string = '?'
      readMessage(field.bytes(), {
        1: (value) => (size = value.whole()),
        2: (name) => (size = name.text()),
      })
      shape.push(size)
    },
  })
  return shape
}

/** (A loop: a call with a million arguments overflows the stack.) */
function append(values: number[], more: readonly number[]): void {
  for (const value of more) values.push(value)
}
