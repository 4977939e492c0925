import { logitsOfModel } from '../../engine/compute/logits.ts'
import { ComputePool } from '../../engine/compute/pool.ts'
import { scoreFlipping, type FlippingOptions } from '../../engine/metrics/score-flipping.ts'
import { readAnyModel } from '../../engine/graph/any-model.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import { printInputSize } from '../../shared/units.ts'
import type { FloatMap, MapsFile } from './maps-file.ts'
import type { Scores } from './measured-maps.ts'
import { readInputFile } from './read-input-file.ts'
import { readTargets } from './targets.ts'

/** Measures what a model says of inputs whose patches turn black. */
export interface PatchFlipping {
  /** Name of the model. */
  model: string
  backend: BackendName
  device: string
  options: FlippingOptions
  /** The flipping metrics of several maps of one input, for each map in the order of `FLIPPING_METRICS`. */
  score(sample: { index: number; image: Float32Array }, maps: readonly FloatMap[]): Promise<Scores[]>
  close(): Promise<void>
}

export interface FlippingRequest extends FlippingOptions {
  /** The model, a .safetensors file. */
  model: string
  /** `predicted`, a class, or a file of labels: which logit is f. */
  target: string
  backend: BackendName | 'auto'
}

/**
 * Starts compute workers for a model that reads inputs of the maps' size.
 *
 * @param channels of the inputs
 * @throws HeatproofError what reading the model and the targets throws; `bad_model` for one that reads inputs of another size
 */
export async function openPatchFlipping(
  { model: path, target, backend, ...options }: FlippingRequest,
  maps: MapsFile,
  channels: number,
): Promise<PatchFlipping> {
  const weights = await readInputFile(path, 'the model, a .safetensors file')
  const model = readAnyModel(weights, path)
  const { rows, columns } = maps
  const { channels: read = 1 } = model
  if (model.rows !== rows || model.columns !== columns || read !== channels) {
    throw new HeatproofError('bad_model', {
      found: `the model ${model.name}, which reads inputs of ${printInputSize(model)} pixels`,
      expected: `one for ${printInputSize({ rows, columns, channels })}, the size of the maps in ${maps.path} and of their inputs`,
      advice: 'Give the model that the maps explain.',
    })
  }
  const targets = await readTargets(target, maps.count, model.classes)
  const pool = await ComputePool.start({ backend })
  const logitsOf = logitsOfModel(pool, { key: 'model', file: () => weights })
  return {
    model: model.name,
    backend: pool.backend,
    device: pool.device,
    options,
    score({ index, image }, maps) {
      const explained = targets === 'predicted' ? targets : (targets[index] ?? 0)
      const sample = { image, rows, columns, target: explained, sampleIndex: index }
      return scoreFlipping(sample, maps, options, logitsOf)
    },
    close: () => pool.close(),
  }
}
