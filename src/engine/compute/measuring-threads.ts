import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { MeasuredMap } from '../metrics/measure-map.ts'
import type { MapToMeasure } from '../metrics/measure-task.ts'
import { EXPLAINING_LIMITS } from './garbage-collection.ts'
import type { SentError } from './protocol.ts'
import { fromSentError } from './sent-error.ts'

export interface MeasuringRequest {
  id: number
  maps: MapToMeasure[]
}

export type MeasuringAnswer = { id: number; measured: MeasuredMap[] } | { id: number; error: SentError }

interface Waiting {
  resolve: (measured: MeasuredMap[]) => void
  reject: (error: Error) => void
}

/**
 * Threads that measure maps without any tensor backend, which needs a quarter of a gigabyte and a second to load. Call `close` at
 * the end.
 */
export class MeasuringThreads {
  readonly size: number
  readonly #workers: Worker[]
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0

  constructor(size = availableParallelism()) {
    this.size = size
    this.#workers = Array.from({ length: size }, () => this.#start())
  }

  /** In the order of the maps. @throws HeatproofError what measuring throws, and when a thread ends */
  measure(maps: MapToMeasure[]): Promise<MeasuredMap[]> {
    const id = (this.#calls += 1)
    const worker = this.#workers[id % this.size]
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker?.postMessage({ id, maps } satisfies MeasuringRequest)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #start(): Worker {
    const worker = new Worker(new URL('./measuring-worker.ts', import.meta.url), {
      resourceLimits: EXPLAINING_LIMITS,
    })
    worker.on('message', (answer: MeasuringAnswer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if ('error' in answer) waiting?.reject(fromSentError(answer.error))
      else waiting?.resolve(answer.measured)
    })
    worker.on('error', (error: Error) => {
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    })
    return worker
  }
}
