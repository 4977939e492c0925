import { HeatproofError } from '../../shared/errors.ts'
import { readSafetensors, writeSafetensors, type NamedTensor } from '../exchange/safetensors.ts'
import type { TrainedTensor } from './adam.ts'

/** All that training needs to go on as if it had never stopped. */
export interface TrainingState {
  /** Steps done; with the seed it is the position of every random stream. */
  step: number
  readonly tensors: ReadonlyMap<string, TrainedTensor>
}

const FORMAT = 'heatproof-checkpoint-1'

/**
 * The bytes of a checkpoint: a safetensors file with the weights and Adam's running means.
 *
 * @param identity text of everything that decides the result (network, data, options, seed)
 */
export function writeCheckpoint({ step, tensors }: TrainingState, identity: string): Uint8Array {
  const file = new Map<string, NamedTensor>()
  for (const [name, { shape, values, mean, square }] of tensors) {
    file.set(name, { shape, data: values })
    file.set(`adam.mean.${name}`, { shape, data: mean })
    file.set(`adam.square.${name}`, { shape, data: square })
  }
  return writeSafetensors(file, { format: FORMAT, step: String(step), identity })
}

/**
 * @param shapes of the tensors that are trained
 * @throws HeatproofError `bad_file`; `conflict`: the checkpoint belongs to another training
 */
export function readCheckpoint(
  bytes: Uint8Array,
  identity: string,
  shapes: ReadonlyMap<string, number[]>,
): TrainingState {
  const { tensors, metadata } = readSafetensors(bytes, 'the checkpoint')
  const step = Number(metadata['step'])
  if (metadata['format'] !== FORMAT || !Number.isSafeInteger(step) || step < 0) {
    throw badCheckpoint('bad_file', 'a file without the metadata of a checkpoint', `the format ${FORMAT}`)
  }
  if (metadata['identity'] !== identity) {
    throw badCheckpoint(
      'conflict',
      `a checkpoint of another training (${metadata['identity'] ?? ''})`,
      `one of this training (${identity})`,
    )
  }
  const values = (name: string, shape: readonly number[]): Float32Array => {
    const tensor = tensors.get(name)
    if (tensor?.shape.join() === shape.join()) return tensor.data
    throw badCheckpoint(
      'bad_file',
      `${tensor === undefined ? 'no' : `shape [${tensor.shape.join(', ')}] for the`} tensor '${name}'`,
      `it in the shape [${shape.join(', ')}]`,
    )
  }
  const trained = [...shapes].map(([name, shape]) => {
    const tensor: TrainedTensor = {
      shape,
      values: values(name, shape),
      mean: values(`adam.mean.${name}`, shape),
      square: values(`adam.square.${name}`, shape),
    }
    return [name, tensor] as const
  })
  return { step, tensors: new Map(trained) }
}

function badCheckpoint(code: 'bad_file' | 'conflict', found: string, expected: string): HeatproofError {
  return new HeatproofError(code, {
    found,
    expected,
    advice: 'Resume from its own checkpoint, or start anew.',
  })
}
