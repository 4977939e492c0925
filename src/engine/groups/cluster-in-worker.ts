import { Worker } from 'node:worker_threads'
import type { ClusterRequest } from './cluster.ts'

/** A request whose rows stand one after the other: it is handed over without being copied, which would hold the engine up. */
export interface PackedRequest extends Omit<ClusterRequest, 'features'> {
  packed: Float64Array<ArrayBuffer>
  /** Values a row. */
  width: number
}

/** Finds the centres in a thread of its own, which ends when the signal says so. @throws what the signal was aborted with */
export async function clusterInWorker(request: ClusterRequest, signal: AbortSignal): Promise<number[][]> {
  signal.throwIfAborted()
  const workerData = pack(request)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    transferList: [workerData.packed.buffer],
  })
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

function pack({ features, ...request }: ClusterRequest): PackedRequest {
  const width = features[0]?.length ?? 0
  const packed = new Float64Array(features.length * width)
  for (const [index, row] of features.entries()) packed.set(row, index * width)
  return { ...request, packed, width }
}
