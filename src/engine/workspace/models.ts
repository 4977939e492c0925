import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { ModelSummary } from '../../shared/contract/runs.ts'
import { isForeign, modelLabel, type LabelsName, type ModelArchitecture } from '../../shared/names.ts'
import { Blob, Flag, json } from './blobs.ts'
import { execute, insert, now, selectAll, selectOne, transact } from './statements.ts'

export interface NewModel {
  name: string
  architecture: ModelArchitecture
  stationaryDropout: boolean
  dataset: string
  steps: number
  fold: number
  items: number
  /** Of the whole safetensors file. */
  sha256: string
  accuracy: number | null
  trained: boolean
  origin: ModelSummary['origin']
  metadata: Record<string, string>
  /** The safetensors file. */
  weights: Uint8Array
}

/** What a model learned from, by the metadata of its weight file. */
export function labelsOf({ metadata }: Pick<ModelSummary, 'metadata'>): LabelsName {
  return metadata['labels'] === 'random' ? 'random' : 'true'
}

const ModelRow = z
  .object({
    ...ModelSummary.omit({ label: true }).shape,
    stationaryDropout: Flag,
    trained: Flag,
    metadata: json(ModelSummary.shape.metadata),
  })
  .transform((row) => ({
    ...row,
    label: modelLabel({ ...row, labels: labelsOf(row) }),
  }))

const SELECT_MODELS = `
  SELECT id, name, architecture, stationary_dropout AS stationaryDropout, dataset, steps, fold, items, sha256, accuracy,
    trained, origin, metadata_json AS metadata, created_at AS createdAt
  FROM models`

export function listModels(database: Database): ModelSummary[] {
  return selectAll(database, ModelRow, `${SELECT_MODELS} ORDER BY id`)
}

/** What networks from elsewhere are called, oldest first. */
export function foreignNetworks(database: Database): string[] {
  const models = listModels(database).filter(({ architecture }) => isForeign(architecture))
  return [...new Set(models.map(({ label }) => label))]
}

export function getModel(database: Database, id: number): ModelSummary | undefined {
  return selectOne(database, ModelRow, `${SELECT_MODELS} WHERE id = @id`, { id })
}

export function findModelByHash(database: Database, sha256: string): ModelSummary | undefined {
  return selectOne(database, ModelRow, `${SELECT_MODELS} WHERE sha256 = @sha256`, { sha256 })
}

/** Stores a model; the same file is the same model, so that a second import gives the one that is there, its weights put right. */
export function insertModel(database: Database, model: NewModel): ModelSummary {
  return transact(database, () => {
    const present = findModelByHash(database, model.sha256)
    if (present !== undefined) {
      execute(database, 'UPDATE models SET weights = @weights WHERE id = @id AND weights <> @weights', {
        id: present.id,
        weights: model.weights,
      })
      return present
    }
    const id = insert(
      database,
      `INSERT INTO models (name, architecture, stationary_dropout, dataset, steps, fold, items, sha256, accuracy, trained,
         origin, metadata_json, created_at, weights)
       VALUES (@name, @architecture, @stationaryDropout, @dataset, @steps, @fold, @items, @sha256, @accuracy, @trained,
         @origin, @metadata, @createdAt, @weights)`,
      {
        ...model,
        stationaryDropout: Number(model.stationaryDropout),
        trained: Number(model.trained),
        metadata: JSON.stringify(model.metadata),
        createdAt: now(),
      },
    )
    const stored = getModel(database, id)
    if (stored === undefined) throw new Error('the model was not stored')
    return stored
  })
}

const WeightsRow = z.object({ weights: Blob })

/** The model's safetensors file. */
export function getModelWeights(database: Database, id: number): Uint8Array | undefined {
  return selectOne(database, WeightsRow, 'SELECT weights FROM models WHERE id = @id', { id })?.weights
}
