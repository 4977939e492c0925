import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import type {
  AgreeResult,
  AgreeTask,
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
import { CPU_BATCH, GPU_BATCH } from './batch-size.ts'
import { beforeWorkers } from './before-workers.ts'
import { EXPLAINING_LIMITS } from './garbage-collection.ts'
import { fromSentError } from './sent-error.ts'

/** Models that a worker keeps prepared. */
const MODELS_HELD = 4
/** After this many lost workers without a result between them, no more are started. */
const MOST_LOSSES = 3

type Call = Extract<WorkerRequest, { type: 'call' }>

interface PendingTask {
  request: Call
  /** The model that the task needs, by key, and how its safetensors file is read. */
  model: { key: string; file: () => Uint8Array } | null
  resolve: (result: WorkerCalls[keyof WorkerCalls]['result']) => void
  reject: (error: Error) => void
}

interface Seat {
  worker: Worker
  /** Keys of the models that this worker holds, oldest first. */
  models: string[]
  /** What it works on, by the id of the call. */
  current: Map<number, PendingTask>
}

export interface PoolOptions {
  backend: BackendName | 'auto'
  /** Workers; default: one a core. On WebGPU there is one, since all would share the GPU. */
  size?: number
}

/** Worker threads that explain batches, one tensor backend each. A worker that dies fails its tasks and is replaced. */
export class ComputePool {
  readonly backend: BackendName
  readonly device: string
  readonly size: number
  /** Samples that best share one forward pass. */
  readonly batch: number
  /** Tasks that a worker is given at once: a GPU computes one while the values of another are read and measured. */
  readonly #tasksAtOnce: number
  #seats: Seat[] = []
  #waiting: PendingTask[] = []
  #calls = 0
  #losses = 0
  #closed = false

  private constructor(first: Seat, ready: Extract<WorkerResponse, { type: 'ready' }>, size: number) {
    this.backend = ready.backend
    this.device = ready.device
    this.size = size
    const onGpu = this.backend === 'webgpu'
    this.batch = onGpu ? GPU_BATCH : CPU_BATCH
    this.#tasksAtOnce = onGpu ? 2 : 1
    this.#take(first)
  }

  /** Tasks to be kept on the way so that no worker waits. */
  get lanes(): number {
    return this.size * this.#tasksAtOnce + 1
  }

  /** @throws HeatproofError `no_backend` when the backend does not load */
  static async start({ backend, size }: PoolOptions): Promise<ComputePool> {
    beforeWorkers()
    const first = newSeat(backend)
    const ready = await firstAnswer(first.worker)
    const pool = new ComputePool(
      first,
      ready,
      ready.backend === 'webgpu' ? 1 : (size ?? availableParallelism()),
    )
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
    const request = { type: 'call', id: this.#nextId(), call: 'explain', task } as const
    return (await this.#call(request, { key: task.modelKey, file })) as ExplainResult
  }

  /** Shares and scores by pixel of stored maps, computed anew when a worker is free. */
  async measure(task: MeasureTask): Promise<MeasuredMap[]> {
    return (await this.#call(
      { type: 'call', id: this.#nextId(), call: 'measure', task },
      null,
    )) as MeasuredMap[]
  }

  /** Likeness of pairs of maps, measured when a worker is free. */
  async compare(task: CompareTask): Promise<CompareResult> {
    return (await this.#call(
      { type: 'call', id: this.#nextId(), call: 'compare', task },
      null,
    )) as CompareResult
  }

  /** How far pairs of maps agree, measured when a worker is free. */
  async agree(task: AgreeTask): Promise<AgreeResult> {
    return (await this.#call({ type: 'call', id: this.#nextId(), call: 'agree', task }, null)) as AgreeResult
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const pending of this.#waiting.splice(0)) pending.reject(cancelled())
    await Promise.all(this.#seats.map(({ worker }) => end(worker, this.backend)))
  }

  #nextId(): number {
    this.#calls += 1
    return this.#calls
  }

  #call(request: Call, model: PendingTask['model']): Promise<unknown> {
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
    if (response.type !== 'result' && response.type !== 'failed') return
    const pending = seat.current.get(response.id)
    if (pending === undefined) return
    seat.current.delete(response.id)
    this.#losses = 0
    if (response.type === 'result') pending.resolve(response.result)
    else pending.reject(fromSentError(response.error))
    this.#dispatch()
  }

  #lose(seat: Seat, error: Error): void {
    if (!this.#seats.includes(seat)) return
    this.#seats = this.#seats.filter((other) => other !== seat)
    for (const pending of seat.current.values()) pending.reject(stopped(error))
    this.#losses += 1
    if (this.#losses >= MOST_LOSSES) void this.close()
    if (this.#closed) return
    this.#take(newSeat(this.backend))
    this.#dispatch()
  }

  #dispatch(): void {
    for (const seat of this.#seats) {
      if (seat.current.size >= this.#tasksAtOnce) continue
      const pending = this.#waiting.shift()
      if (pending === undefined) return
      seat.current.set(pending.request.id, pending)
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
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: EXPLAINING_LIMITS,
  })
  return { worker, models: [], current: new Map() }
}

/** A worker on a GPU ends itself: it has to give the GPU up first. */
async function end(worker: Worker, backend: BackendName): Promise<void> {
  if (backend !== 'webgpu') {
    await worker.terminate()
    return
  }
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage({ type: 'close' } satisfies WorkerRequest)
  await ended
}

function send(seat: Seat, request: WorkerRequest): void {
  seat.worker.postMessage(request)
}

/** What a worker is, from its first message; rejects when there is no backend, or when it ends without a word. */
export function firstAnswer(worker: Worker): Promise<Extract<WorkerResponse, { type: 'ready' }>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => {
      reject(stopped(new Error(`it ended with code ${code} before it was ready`)))
    }
    worker.once('error', reject)
    worker.once('exit', ended)
    worker.once('message', (response: WorkerResponse) => {
      worker.off('error', reject)
      worker.off('exit', ended)
      if (response.type === 'ready') resolve(response)
      else if (response.type === 'unavailable') reject(fromSentError(response.error))
      else reject(new Error(`a compute worker that began with '${response.type}'`))
    })
  })
}

function stopped(cause: Error): HeatproofError {
  return new HeatproofError('internal', {
    found: `a compute worker that stopped: ${cause.message}`,
    expected: 'it to finish its batch',
    advice: 'Resume the job; if it stays, choose another backend.',
    cause,
  })
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'compute workers that are shutting down',
    expected: 'running ones',
    advice: 'Start the engine again; the job goes on where it stopped.',
  })
}
