import { parentPort, workerData } from 'node:worker_threads'
import { HeatproofError } from '../../shared/errors.ts'
import { measureAgreement } from './agreement-report.ts'
import { fitCalibration } from './calibrate.ts'
import type { Answer, Task } from './in-worker.ts'

function work(task: Task): unknown {
  const onProgress = (done: number, total: number) =>
    parentPort?.postMessage({ progress: { done, total } } satisfies Answer)
  return task.kind === 'fit'
    ? fitCalibration({ ...task.input, onProgress })
    : measureAgreement({ ...task.input, onProgress })
}

function answer(): Answer {
  try {
    return { result: work(workerData as Task) }
  } catch (error) {
    if (!(error instanceof HeatproofError)) throw error
    const { code, found, expected, advice } = error
    return { refusal: { code, found, expected, advice } }
  }
}

parentPort?.postMessage(answer())
