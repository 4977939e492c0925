import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import type {
  CompareResult,
  CompareTask,
  ExplainResult,
  ExplainTask,
  MeasureTask,
  WorkerCalls,
  WorkerRequest,
  WorkerResponse,
  WorkerStart,
} from './protocol.ts'
import type { MeasuredMap } from '../metrics/measure-map.ts'
import { quietTensorFlow, useOneThreadAWorker } from './tensorflow-environment.ts'
import { fromSentError } from './sent-error.ts'

/** Models that a worker keeps prepared. */
const MODELS_HELD = 4
/** After this many lost workers without a result between them, no more are started. */
const MOST_LOSSES = 3

interface PendingTask {
  request: Extract<WorkerRequest, { type: 'call' }>
  /** The model that the task needs, by key, and how its safetensors file is read. */
  model: { key: string; file: () => Uint8Array } | null
  resolve: (result: WorkerCalls[keyof WorkerCalls]['result']) => void
  reject: (error: Error) => void
}

interface Seat {
  worker: Worker
  /** Keys of the models that this worker holds, oldest first. */
  models: string[]
  current: PendingTask | null
}

export interface PoolOptions {
  backend: BackendName | 'auto'
  /** Workers; default: one a core. */
  size?: number
}

/** Worker threads that explain batches, one tensor backend each. A worker that dies fails its task and is replaced. */
export class ComputePool {
  readonly backend: BackendName
  readonly device: string
  readonly size: number
  #seats: Seat[] = []
  #waiting: PendingTask[] = []
  #losses = 0
  #closed = false

  private constructor(first: Seat, ready: Extract<WorkerResponse, { type: 'ready' }>, size: number) {
    this.backend = ready.backend
    this.device = ready.device
    this.size = size
    this.#take(first)
  }

  /** @throws HeatproofError `no_backend` when the backend does not load */
  static async start({ backend, size }: PoolOptions): Promise<ComputePool> {
    useOneThreadAWorker()
    quietTensorFlow()
    const first = newSeat(backend)
    const ready = await firstAnswer(first.worker)
    const pool = new ComputePool(first, ready, size ?? availableParallelism())
    const others = Array.from({ length: pool.size - 1 }, () => newSeat(ready.backend))
    for (const seat of others) pool.#take(seat)
    return pool
  }

  /**
   * Explains one batch when a worker is free.
   *
   * @param file reads the model that `task.modelKey` names; called only when the worker does not hold it
   */
  async explain(task: ExplainTask, file: () => Uint8Array): Promise<ExplainResult> {
    const request = { type: 'call', call: 'explain', task } as const
    return (await this.#call(request, { key: task.modelKey, file })) as ExplainResult
  }

  /** Shares and scores by pixel of stored maps, computed anew when a worker is free. */
  async measure(task: MeasureTask): Promise<MeasuredMap[]> {
    return (await this.#call({ type: 'call', call: 'measure', task }, null)) as MeasuredMap[]
  }

  /** Likeness of pairs of maps, measured when a worker is free. */
  async compare(task: CompareTask): Promise<CompareResult> {
    return (await this.#call({ type: 'call', call: 'compare', task }, null)) as CompareResult
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const pending of this.#waiting.splice(0)) pending.reject(cancelled())
    await Promise.all(this.#seats.map(({ worker }) => worker.terminate()))
  }

  #call(request: PendingTask['request'], model: PendingTask['model']): Promise<unknown> {
    if (this.#closed) return Promise.reject(cancelled())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, model, resolve, reject })
      this.#dispatch()
    })
  }

  #take(seat: Seat): void {
    this.#seats.push(seat)
    seat.worker.on('message', (response: WorkerResponse) => {
      this.#receive(seat, response)
    })
    seat.worker.once('error', (error: Error) => {
      this.#lose(seat, error)
    })
    seat.worker.once('exit', (code) => {
      this.#lose(seat, new Error(`the compute worker ended with code ${code}`))
    })
  }

  #receive(seat: Seat, response: WorkerResponse): void {
    const pending = seat.current
    if ((response.type !== 'result' && response.type !== 'failed') || pending === null) return
    seat.current = null
    this.#losses = 0
    if (response.type === 'result') pending.resolve(response.result)
    else pending.reject(fromSentError(response.error))
    this.#dispatch()
  }

  #lose(seat: Seat, error: Error): void {
    if (!this.#seats.includes(seat)) return
    this.#seats = this.#seats.filter((other) => other !== seat)
    seat.current?.reject(
      new HeatproofError('internal', {
        found: `a compute worker that stopped: ${error.message}`,
        expected: 'it to finish its batch',
        advice: 'Resume the job; if it stays, choose another backend.',
        cause: error,
      }),
    )
    this.#losses += 1
    if (this.#losses >= MOST_LOSSES) void this.close()
    if (this.#closed) return
    this.#take(newSeat(this.backend))
    this.#dispatch()
  }

  #dispatch(): void {
    for (const seat of this.#seats) {
      if (seat.current !== null) continue
      const pending = this.#waiting.shift()
      if (pending === undefined) return
      seat.current = pending
      if (pending.model !== null) giveModel(seat, pending.model)
      send(seat, pending.request)
    }
  }
}

function giveModel(seat: Seat, { key, file }: NonNullable<PendingTask['model']>): void {
  if (seat.models.includes(key)) return
  if (seat.models.length === MODELS_HELD) {
    const [oldest = ''] = seat.models.splice(0, 1)
    send(seat, { type: 'drop', key: oldest })
  }
  seat.models.push(key)
  send(seat, { type: 'load', key, file: file() })
}

function newSeat(backend: BackendName | 'auto'): Seat {
  const workerData: WorkerStart = { backend }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  return { worker, models: [], current: null }
}

function send(seat: Seat, request: WorkerRequest): void {
  seat.worker.postMessage(request)
}

function firstAnswer(worker: Worker): Promise<Extract<WorkerResponse, { type: 'ready' }>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (response: WorkerResponse) => {
      worker.off('error', reject)
      if (response.type === 'ready') resolve(response)
      else if (response.type === 'unavailable') reject(fromSentError(response.error))
      else reject(new Error(`a compute worker that began with '${response.type}'`))
    })
  })
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'compute workers that are shutting down',
    expected: 'running ones',
    advice: 'Start the engine again; the job goes on where it stopped.',
  })
}
