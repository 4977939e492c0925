import type { GraphBuilder } from '../networks/graph-builder.ts'
import type { Constant } from '../networks/constants.ts'
import type { NodeMessage } from './onnx-messages.ts'

/** What people can do about a batch that is not the first axis. */
export const BATCH_FIRST =
  'Export the network with the batch as the first axis (batch_first=True in PyTorch).'

/** A value that depends on the image: its name in the graph, where it has no axis for the batch. */
export interface OnnxSignal {
  readonly kind: 'signal'
  readonly name: string
  /** Which of its axes the batch is in ONNX. */
  readonly batch: number
}

/** A value of an ONNX graph. */
export type OnnxValue = OnnxSignal | { readonly kind: 'constant'; readonly value: Constant }

/** A node with what it reads. */
export class OnnxNode {
  readonly builder: GraphBuilder
  readonly inputs: readonly (OnnxValue | undefined)[]
  readonly message: NodeMessage
  /** The wished name of what it makes. */
  readonly output: string

  constructor(message: NodeMessage, builder: GraphBuilder, inputs: readonly (OnnxValue | undefined)[]) {
    this.message = message
    this.builder = builder
    this.inputs = inputs
    this.output = message.outputs[0] ?? ''
  }

  whole(name: string, otherwise: number): number {
    return this.#attribute(name)?.wholes[0] ?? otherwise
  }

  wholes(name: string): number[] | undefined {
    const found = this.#attribute(name)?.wholes
    return found === undefined || found.length === 0 ? undefined : found
  }

  float(name: string, otherwise: number): number {
    return this.#attribute(name)?.floats[0] ?? otherwise
  }

  floats(name: string): readonly number[] {
    return this.#attribute(name)?.floats ?? []
  }

  text(name: string): string | undefined {
    return this.#attribute(name)?.text
  }

  texts(name: string): readonly string[] | undefined {
    return this.#attribute(name)?.texts
  }

  has(name: string): boolean {
    return this.#attribute(name) !== undefined
  }

  /** Whether input `index` is given and depends on the image. */
  isSignal(index: number): boolean {
    return this.inputs[index]?.kind === 'signal'
  }

  /** The name of an input that depends on the image and has the batch as its first axis. */
  signal(index: number): string {
    const { name, batch } = this.turnable(index)
    if (batch === 0) return name
    throw this.refuse(`a value whose axis ${batch} is the batch`, 'the batch as the first axis', BATCH_FIRST)
  }

  /** An input that depends on the image, for operations that work wherever the batch is. */
  turnable(index: number): OnnxSignal {
    const input = this.inputs[index]
    if (input?.kind === 'signal') return input
    throw this.refuse(
      `input ${index}, which does not depend on the image`,
      'a value that depends on the image',
    )
  }

  /** An input that must be known before the network runs. */
  constant(index: number): Constant {
    const found = this.optional(index)
    if (found !== undefined) return found
    throw this.refuse(`no input ${index}`, 'all inputs of the operation')
  }

  /** The same for an input that may be missing. */
  optional(index: number): Constant | undefined {
    const input = this.inputs[index]
    if (input?.kind === 'signal') {
      throw this.refuse(
        `input ${index}, which depends on the image`,
        'a constant: weights and shapes that are known before the network runs',
      )
    }
    return input?.value
  }

  /** Whole numbers that are an attribute in older operator sets and an input in newer ones. */
  wholesOr(name: string, input: number): readonly number[] | undefined {
    return this.wholes(name) ?? this.optional(input)?.data
  }

  /** The shape that an input has in ONNX, with NaN as the size of the batch. */
  shapeWithBatch(index: number): number[] {
    const { name, batch } = this.turnable(index)
    return this.builder.shape(name).toSpliced(batch, 0, NaN)
  }

  /** Which axis of a value in the graph an axis of an ONNX value is, counted from the end where it is negative. */
  axis(value: number, rank: number, batch = 0): number {
    const axis = value < 0 ? value + rank : value
    if (Number.isInteger(axis) && axis >= 0 && axis !== batch && axis < rank) {
      return axis < batch ? axis : axis - 1
    }
    throw this.refuse(`the axis ${value}`, `any axis but that of the batch, ${batch}`)
  }

  refuse(found: string, expected: string, advice?: string) {
    return this.builder.refuse(found, expected, advice)
  }

  #attribute(name: string) {
    return this.message.attributes.find((attribute) => attribute.name === name)
  }
}

export const signal = (name: string, batch = 0): OnnxSignal => ({ kind: 'signal', name, batch })
export const constant = (value: Constant): OnnxValue => ({ kind: 'constant', value })
