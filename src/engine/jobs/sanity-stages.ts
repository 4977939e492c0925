import type { Database } from 'better-sqlite3'
import type { SanityRequest } from '../../shared/contract/sanity.ts'
import { seedsOf } from '../../shared/sanity-seeds.ts'
import { ARCHITECTURES } from '../models/architectures.ts'
import { writeAnyModel, type AnyModel } from '../graph/any-model.ts'
import { graphLayersFromOutput, randomisedGraph } from '../graph/randomised-graph.ts'
import { layersFromOutput, randomisedModel } from '../models/randomised.ts'
import { getModel, getModelWeights } from '../workspace/models.ts'
import { modelOf } from './stored-model.ts'

/** One of the stages whose maps are compared with those of the model itself. */
export interface SanityStagePlan {
  name: string
  /** The stage's model, for every draw of fresh weights. */
  draws: SanityStageModel[]
}

export interface SanityStageModel {
  /** Names the model in the worker pool. */
  modelKey: string
  /** Its safetensors file. */
  file: () => Uint8Array
}

/** What the model as it is is called among the stages. */
export const ORIGINAL = 'original'

/** The stages of a check: the model itself, then either one with more and more fresh layers, or the other model. */
export function sanityStages(
  database: Database,
  request: Pick<SanityRequest, 'modelId' | 'againstId' | 'seed' | 'seeds'>,
): SanityStagePlan[] {
  const { modelId, againstId } = request
  const original = { name: ORIGINAL, draws: [storedModel(database, modelId)] }
  if (againstId !== null) {
    const name = getModel(database, againstId)?.name ?? ''
    return [original, { name, draws: [storedModel(database, againstId)] }]
  }
  const model = modelOf(database, modelId)
  const fresh = layersOf(model).map((layer, index) => ({
    name: layer,
    draws: seedsOf(request).map((seed) => ({
      modelKey: `${modelId}, ${index + 1} layers of seed ${seed}`,
      file: () => writeAnyModel(randomised(model, index + 1, seed)),
    })),
  }))
  return [original, ...fresh]
}

/** From the output to the input. */
function layersOf(model: AnyModel): string[] {
  if (model.architecture === 'graph') return graphLayersFromOutput(model)
  return layersFromOutput(ARCHITECTURES[model.architecture])
}

function randomised(model: AnyModel, count: number, seed: number): AnyModel {
  return model.architecture === 'graph'
    ? randomisedGraph(model, count, seed)
    : randomisedModel(model, count, seed)
}

export function storedModel(database: Database, id: number): SanityStageModel {
  return { modelKey: String(id), file: () => getModelWeights(database, id) ?? new Uint8Array() }
}
