import type { ModelSummary } from '../../shared/contract/runs.ts'
import { getModelWeights } from '../workspace/models.ts'
import { runIdsOfMaps } from '../workspace/export-scans.ts'
import { getRun } from '../workspace/runs.ts'
import type { SetContext, SetSource } from './audited-set-context.ts'
import { modelFile } from './audited-set-layout.ts'
import type { SetManifest } from './audited-set-manifest.ts'

/** Writes the weight files and what is known of them. */
export async function writeModels(context: SetContext): Promise<SetManifest['models']> {
  const { database, folder } = context
  const written: SetManifest['models'] = []
  for (const model of modelsOfSet(context)) {
    context.checkCancelled()
    const weights = getModelWeights(database, model.id)
    if (weights === undefined) throw new Error(`model ${model.id} without its weights`)
    const file = modelFile(model.id, context)
    await folder.write(file, weights)
    written.push(describeModel(model, file))
  }
  await folder.write('models.json', `${JSON.stringify(written, null, 2)}\n`)
  return written
}

/** The models of the maps, by ascending id. */
export function modelsOfSet({ selection, models }: SetSource): ModelSummary[] {
  const ids = [...new Set(selection.maps.map(({ modelId }) => modelId))].sort((a, b) => a - b)
  return ids.map((id) => {
    const model = models.get(id)
    if (model === undefined) throw new Error(`no model ${id}`)
    return model
  })
}

/** What the manifest says of a model. */
export function describeModel(model: ModelSummary, file: string | null): SetManifest['models'][number] {
  const { name, architecture, stationaryDropout, dataset, steps, fold, items } = model
  const { sha256, accuracy, trained, origin, metadata } = model
  return {
    ...{ file, name, sha256, architecture, stationaryDropout, dataset, steps, fold, items },
    ...{ accuracy, trained, origin, metadata },
  }
}

/** The runs that made the maps. */
export function runsOfSet({ database, selection }: SetContext): SetManifest['runs'] {
  const ids = runIdsOfMaps(
    database,
    selection.maps.map(({ mapId }) => mapId),
  )
  return ids.flatMap((id) => {
    const run = getRun(database, id)
    if (run === undefined) return []
    const { title, seed, target, methods, backend, device, versions, createdAt } = run
    return [{ id, title, seed, target, methods, backend, device, versions, createdAt }]
  })
}
