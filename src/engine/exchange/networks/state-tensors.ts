import type { NamedTensor } from '../safetensors.ts'
import type { GraphBuilder } from './graph-builder.ts'

/** The tensors of a file, and which of them were read. */
export class StateTensors {
  readonly used = new Set<string>()
  readonly #builder: GraphBuilder
  readonly #tensors: ReadonlyMap<string, NamedTensor>

  constructor(builder: GraphBuilder, tensors: ReadonlyMap<string, NamedTensor>) {
    this.#builder = builder
    this.#tensors = tensors
  }

  optional(name: string): NamedTensor | undefined {
    this.used.add(name)
    return this.#tensors.get(name)
  }

  /** @throws HeatproofError `bad_model`: no such tensor, or one of other axes */
  tensor(name: string, axes: number): NamedTensor {
    const found = this.optional(name)
    if (found?.shape.length === axes) return found
    throw this.#builder.refuse(
      found === undefined
        ? `no tensor '${name}'`
        : `the tensor '${name}' of shape [${found.shape.join(', ')}]`,
      found === undefined ? 'it in the file' : `one of ${axes} axes`,
      'Check the names in the mapping against those of the state dictionary.',
    )
  }
}
