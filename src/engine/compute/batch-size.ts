import type { GraphLayout } from '../graph/prepared-graph.ts'
import { ModelLayout } from '../models/layout.ts'
import type { GpuLimits } from './webgpu.ts'

/** Samples that share a forward pass on a processor; with more, the values of a step would leave its caches. */
export const CPU_BATCH = 300
/** On a GPU, which only many samples keep busy; with more, their maps would fill the engine's memory. */
export const GPU_BATCH = 1000

/** How many tensors of the largest kind are there at once: a layer's terms, output, denominators, and what walks back. */
const TENSORS_HELD = 8
const BYTES = 4

/** How many numbers of a network from elsewhere may be recorded on the way forward: 256 MiB, and about as much on the way back. */
const MOST_VALUES = 2 ** 26

/** The most samples of a model whose recorded values fit in memory at once; our own models are small, and have no bound. */
export function batchInMemory(layout: ModelLayout | GraphLayout): number {
  if (layout instanceof ModelLayout) return Infinity
  return Math.max(1, Math.floor(MOST_VALUES / layout.allValues))
}

/** The most samples of a model that fit in a GPU's limits at once; at least one. */
export function batchWithin(
  { largestTensor, mostRows }: GpuLimits,
  layout: ModelLayout | GraphLayout,
): number {
  const { steps } = layout.sizes
  const most = Math.min(largestTensor / TENSORS_HELD / (BYTES * largestOf(layout)), mostRows / steps)
  return Math.max(1, Math.floor(most))
}

/** Bytes of inputs that are sent to a worker at once: 300 sequences of digits take 3 MB, a colour image of 1024 x 1024 nearly all of it. */
const MOST_INPUT_BYTES = 2 ** 24

/** The most samples of so many values that are sent to a worker at once; at least one. */
export function batchOfInputs(most: number, values: number): number {
  return Math.max(1, Math.min(most, Math.floor(MOST_INPUT_BYTES / (BYTES * values))))
}

/** How many numbers the largest value of a sample holds, those of all its steps together. */
function largestOf(layout: ModelLayout | GraphLayout): number {
  if (!(layout instanceof ModelLayout)) return layout.largestValue
  const values = ['pixels', ...Object.keys(layout.layers)].map((source) => {
    const { height, width, channels } = layout.extentOf(source)
    return height * width * channels
  })
  return layout.sizes.steps * Math.max(...values)
}
