import { parentPort, workerData } from 'node:worker_threads'
import type { PackedRequest } from './cluster-in-worker.ts'
import { findCentres } from './cluster.ts'

const { packed, width, ...request } = workerData as PackedRequest
const features = Array.from({ length: width === 0 ? 0 : packed.length / width }, (_, row) =>
  Array.from(packed.subarray(row * width, (row + 1) * width)),
)
parentPort?.postMessage(findCentres({ ...request, features }))
