import { setImmediate } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { HeatproofError } from '../../shared/errors.ts'
import { seededGenerator } from '../../shared/seeds.ts'
import { adamStep, type TrainedTensor } from './adam.ts'
import { readCheckpoint, writeCheckpoint, type TrainingState } from './checkpoint.ts'
import { dropoutMasks } from './dropout.ts'
import { evaluate, type LabelledSequences } from './evaluate.ts'
import { firstNotFinite, runForward } from './forward.ts'
import { initialWeights } from './initial-weights.ts'
import { LayerWeights } from './layer-weights.ts'
import { newLayout, type ModelLayout } from './layout.ts'
import { crossEntropy, type BatchLoss } from './loss.ts'
import type { Model } from './model.ts'
import { parameterGradients, rawBiasGradient, readGradients } from './parameter-gradients.ts'
import { prepareModel } from './prepared-model.ts'
import { toSteps } from './steps.ts'
import { Tape } from './tape.ts'

/** The network to train: a model without its weights. */
export type ModelPlan = Omit<Model, 'weights'>

export interface TrainingOptions {
  readonly epochs: number
  readonly batchSize: number
  /** Learning rate of the first step. */
  readonly learningRate: number
  /** Learning rate that a cosine falls to at the end; equal to `learningRate`: constant. */
  readonly finalLearningRate: number
  /** Probability that dropout keeps an activation. */
  readonly keep: number
  readonly seed: number
}

/** The reference experiments' options (method card, section 2). */
export const REFERENCE_OPTIONS: TrainingOptions = {
  epochs: 100,
  batchSize: 50,
  learningRate: 2e-4,
  finalLearningRate: 2e-4,
  keep: 0.8,
  seed: 1,
}

export interface TrainingProgress {
  /** The epoch in progress, from 1. */
  readonly epoch: number
  readonly epochs: number
  /** Steps done. */
  readonly step: number
  readonly totalSteps: number
  /** Means since the report before, on training batches with dropout. */
  readonly loss: number
  readonly accuracy: number
  /** Accuracy on the validation sequences; at the end of an epoch only. */
  readonly validationAccuracy: number | undefined
  /** Estimate; Infinity before the first step. */
  readonly secondsLeft: number
}

export interface Training {
  readonly plan: ModelPlan
  readonly sequences: LabelledSequences
  readonly validation?: LabelledSequences
  readonly options: TrainingOptions
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainingProgress) => void
  /** Receives the bytes of a checkpoint: at the end of every epoch, every `checkpointSteps`, and when cancelled. */
  readonly onCheckpoint?: (checkpoint: Uint8Array) => Promise<void> | void
  readonly checkpointSteps?: number
  /** A checkpoint of the same training: goes on as if it had never stopped. */
  readonly resumeFrom?: Uint8Array
}

const REPORT_MILLISECONDS = 500

/**
 * Trains a network by Adam. On one backend the same options and seed give the same weights, resumed or not.
 *
 * @throws HeatproofError `cancelled` (after a last checkpoint), `conflict` (a checkpoint of another training),
 *   `bad_values` (activations that are no longer finite)
 */
export async function train(training: Training): Promise<Model> {
  const { plan, sequences, options, signal } = training
  const layout = newLayout(plan.architecture, plan)
  const identity = identityOf(training)
  const state =
    training.resumeFrom === undefined
      ? newState(layout, options.seed)
      : readCheckpoint(training.resumeFrom, identity, layout.shapes())
  const stepsPerEpoch = Math.ceil(sequences.count / options.batchSize)
  const totalSteps = stepsPerEpoch * options.epochs
  const checkpoint = () => training.onCheckpoint?.(writeCheckpoint(state, identity))
  const report = progressReporter(training, state.step, totalSteps, stepsPerEpoch)

  let order = new Uint32Array()
  while (state.step < totalSteps) {
    const place = state.step % stepsPerEpoch
    if (place === 0 || order.length === 0) {
      order = epochOrder(sequences.count, options.seed, Math.floor(state.step / stepsPerEpoch))
    }
    const indices = order.slice(place * options.batchSize, (place + 1) * options.batchSize)
    report.add(await trainStep(training, layout, state, indices, totalSteps), indices.length)
    const epochEnds = state.step % stepsPerEpoch === 0
    if (epochEnds || report.isDue()) {
      const validation = epochEnds && training.validation
      const accuracy = validation ? await accuracyOf(modelOf(plan, state), validation) : undefined
      report.send(state.step, accuracy)
      await setImmediate()
    }
    const aborted = signal?.aborted === true
    if (epochEnds || aborted || state.step % (training.checkpointSteps ?? Infinity) === 0) await checkpoint()
    if (aborted) throw cancelled(state.step, totalSteps)
  }
  return modelOf(plan, state)
}

/** Learning rate of a step from 0: a cosine from the first to the last. */
export function learningRateAt(options: TrainingOptions, step: number, totalSteps: number): number {
  const { learningRate, finalLearningRate } = options
  const done = (1 + Math.cos((Math.PI * step) / totalSteps)) / 2
  return finalLearningRate + (learningRate - finalLearningRate) * done
}

