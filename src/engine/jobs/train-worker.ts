import { parentPort, workerData } from 'node:worker_threads'
import { useBackend } from '../compute/backend.ts'
import { toSentError } from '../compute/sent-error.ts'
import { gpuFailure } from '../compute/webgpu.ts'
import { evaluate } from '../models/evaluate.ts'
import { writeModel } from '../models/model.ts'
import { prepareModel } from '../models/prepared-model.ts'
import { train, type TrainingProgress } from '../models/training.ts'
import { STOP, type TrainWorkerData, type TrainWorkerMessage } from './train-protocol.ts'
import { optionsOfRequest, planOfRequest, sequencesOfPart, trainingSequences } from './training-setup.ts'

const data = workerData as TrainWorkerData
const stop = new AbortController()

parentPort?.on('message', (message) => {
  if (message === STOP) stop.abort()
})

/** Often enough that a kill costs little work. */
const CHECKPOINT_STEPS = 200

async function run(): Promise<void> {
  const { request, location, checkpoint } = data
  await useBackend(data.backend)
  const plan = planOfRequest(request)
  const [sequences, validation] = await Promise.all([
    trainingSequences(request, location),
    sequencesOfPart(request, 'validation', { location }),
  ])
  const model = await train({
    plan,
    sequences,
    validation,
    options: optionsOfRequest(request),
    signal: stop.signal,
    onProgress: (progress) => {
      send(progressMessage(progress, sequences.count / request.batch))
    },
    onCheckpoint: (state) => {
      send({ type: 'checkpoint', state })
    },
    checkpointSteps: CHECKPOINT_STEPS,
    ...(checkpoint === null ? {} : { resumeFrom: checkpoint }),
  })
  const prepared = prepareModel(model)
  const accuracy = await evaluate(prepared, await sequencesOfPart(request, 'test', { location }))
  const metadata = { ...model.metadata, accuracy: accuracy.toFixed(4) }
  send({ type: 'trained', file: writeModel({ ...model, metadata }), accuracy })
}

function progressMessage(progress: TrainingProgress, stepsPerEpoch: number): TrainWorkerMessage {
  const { step, totalSteps, epochs, loss, accuracy, validationAccuracy } = progress
  const epoch = step / Math.ceil(stepsPerEpoch)
  const point = { epoch, step, loss, accuracy, validation: validationAccuracy ?? null }
  return { type: 'progress', point, totalSteps, epochs }
}

/** @throws HeatproofError what the GPU reported: nothing that it computed is told then */
function send(message: TrainWorkerMessage): void {
  const failure = gpuFailure()
  if (failure !== undefined && message.type !== 'failed') throw failure
  parentPort?.postMessage(message)
}

try {
  await run()
} catch (error) {
  send({ type: 'failed', error: toSentError(gpuFailure() ?? error) })
} finally {
  parentPort?.close()
}
