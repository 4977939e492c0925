import type { NamedTensor } from '../../../src/engine/exchange/safetensors.ts'
import type { GraphNode } from '../../../src/engine/graph/description.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'

export const tensor = (shape: number[], data: readonly number[]): NamedTensor => ({
  shape,
  data: Float32Array.from(data),
})

/** A graph model of images of 1 x 2 pixels and of the classes of its last node. */
export function smallGraph(
  nodes: GraphNode[],
  weights: Record<string, NamedTensor>,
  changes: Partial<GraphModel> = {},
): GraphModel {
  return {
    name: 'small',
    architecture: 'graph',
    stationaryDropout: false,
    rows: 1,
    columns: 2,
    steps: 1,
    items: 1,
    classes: 2,
    metadata: {},
    weights: new Map(Object.entries(weights)),
    graph: {
      version: 1,
      input: { shape: [2], order: 'image', scale: 1, shift: 0 },
      nodes,
      output: nodes.at(-1)?.name ?? '',
    },
    ...changes,
  }
}

export const dense = (name: string, input: string, weight: string, bias?: string): GraphNode => ({
  operation: 'linear',
  name,
  terms: [{ kind: 'dense', input, weight }],
  ...(bias !== undefined && { bias }),
})

export const activation = (
  name: string,
  input: string,
  of: 'relu' | 'tanh' | 'sigmoid' = 'relu',
): GraphNode => ({ operation: 'activation', name, input, function: of })
