import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** The least of onnx.proto that makes files for tests. */

export interface TestNode {
  operation: string
  inputs: string[]
  output: string
  /** Further outputs. */
  others?: string[]
  name?: string
  domain?: string
  wholes?: Record<string, number[]>
  /** Lists of numbers with a fraction. */
  floats?: Record<string, number[]>
  text?: Record<string, string>
  /** Lists of texts. */
  texts?: Record<string, string[]>
  /** Holds a graph under this attribute, as If and Loop do. */
  graph?: string
}

export interface TestTensor {
  name: string
  shape: number[]
  data?: number[]
  type?: number
  external?: Record<string, string>
}

export interface TestModel {
  opset?: number
  nodes: TestNode[]
  tensors?: TestTensor[]
  /** The input's shape; a text is a size that is only known when it runs. */
  input?: (number | string)[]
  output?: string
}

export function onnxBytes({
  opset = 18,
  nodes,
  tensors = [],
  input = ['batch', 1, 2, 3],
  output,
}: TestModel): Uint8Array {
  const last = output ?? nodes.at(-1)?.output ?? ''
  return message((model) => {
    text(model, 2, 'tests')
    inner(model, 7, (graph) => {
      for (const node of nodes) inner(graph, 1, (to) => writeNode(to, node))
      for (const tensor of tensors) inner(graph, 5, (to) => writeTensor(to, tensor))
      inner(graph, 11, (to) => writeValue(to, 'x', input))
      inner(graph, 12, (to) => writeValue(to, last, ['batch', 2]))
    })
    inner(model, 8, (to) => whole(to, 2, opset))
  })
}

function writeNode(
  to: BinaryWriter,
  { operation, inputs, output, others = [], name, domain, wholes = {}, graph, ...node }: TestNode,
): void {
  for (const input of inputs) text(to, 1, input)
  for (const each of [output, ...others]) text(to, 2, each)
  text(to, 3, name ?? `the ${operation}`)
  text(to, 4, operation)
  for (const [key, values] of Object.entries(wholes)) {
    inner(to, 5, (attribute) => {
      text(attribute, 1, key)
      for (const value of values) whole(attribute, values.length === 1 && !key.endsWith('s') ? 3 : 8, value)
    })
  }
  for (const [key, values] of Object.entries(node.floats ?? {})) {
    inner(to, 5, (attribute) => {
      text(attribute, 1, key)
      for (const value of values) attribute.tag(7, WireType.Bit32).float(value)
    })
  }
  for (const [key, value] of Object.entries(node.text ?? {})) {
    inner(to, 5, (attribute) => {
      text(attribute, 1, key)
      text(attribute, 4, value)
    })
  }
  for (const [key, values] of Object.entries(node.texts ?? {})) {
    inner(to, 5, (attribute) => {
      text(attribute, 1, key)
      for (const value of values) text(attribute, 9, value)
    })
  }
  if (graph !== undefined) {
    inner(to, 5, (attribute) => {
      text(attribute, 1, graph)
      inner(attribute, 6, () => undefined)
    })
  }
  if (domain !== undefined) text(to, 7, domain)
}

function writeTensor(to: BinaryWriter, { name, shape, data, type = 1, external }: TestTensor): void {
  for (const size of shape) whole(to, 1, size)
  whole(to, 2, type)
  text(to, 8, name)
  if (data !== undefined) {
    to.tag(9, WireType.LengthDelimited).bytes(
      new Uint8Array((type === 7 ? BigInt64Array.from(data.map(BigInt)) : Float32Array.from(data)).buffer),
    )
  }
  for (const [key, value] of Object.entries(external ?? {})) {
    inner(to, 13, (entry) => {
      text(entry, 1, key)
      text(entry, 2, value)
    })
  }
  if (external !== undefined) whole(to, 14, 1)
}

function writeValue(to: BinaryWriter, name: string, shape: readonly (number | string)[]): void {
  text(to, 1, name)
  inner(to, 2, (type) => {
    inner(type, 1, (tensor) => {
      whole(tensor, 1, 1)
      inner(tensor, 2, (sizes) => {
        for (const size of shape) {
          inner(sizes, 1, (dimension) => {
            if (typeof size === 'number') whole(dimension, 1, size)
            else text(dimension, 2, size)
          })
        }
      })
    })
  })
}

function message(write: (to: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter()
  write(writer)
  return writer.finish()
}

function inner(to: BinaryWriter, field: number, write: (to: BinaryWriter) => void): void {
  to.tag(field, WireType.LengthDelimited).bytes(message(write))
}

function text(to: BinaryWriter, field: number, value: string): void {
  to.tag(field, WireType.LengthDelimited).string(value)
}

function whole(to: BinaryWriter, field: number, value: number): void {
  to.tag(field, WireType.Varint).int64(value)
}
