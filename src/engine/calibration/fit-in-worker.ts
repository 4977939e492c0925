import { Worker } from 'node:worker_threads'
import { HeatproofError, type ErrorCode } from '../../shared/errors.ts'
import type { CalibrationInput, CalibrationResult } from './calibrate.ts'

/** A fit's input without its callback: what can be sent to a thread. */
export type FitRequest = Omit<CalibrationInput, 'onProgress'>

export type FitAnswer =
  | { result: CalibrationResult }
  | { refusal: { code: ErrorCode; found: string; expected: string; advice: string } }

/** Fits in a thread of its own, since the resampling takes seconds. @throws HeatproofError as `fitCalibration` does */
export async function fitInWorker(request: FitRequest): Promise<CalibrationResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: request })
  const answer = await new Promise<FitAnswer>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the calibration thread ended with code ${code}`)))
  })
  if ('result' in answer) return answer.result
  const { code, ...details } = answer.refusal
  throw new HeatproofError(code, details)
}
