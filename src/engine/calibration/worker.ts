import { parentPort, workerData } from 'node:worker_threads'
import { HeatproofError } from '../../shared/errors.ts'
import { fitCalibration } from './calibrate.ts'
import type { FitAnswer, FitRequest } from './fit-in-worker.ts'

function answer(): FitAnswer {
  try {
    return { result: fitCalibration(workerData as FitRequest) }
  } catch (error) {
    if (!(error instanceof HeatproofError)) throw error
    const { code, found, expected, advice } = error
    return { refusal: { code, found, expected, advice } }
  }
}

parentPort?.postMessage(answer())
