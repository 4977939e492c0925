import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import { BACKENDS } from '../../shared/names.ts'
import { agreement, defaultTop } from '../metrics/agreement.ts'
import { measureAll } from '../metrics/measure-task.ts'
import { similarity } from '../metrics/similarity.ts'
import { prepareAnyModel, readAnyModel, type AnyPreparedModel } from '../graph/any-model.ts'
import { deviceOf, useBackend } from './backend.ts'
import { batchInMemory, batchWithin } from './batch-size.ts'
import { explainTask } from './explain-task.ts'
import type {
  AgreeResult,
  AgreeTask,
  CompareResult,
  CompareTask,
  ExplainResult,
  ExplainTask,
  WorkerRequest,
  WorkerResponse,
} from './protocol.ts'
import { fromSentError, toSentError } from './sent-error.ts'
import { gpuFailure, gpuLimits, releaseGpu } from './webgpu.ts'

const WorkerData = z.object({ backend: z.enum(['auto', ...BACKENDS]) })

const models = new Map<string, AnyPreparedModel>()
/** Calls that are being answered; the pool decides how many there are. */
const calls = new Set<Promise<void>>()
const started = start()
/** Requests are begun one after the other. */
let queue = started

parentPort?.on('message', (request: WorkerRequest) => {
  if (request.type === 'close') void close()
  else queue = queue.then(() => answer(request))
})

async function start(): Promise<void> {
  try {
    const backend = await useBackend(WorkerData.parse(workerData).backend)
    const { device } = await deviceOf(backend)
    send({ type: 'ready', backend, device })
  } catch (error) {
    send({ type: 'unavailable', error: toSentError(error) })
    process.exit(1)
  }
}

async function close(): Promise<void> {
  await started
  releaseGpu()
  await Promise.all(calls)
  process.exit()
}

async function answer(request: Exclude<WorkerRequest, { type: 'close' }>): Promise<void> {
  switch (request.type) {
    case 'load':
      answerLoad(request.key, request.file)
      return
    case 'drop':
      await Promise.all(calls)
      models.get(request.key)?.dispose()
      models.delete(request.key)
      return
    case 'call': {
      const call = answerCall(request).finally(() => calls.delete(call))
      calls.add(call)
    }
  }
}

type Call = Extract<WorkerRequest, { type: 'call' }>

async function answerCall(request: Call): Promise<void> {
  const { id } = request
  try {
    const result = await resultOf(request)
    const failure = gpuFailure()
    if (failure !== undefined) throw failure
    send({ type: 'result', id, result }, Array.isArray(result) ? [] : buffersOf(result))
  } catch (error) {
    send({ type: 'failed', id, error: toSentError(gpuFailure() ?? error) })
    // A new worker opens the GPU anew.
    if (gpuFailure() !== undefined) void close()
  }
}

function resultOf(request: Call) {
  switch (request.call) {
    case 'explain':
      return explain(request.task)
    case 'measure':
      return measureAll(request.task.maps)
    case 'compare':
      return compare(request.task)
    case 'agree':
      return agree(request.task)
  }
}

function compare({ pairs, columns }: CompareTask): CompareResult {
  return pairs.map(({ a, b }) => similarity(a, b, columns))
}

function agree({ pairs }: AgreeTask): AgreeResult {
  return pairs.map(({ a, b, columns }) => agreement(a, b, { columns, top: defaultTop(a.length) }))
}

/** A model that cannot be prepared stays unknown: the task that needs it then says so. */
const refused = new Map<string, Error>()

function answerLoad(key: string, file: Uint8Array): void {
  try {
    models.set(key, prepareAnyModel(readAnyModel(file, `model ${key.slice(0, 12)}`)))
  } catch (error) {
    refused.set(key, fromSentError(toSentError(error)))
  }
}

function explain(task: ExplainTask): Promise<ExplainResult> {
  const model = models.get(task.modelKey)
  if (model === undefined) throw refused.get(task.modelKey) ?? unknownModel(task.modelKey)
  const limits = gpuLimits()
  const onGpu = limits === undefined ? Infinity : batchWithin(limits, model.layout)
  return explainTask(model, task, Math.min(onGpu, batchInMemory(model.layout)))
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
