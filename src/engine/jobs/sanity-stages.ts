import type { Database } from 'better-sqlite3'
import type { SanityRequest } from '../../shared/contract/sanity.ts'
import { ARCHITECTURES } from '../models/architectures.ts'
import { writeModel } from '../models/model.ts'
import { layersFromOutput, randomisedModel } from '../models/randomised.ts'
import { getModel, getModelWeights } from '../workspace/models.ts'
import { modelOf } from './stored-model.ts'

/** One of the models whose maps are compared with those of the model itself. */
export interface SanityStageModel {
  name: string
  /** Names the model in the worker pool. */
  modelKey: string
  /** Its safetensors file. */
  file: () => Uint8Array
}

/** What the model as it is is called among the stages. */
export const ORIGINAL = 'original'

/** The models of a check: the model itself, then either one with more and more fresh layers, or the other model. */
export function sanityStages(
  database: Database,
  { modelId, againstId, seed }: Pick<SanityRequest, 'modelId' | 'againstId' | 'seed'>,
): [SanityStageModel, ...SanityStageModel[]] {
  const original = storedModel(database, ORIGINAL, modelId)
  if (againstId !== null) {
    return [original, storedModel(database, getModel(database, againstId)?.name ?? '', againstId)]
  }
  const model = modelOf(database, modelId)
  const fresh = layersFromOutput(ARCHITECTURES[model.architecture]).map((layer, index) => ({
    name: layer,
    modelKey: `${modelId}, ${index + 1} layers of seed ${seed}`,
    file: () => writeModel(randomisedModel(model, index + 1, seed)),
  }))
  return [original, ...fresh]
}

function storedModel(database: Database, name: string, id: number): SanityStageModel {
  return { name, modelKey: String(id), file: () => getModelWeights(database, id) ?? new Uint8Array() }
}
