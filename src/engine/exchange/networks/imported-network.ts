import type { GraphDescription } from '../../graph/description.ts'
import type { NamedTensor } from '../safetensors.ts'

/** A network that was read from another program's file. */
export interface ImportedNetwork {
  readonly graph: GraphDescription
  readonly weights: ReadonlyMap<string, NamedTensor>
  readonly size: NetworkSize
  readonly classes: number
  /** What wrote the file, e.g. `pytorch 2.15.0`; empty when it does not say. */
  readonly tool: string
  /** e.g. `ONNX, opset 18` */
  readonly format: string
  /** Operations after the logits, e.g. `Softmax`: the logits are explained. */
  readonly leftOut: readonly string[]
}

export interface NetworkSize {
  readonly rows: number
  readonly columns: number
  readonly channels: number
  readonly steps: number
}
