import { checksOf, type MethodMaps } from '../explainers/assess-maps.ts'
import { explainBatch } from '../explainers/explain-batch.ts'
import { measureMap } from '../metrics/measure-map.ts'
import { strokeMask } from '../metrics/strokes.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import { valuesOf, type ModelSizes } from '../models/layout.ts'
import type { ExplainedMap, ExplainResult, ExplainTask } from './protocol.ts'

/**
 * Explains a task, with at most so many samples at a time.
 *
 * @param most samples that share a forward pass
 */
export async function explainTask(
  model: AnyPreparedModel,
  task: ExplainTask,
  most: number,
): Promise<ExplainResult> {
  const { classes } = model.layout.sizes
  const length = valuesOf(model.layout.sizes)
  const count = task.input.length / length
  if (count <= most) return explainAtOnce(model, task)
  const logits = new Float32Array(count * classes)
  const maps: ExplainedMap[] = []
  for (let first = 0; first < count; first += most) {
    const part = await explainAtOnce(model, partOf(task, first, most, length))
    logits.set(part.logits, first * classes)
    for (const map of part.maps) maps.push({ ...map, index: first + map.index })
  }
  return { logits, classes, maps }
}

function partOf(task: ExplainTask, first: number, count: number, length: number): ExplainTask {
  const { input, targets, sampleIndices, regions } = task
  const end = first + count
  return {
    ...task,
    input: input.subarray(first * length, end * length),
    targets: targets === 'predicted' ? targets : targets.subarray(first, end),
    sampleIndices: sampleIndices.slice(first, end),
    regions: regions.slice(first, end),
  }
}

async function explainAtOnce(model: AnyPreparedModel, task: ExplainTask): Promise<ExplainResult> {
  const { classes } = model.layout.sizes
  const { input: images, targets: wanted, sampleIndices, checkNodes } = task
  const batch = { images, targets: wanted, sampleIndices, checkNodes: checkNodes ?? false }
  const { logits, targets, methods } = await explainBatch(model, batch, task.methods)
  const frames = framesOf(task, model.layout.sizes)
  const maps: ExplainedMap[] = []
  for (const [method, explained] of methods) {
    for (const [index, frame] of frames.entries()) {
      const target = targets[index] ?? 0
      maps.push({
        method,
        index,
        target,
        logit: logits[index * classes + target] ?? 0,
        ...describeMap(explained, index, frame),
      })
    }
  }
  return { logits, classes, maps }
}

type Measured = Omit<ExplainedMap, 'method' | 'index' | 'target' | 'logit'>
interface Frame {
  rows: number
  columns: number
  regions: ExplainTask['regions'][number]
  strokes: Uint8Array
}

/** Of each sample of a batch. */
function framesOf({ input, regions }: ExplainTask, sizes: ModelSizes): Frame[] {
  const { rows, columns } = sizes
  const length = valuesOf(sizes)
  return Array.from({ length: input.length / length }, (_, index) => {
    const own = regions[index] ?? []
    const image = input.subarray(index * length, (index + 1) * length)
    return { rows, columns, regions: own, strokes: strokeMask({ input: image, rows, columns }, own) }
  })
}

function describeMap(explained: MethodMaps, index: number, frame: Frame): Measured {
  const { maps, starts, sums, conservation, states } = explained
  const pixels = frame.rows * frame.columns
  const values = maps.subarray(index * pixels, (index + 1) * pixels)
  const measured = measureMap({ map: values, ...frame }, frame.regions, frame.strokes)
  const { shares, sharesPositive, pixelScores } = measured
  let [absolute, low, high] = [0, Infinity, -Infinity]
  for (const value of values) {
    absolute += Math.abs(value)
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return {
    values,
    started: numberOrNull(starts[index]),
    total: sums[index] ?? 0,
    absolute,
    low,
    high,
    conservation: numberOrNull(conservation[index]),
    state: states[index] ?? 'ok',
    checks: checksOf(explained, index),
    shares,
    sharesPositive,
    pixelScores,
  }
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
