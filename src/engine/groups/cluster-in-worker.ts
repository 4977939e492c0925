import { Worker } from 'node:worker_threads'
import type { ClusterRequest } from './cluster.ts'

/** Finds the centres in a thread of its own, which ends when the signal says so. @throws what the signal was aborted with */
export async function clusterInWorker(request: ClusterRequest, signal: AbortSignal): Promise<number[][]> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: request })
  const stop = () => void worker.terminate()
  signal.addEventListener('abort', stop)
  try {
    return await new Promise<number[][]>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => {
        if (signal.aborted) reject(signal.reason as Error)
        else reject(new Error(`the grouping thread ended with code ${code}`))
      })
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
