import type { GraphBuilder } from '../networks/graph-builder.ts'
import type { Constant } from '../networks/constants.ts'
import type { NodeMessage } from './onnx-messages.ts'

/** A value of an ONNX graph: one that depends on the image, a name in the graph, or a constant. */
export type OnnxValue =
  { readonly kind: 'signal'; readonly name: string } | { readonly kind: 'constant'; readonly value: Constant }

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

  text(name: string): string | undefined {
    return this.#attribute(name)?.text
  }

  /** Whether input `index` is given and depends on the image. */
  isSignal(index: number): boolean {
    return this.inputs[index]?.kind === 'signal'
  }

  /** The name of an input that depends on the image. */
  signal(index: number): string {
    const input = this.inputs[index]
    if (input?.kind === 'signal') return input.name
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

  /** Where an axis of an ONNX value is, counted from the end where it is negative. Axis 0 is the batch. */
  axis(value: number, rank: number): number {
    const axis = value < 0 ? value + rank : value
    if (Number.isInteger(axis) && axis > 0 && axis < rank) return axis - 1
    throw this.refuse(`the axis ${value}`, 'any axis but the batch, which is the first')
  }

  refuse(found: string, expected: string, advice?: string) {
    return this.builder.refuse(found, expected, advice)
  }

  #attribute(name: string) {
    return this.message.attributes.find((attribute) => attribute.name === name)
  }
}

export const signal = (name: string): OnnxValue => ({ kind: 'signal', name })
export const constant = (value: Constant): OnnxValue => ({ kind: 'constant', value })