async function trainStep(
  { plan, sequences, options }: Training,
  layout: ModelLayout,
  state: TrainingState,
  indices: Uint32Array,
  totalSteps: number,
): Promise<BatchLoss> {
  const labels = Uint8Array.from(indices, (index) => sequences.labels[index] ?? 0)
  const tensors = new Map(
    [...state.tensors].map(([name, { values, shape }]) => [name, tf.tensor(values, shape)] as const),
  )
  const weights = new LayerWeights(layout, tensors)
  const pixels = toSteps(sequences.render(indices), plan)
  const masks = dropoutMasks({
    keep: options.keep,
    stationary: plan.stationaryDropout,
    seed: options.seed,
    trainingStep: state.step,
    steps: plan.steps,
  })
  const tape = new Tape(weights, pixels, plan.steps, masks)
  try {
    const logits = runForward(tape, layout.architecture)
    await requireFinite(tape, state.step)
    const loss = crossEntropy((await logits.value.data()) as Float32Array, labels, plan.classes)
    const rows = tf.tidy(() => {
      const gradient = tf.tensor2d(loss.gradient, [indices.length, plan.classes])
      return parameterGradients(tape, logits, gradient, layout)
    })
    const gradients = await readGradients(rows, layout)
    tf.dispose(rows.map(({ values }) => values))
    const learningRate = learningRateAt(options, state.step, totalSteps)
    state.step += 1
    for (const [name, tensor] of state.tensors) {
      const gradient = gradients.get(name)
      if (gradient === undefined) continue
      if (name.endsWith('.bias_raw')) rawBiasGradient(gradient, tensor.values)
      adamStep(tensor, gradient, learningRate, state.step)
    }
    return loss
  } finally {
    tape.dispose()
    weights.dispose()
    tf.dispose([...tensors.values()])
  }
}

function newState(layout: ModelLayout, seed: number): TrainingState {
  const tensors = [...initialWeights(layout, seed)].map(([name, { shape, data }]) => {
    const zeros = () => new Float32Array(data.length)
    const tensor: TrainedTensor = { shape, values: data, mean: zeros(), square: zeros() }
    return [name, tensor] as const
  })
  return { step: 0, tensors: new Map(tensors) }
}

function modelOf(plan: ModelPlan, state: TrainingState): Model {
  const weights = [...state.tensors].map(
    ([name, { shape, values }]) => [name, { shape, data: values.slice() }] as const,
  )
  return { ...plan, weights: new Map(weights) }
}

/** Share of sequences that a model, made ready for this alone, classifies rightly. */
export async function accuracyOf(model: Model, sequences: LabelledSequences): Promise<number> {
  const prepared = prepareModel(model)
  try {
    return await evaluate(prepared, sequences)
  } finally {
    prepared.dispose()
  }
}

function epochOrder(count: number, seed: number, epoch: number): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  return seededGenerator(seed, 'order of sequences', epoch).shuffle(order)
}

/** Everything that decides the weights, as text. */
function identityOf({ plan, sequences, options }: Training): string {
  return JSON.stringify({ plan, sequences: sequences.count, options })
}

async function requireFinite(tape: Tape, step: number): Promise<void> {
  const node = await firstNotFinite(tape)
  if (node === undefined) return
  throw new HeatproofError('bad_values', {
    found: `NaN or infinity in the output of ${node} in step ${step}`,
    expected: 'finite activations',
    advice: 'Train with a smaller learning rate.',
  })
}

function cancelled(step: number, totalSteps: number): HeatproofError {
  return new HeatproofError('cancelled', {
    found: `a request to stop after step ${step} of ${totalSteps}`,
    expected: 'training to its end',
    advice: 'Resume it from its last checkpoint.',
  })
}

/** Gathers losses between reports, and knows when the next is due. */
function progressReporter(
  { options, onProgress }: Training,
  firstStep: number,
  totalSteps: number,
  stepsPerEpoch: number,
) {
  const started = performance.now()
  let reported = started
  let [loss, correct, steps, samples] = [0, 0, 0, 0]
  return {
    add(batch: BatchLoss, size: number): void {
      loss += batch.loss
      correct += batch.correct
      steps += 1
      samples += size
    },
    isDue: () => performance.now() - reported > REPORT_MILLISECONDS,
    send(step: number, validationAccuracy: number | undefined): void {
      reported = performance.now()
      const secondsAStep = (reported - started) / 1000 / (step - firstStep)
      onProgress?.({
        epoch: Math.ceil(step / stepsPerEpoch),
        epochs: options.epochs,
        step,
        totalSteps,
        loss: loss / steps,
        accuracy: correct / samples,
        validationAccuracy,
        secondsLeft: secondsAStep * (totalSteps - step),
      })
      ;[loss, correct, steps, samples] = [0, 0, 0, 0]
    },
  }
}
