import { availableParallelism } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import { BACKENDS } from '../../shared/names.ts'
import { explainBatch } from '../explainers/explain-batch.ts'
import { checksOf, type MethodMaps } from '../explainers/assess-maps.ts'
import { measureMap, type MeasuredMap } from '../metrics/measure-map.ts'
import { similarity } from '../metrics/similarity.ts'
import { strokeMask } from '../metrics/strokes.ts'
import { readModel } from '../models/model.ts'
import { prepareModel, type PreparedModel } from '../models/prepared-model.ts'
import { useBackend } from './backend.ts'
import type {
  CompareResult,
  CompareTask,
  ExplainedMap,
  ExplainResult,
  ExplainTask,
  MeasureTask,
  WorkerRequest,
  WorkerResponse,
} from './protocol.ts'
import { fromSentError, toSentError } from './sent-error.ts'

const WorkerData = z.object({ backend: z.enum(['auto', ...BACKENDS]) })

const models = new Map<string, PreparedModel>()
/** Requests are answered one after the other. */
let queue: Promise<void> = start()

parentPort?.on('message', (request: WorkerRequest) => {
  queue = queue.then(() => answer(request))
})

async function start(): Promise<void> {
  try {
    const backend = await useBackend(WorkerData.parse(workerData).backend)
    send({ type: 'ready', backend, device: 'CPU', threads: backend === 'wasm' ? 1 : availableParallelism() })
  } catch (error) {
    send({ type: 'unavailable', error: toSentError(error) })
    process.exit(1)
  }
}

async function answer(request: WorkerRequest): Promise<void> {
  switch (request.type) {
    case 'load':
      answerLoad(request.key, request.file)
      return
    case 'drop':
      models.get(request.key)?.dispose()
      models.delete(request.key)
      return
    case 'call':
      try {
        const result = await resultOf(request)
        send({ type: 'result', result }, Array.isArray(result) ? [] : buffersOf(result))
      } catch (error) {
        send({ type: 'failed', error: toSentError(error) })
      }
  }
}

function resultOf(request: Extract<WorkerRequest, { type: 'call' }>) {
  switch (request.call) {
    case 'explain':
      return explain(request.task)
    case 'measure':
      return measure(request.task)
    case 'compare':
      return compare(request.task)
  }
}

function compare({ pairs, columns }: CompareTask): CompareResult {
  return pairs.map(({ a, b }) => similarity(a, b, columns))
}

function measure({ maps }: MeasureTask): MeasuredMap[] {
  return maps.map(({ values, input, rows, columns, regions }) =>
    measureMap({ map: values, rows, columns }, regions, strokeMask(input, columns, regions)),
  )
}

/** A model that cannot be prepared stays unknown: the task that needs it then says so. */
const refused = new Map<string, Error>()

function answerLoad(key: string, file: Uint8Array): void {
  try {
    models.set(key, prepareModel(readModel(file, `model ${key.slice(0, 12)}`)))
  } catch (error) {
    refused.set(key, fromSentError(toSentError(error)))
  }
}

async function explain(task: ExplainTask): Promise<ExplainResult> {
  const model = models.get(task.modelKey)
  if (model === undefined) throw refused.get(task.modelKey) ?? unknownModel(task.modelKey)
  const { rows, columns, classes } = model.layout.sizes
  const { input: images, targets: wanted, sampleIndices, checkNodes } = task
  const batch = { images, targets: wanted, sampleIndices, checkNodes: checkNodes ?? false }
  const { logits, targets, methods } = await explainBatch(model, batch, task.methods)
  const frames = framesOf(task, rows, columns)
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
function framesOf({ input, regions }: ExplainTask, rows: number, columns: number): Frame[] {
  const pixels = rows * columns
  return Array.from({ length: input.length / pixels }, (_, index) => {
    const own = regions[index] ?? []
    const image = input.subarray(index * pixels, (index + 1) * pixels)
    return { rows, columns, regions: own, strokes: strokeMask(image, columns, own) }
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

function buffersOf(result: ExplainResult): ArrayBuffer[] {
  const buffers = new Set(
    [result.logits, ...result.maps.map(({ values }) => values)].map(({ buffer }) => buffer),
  )
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer)
}

function send(response: WorkerResponse, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(response, transfer)
}

function unknownModel(key: string): HeatproofError {
  return new HeatproofError('internal', {
    found: `a task for the model ${key}, which this worker does not hold`,
    expected: 'the model to be sent before its task',
    advice: 'Report this with the output of `heatproof doctor`.',
  })
}
