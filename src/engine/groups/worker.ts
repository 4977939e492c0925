import { parentPort, workerData } from 'node:worker_threads'
import { findCentres, type ClusterRequest } from './cluster.ts'

parentPort?.postMessage(findCentres(workerData as ClusterRequest))
