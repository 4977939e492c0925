import { Worker } from 'node:worker_threads'
import { HeatproofError, type ErrorCode } from '../../shared/errors.ts'
import type { Agreement } from '../../shared/contract/agreement.ts'
import type { AgreementInput } from './agreement-report.ts'
import type { CalibrationInput, CalibrationResult } from './calibrate.ts'

/** Inputs without their callbacks: what can be sent to a thread. */
export type Task =
  | { kind: 'fit'; input: Omit<CalibrationInput, 'onProgress'> }
  | { kind: 'agreement'; input: Omit<AgreementInput, 'onProgress'> }

export type Answer =
  | { progress: { done: number; total: number } }
  | { result: unknown }
  | { refusal: { code: ErrorCode; found: string; expected: string; advice: string } }

export interface Watch {
  /** Ends the thread when it is aborted. */
  signal?: AbortSignal
  /** Told every few resamples. */
  onProgress?: (done: number, total: number) => void
}

/** Fits in a thread of its own, since the resampling takes seconds. @throws HeatproofError as `fitCalibration` does, or `cancelled` */
export function fitInWorker(
  input: Extract<Task, { kind: 'fit' }>['input'],
  watch?: Watch,
): Promise<CalibrationResult> {
  return inWorker({ kind: 'fit', input }, watch) as Promise<CalibrationResult>
}

/** Measures agreement in a thread of its own. @throws HeatproofError `cancelled` */
export function agreementInWorker(
  input: Extract<Task, { kind: 'agreement' }>['input'],
  watch?: Watch,
): Promise<Agreement> {
  return inWorker({ kind: 'agreement', input }, watch) as Promise<Agreement>
}

async function inWorker(task: Task, { signal, onProgress = () => undefined }: Watch = {}): Promise<unknown> {
  if (signal?.aborted) throw cancelled()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task })
  const stop = () => void worker.terminate()
  signal?.addEventListener('abort', stop)
  try {
    return await new Promise<unknown>((resolve, reject) => {
      worker.on('message', (answer: Answer) => {
        if ('progress' in answer) onProgress(answer.progress.done, answer.progress.total)
        else if ('result' in answer) resolve(answer.result)
        else {
          const { code, ...details } = answer.refusal
          reject(new HeatproofError(code, details))
        }
      })
      worker.once('error', reject)
      worker.once('exit', (code) =>
        reject(signal?.aborted ? cancelled() : new Error(`the calibration thread ended with code ${code}`)),
      )
    })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'to go on to the last resample',
    advice: 'Nothing was stored or changed. Start it again when you want it.',
  })
}
