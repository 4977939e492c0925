import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { TrainRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import { beforeWorkers } from '../compute/before-workers.ts'
import { fromSentError } from '../compute/sent-error.ts'
import type { DatasetLocation } from '../data/datasets.ts'
import { deleteCheckpoint, insertCurvePoints, loadCheckpoint, saveCheckpoint } from '../workspace/jobs.ts'
import { insertModel } from '../workspace/models.ts'
import { transact } from '../workspace/statements.ts'
import type { JobContext, JobDefinition } from './queue.ts'
import { modelRow } from './stored-model.ts'
import { STOP, type TrainWorkerData, type TrainWorkerMessage } from './train-protocol.ts'

export interface TrainDependencies {
  database: Database
  backend: BackendName | 'auto'
  location: DatasetLocation
  onModel: () => void
}

/** Trains a model in a thread of its own; a job that was stopped or killed goes on from its last checkpoint. */
export function trainJob(dependencies: TrainDependencies): JobDefinition {
  return {
    unit: 'steps',
    async run(context) {
      const request = TrainRequest.parse(context.request)
      const checkpoint = loadCheckpoint(dependencies.database, context.jobId)?.state ?? null
      const { backend, location } = dependencies
      const trained = await trainInWorker(dependencies.database, context, {
        request,
        backend,
        location,
        checkpoint,
      })
      const id = storeModel(dependencies.database, context.jobId, trained)
      context.setResult(id)
      dependencies.onModel()
    },
  }
}

type Trained = Extract<TrainWorkerMessage, { type: 'trained' }>

function trainInWorker(
  database: Database,
  { jobId, signal, report }: JobContext,
  workerData: TrainWorkerData,
): Promise<Trained> {
  beforeWorkers()
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url), { workerData })
  const stop = () => worker.postMessage(STOP)
  signal.addEventListener('abort', stop)
  let [step, epoch] = [0, 0]
  return new Promise<Trained>((resolve, reject) => {
    const receive = (message: TrainWorkerMessage): void => {
      switch (message.type) {
        case 'progress': {
          const { point, totalSteps, epochs } = message
          ;[step, epoch] = [point.step, Math.floor(point.epoch)]
          insertCurvePoints(database, jobId, [point])
          report({ done: step, total: totalSteps, detail: `epoch ${Math.ceil(point.epoch)} of ${epochs}` })
          break
        }
        case 'checkpoint':
          saveCheckpoint(database, jobId, { epoch, step, state: message.state })
          break
        case 'trained':
          resolve(message)
          break
        case 'failed':
          reject(fromSentError(message.error))
      }
    }
    worker.on('message', (message: TrainWorkerMessage) => {
      try {
        receive(message)
      } catch (error) {
        // Thrown further it would end the whole process: there was no room for a point of the curve, say.
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      reject(
        new HeatproofError('internal', {
          found: `a training thread that ended with code ${code}`,
          expected: 'a trained model',
          advice: 'Resume the job; it goes on from its last checkpoint.',
        }),
      )
    })
  }).finally(() => {
    signal.removeEventListener('abort', stop)
    void worker.terminate()
  })
}

function storeModel(database: Database, jobId: number, { file }: Trained): number {
  return transact(database, () => {
    const model = insertModel(database, modelRow(file, 'the trained model', 'trained'))
    deleteCheckpoint(database, jobId)
    return model.id
  })
}
