import type { Method } from '../../shared/methods.ts'
import { randomMap } from '../metrics/random-map.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import type { Attribution, BatchInputs } from './attribution.ts'
import type { ModelSizes } from '../models/layout.ts'
import { baselineLogits, integratedGradients } from './integrated-gradients.ts'
import { occlusion } from './occlusion.ts'
import { smoothGrad } from './smoothgrad.ts'

/** A method that needs other forward passes than that of the samples, or none. */
export type PerturbingMethod = Extract<Method, { family: 'ig' | 'smoothgrad' | 'occlusion' | 'random' }>

/** The maps of a method that looks at changed inputs, one change of the whole batch at a time, or at none. */
export async function perturbedMaps(
  model: AnyPreparedModel,
  inputs: BatchInputs,
  explained: Float64Array,
  method: PerturbingMethod,
): Promise<Attribution> {
  switch (method.family) {
    case 'ig': {
      const maps = await integratedGradients(model, inputs, method)
      const atBaseline = await baselineLogits(model, method.baseline)
      const difference = explained.map((f, n) => f - (atBaseline[inputs.targets[n] ?? 0] ?? NaN))
      return { maps, kept: null, difference, nodes: null }
    }
    case 'smoothgrad':
      return onlyMaps(await smoothGrad(model, inputs, method))
    case 'occlusion':
      return onlyMaps(await occlusion(model, inputs, explained, method))
    case 'random':
      return onlyMaps(randomMaps(inputs, model.layout.sizes, method.seed))
  }
}

function onlyMaps(maps: Float32Array): Attribution {
  return { maps, kept: null, difference: null, nodes: null }
}

function randomMaps(
  { targets, sampleIndices }: BatchInputs,
  { rows, columns }: ModelSizes,
  seed: number,
): Float32Array {
  const pixels = rows * columns
  const maps = new Float32Array(targets.length * pixels)
  for (const [n] of targets.entries()) maps.set(randomMap(pixels, seed, sampleIndices[n] ?? n), n * pixels)
  return maps
}
