import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../../../src/engine/exchange/safetensors.ts'
import type { GraphNode, Term } from '../../../src/engine/graph/description.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { recordForward } from '../../../src/engine/models/forward.ts'
import type { Model } from '../../../src/engine/models/model.ts'
import { prepareModel } from '../../../src/engine/models/prepared-model.ts'
import type { Activation, Node, PreActivation } from '../../../src/engine/models/nodes.ts'

/** One of our own networks written down as a graph, step by step, from the tape that it records. */
export async function graphOfModel(model: Model): Promise<GraphModel> {
  const prepared = prepareModel(model)
  const { layout } = prepared
  const { rows, columns, steps } = model
  const nodes: GraphNode[] = []
  const weights = new Map<string, tf.Tensor>()
  const made = new Set<string>()
  const forward = recordForward(prepared, new Float32Array(rows * columns))
  try {
    const keep = (name: string, tensor: tf.Tensor) => {
      weights.set(name, tensor)
      return name
    }
    const add = (node: GraphNode) => {
      if (!made.has(node.name)) nodes.push(node)
      made.add(node.name)
      return node.name
    }
    /** The name of what a node of the tape holds at step t; of what has no steps t is 0. */
    const valueOf = (node: Node, at: number): string => {
      const t = node.value.shape[0] === steps ? at : 0
      const name = `${node.index} at ${t}`
      if (made.has(name)) return name
      switch (node.operation) {
        case 'pixels': {
          const one = add({
            operation: 'slice',
            name: `${name} of all`,
            input: 'input',
            axis: 0,
            start: t,
            count: 1,
            stride: 1,
          })
          return add({ operation: 'reshape', name, input: one, shape: [layout.pixelsPerStep] })
        }
        case 'relu':
        case 'sigmoid':
        case 'logits': {
          const { height, width, channels } = layout.extentOf(node.layer)
          const image = height * width === 1 ? [channels] : [height, width, channels]
          const bias = tf.reshape(prepared.weights.bias(node.layer), image)
          const sum = add({
            operation: 'linear',
            name: node.operation === 'logits' ? name : `${name} sum`,
            terms: node.terms.map((term) => termOf(node.layer, term, t)),
            bias: keep(`${node.layer}.bias`, bias),
          })
          if (node.operation === 'logits') return sum
          const active = add({
            operation: 'activation',
            name: `${name} active`,
            input: sum,
            function: node.operation,
          })
          return add({ operation: 'reshape', name, input: active, shape: [height * width * channels] })
        }
        case 'gate':
          return add({
            operation: 'gate',
            name,
            signal: valueOf(node.signal, t),
            gate: valueOf(node.gate, t),
          })
        case 'sum':
          return add({
            operation: 'linear',
            name,
            terms: [node.left, node.right].map((part) => ({ kind: 'same', input: valueOf(part, t) })),
          })
        case 'stack':
          return valueOf(node.inputs[t] ?? node, t)
        case 'pool': {
          const { height, width, channels } = node.extent
          const image = asImage(node.input, t, [height, width, channels])
          const average = {
            kind: 'average',
            input: image,
            window: [2, 2],
            strides: [2, 2],
            padding: [0, 0, height % 2, width % 2],
            channels: 'last',
            countsPadding: false,
          } satisfies Term
          const pooled = add({ operation: 'linear', name: `${name} twice`, terms: [average, average] })
          const size = Math.ceil(height / 2) * Math.ceil(width / 2) * channels
          return add({ operation: 'reshape', name, input: pooled, shape: [size] })
        }
        case 'linear':
        case 'step':
        case 'joint':
        case 'dropout':
          throw new Error(`no graph for ${node.operation}`)
      }
    }
    const asImage = (input: Activation, t: number, shape: number[]) =>
      add({
        operation: 'reshape',
        name: `${input.index} at ${t} as ${shape.join()}`,
        input: valueOf(input, t),
        shape,
      })
    const termOf = (layer: string, term: PreActivation, t: number): Term => {
      const linear = term.operation === 'step' ? term.input : term
      const at = term.operation === 'step' ? term.t : t
      const { source, input } = linear
      const weight = keep(`${layer}<${source}`, prepared.weights.block(layer, source))
      const convolution = layout.convolution(layer, source)
      if (convolution === undefined) return { kind: 'dense', input: valueOf(input, at), weight }
      const { kernel, input: extent } = convolution
      const [top, left] = [Math.floor((kernel[0] - 1) / 2), Math.floor((kernel[1] - 1) / 2)]
      return {
        kind: 'convolution',
        input: asImage(input, at, [extent.height, extent.width, extent.channels]),
        weight,
        strides: [1, 1],
        dilations: [1, 1],
        padding: [top, left, kernel[0] - 1 - top, kernel[1] - 1 - left],
        channels: 'last',
      }
    }
    const output = valueOf(forward.logits, 0)
    return {
      ...model,
      architecture: 'graph',
      weights: await read(weights),
      graph: {
        version: 1,
        input: { shape: [steps, layout.pixelsPerStep], order: 'steps', scale: 1, shift: 0 },
        nodes,
        output,
      },
    }
  } finally {
    forward.tape.dispose()
    prepared.dispose()
  }
}

/** The backend frees none of them before the model is. */
async function read(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Map<string, NamedTensor>> {
  const weights = new Map<string, NamedTensor>()
  for (const [name, tensor] of tensors) {
    weights.set(name, { shape: [...tensor.shape], data: Float32Array.from(await tensor.data()) })
  }
  return weights
}
