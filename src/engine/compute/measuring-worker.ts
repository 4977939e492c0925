import { parentPort } from 'node:worker_threads'
import { measureAll } from '../metrics/measure-task.ts'
import type { MeasuringAnswer, MeasuringRequest } from './measuring-threads.ts'
import { toSentError } from './sent-error.ts'

parentPort?.on('message', ({ id, maps }: MeasuringRequest) => {
  try {
    send({ id, measured: measureAll(maps) })
  } catch (error) {
    send({ id, error: toSentError(error) })
  }
})

function send(answer: MeasuringAnswer): void {
  parentPort?.postMessage(answer)
}
