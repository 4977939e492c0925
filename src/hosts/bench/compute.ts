import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { beforeWorkers } from '../../engine/compute/before-workers.ts'
import { EXPLAINING_LIMITS } from '../../engine/compute/garbage-collection.ts'
import type { ArchitectureName, BackendName } from '../../shared/names.ts'
import type { Order } from './worker.ts'
import { BATCH, TASKS, TRAINING_STEPS, type TaskName } from './work.ts'

export interface TimedTask {
  backend: BackendName
  architecture: ArchitectureName
  workers: number
  task: TaskName
  /** Wall time a batch with all workers busy (`train`: a step of 50), median and range over the rounds. */
  milliseconds: number
  fastest: number
  slowest: number
  /** Sequences a second, all workers together. */
  sequencesPerSecond: number
  /** Share of a worker's time that the backend's kernels take; the rest is JavaScript. */
  inKernels: number
}

export interface ComputeRow extends TimedTask {
  /** Time of a float32 matrix product with a forward pass's operations, divided by this time; 1 is the machine's limit. */
  shareOfProduct: number
}

/** Rounds that are not timed: a job has hundreds of batches, and only its first few run before the code is compiled. */
const WARM_UP_ROUNDS = 3
const ROUNDS = 11
/** Steps of an epoch of 48,000 sequences in batches of 50. */
export const EPOCH_STEPS = 960

/** Times every task on one backend, and puts each beside the product of matrices. */
export async function benchCompute(
  backend: BackendName,
  architecture: ArchitectureName,
): Promise<ComputeRow[]> {
  const rows = await timeTasks(backend, architecture, TASKS)
  const product = rows.find(({ task }) => task === 'product')?.milliseconds ?? NaN
  return rows.map((row) => ({ ...row, shareOfProduct: product / row.milliseconds }))
}

/** Times tasks on one backend, in as many workers as the product uses: one a core, each with one thread. */
export async function timeTasks(
  backend: BackendName,
  architecture: ArchitectureName,
  tasks: readonly TaskName[],
): Promise<TimedTask[]> {
  beforeWorkers()
  const size = availableParallelism()
  const workers = await Promise.all(Array.from({ length: size }, () => startWorker(backend, architecture)))
  try {
    const rows: TimedTask[] = []
    for (const task of tasks) {
      // Training is one thread's work in the product too.
      const used = task === 'train' ? workers.slice(0, 1) : workers
      for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await runAll(used, task)
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) times.push(await runAll(used, task))
      const batches = used.length * (task === 'train' ? TRAINING_STEPS : 1)
      const sorted = times.map((time) => time / batches).sort((a, b) => a - b)
      const milliseconds = sorted[Math.floor(sorted.length / 2)] ?? NaN
      rows.push({
        backend,
        architecture,
        workers: used.length,
        task,
        milliseconds,
        fastest: sorted[0] ?? NaN,
        slowest: sorted.at(-1) ?? NaN,
        sequencesPerSecond: ((task === 'train' ? 50 : BATCH) * 1000) / milliseconds,
        inKernels: await kernelShareOf(used, task),
      })
    }
    return rows
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function startWorker(backend: BackendName, architecture: ArchitectureName): Promise<Worker> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { backend, architecture },
    resourceLimits: EXPLAINING_LIMITS,
  })
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      resolve(worker)
    })
    worker.once('error', reject)
  })
}

/** Of the first worker, the others being busy with the same. */
async function kernelShareOf(workers: readonly Worker[], task: TaskName): Promise<number> {
  const shares = await Promise.all(workers.map((worker) => answerOf(worker, { task, profiled: true })))
  return z.number().min(0).max(1).parse(shares[0])
}

async function runAll(workers: readonly Worker[], task: TaskName): Promise<number> {
  const start = performance.now()
  await Promise.all(workers.map((worker) => answerOf(worker, { task, profiled: false })))
  return performance.now() - start
}

function answerOf(worker: Worker, order: z.infer<typeof Order>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (answer) => {
      worker.off('error', reject)
      resolve(answer)
    })
    worker.postMessage(order)
  })
}
