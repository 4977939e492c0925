import { getModelWeights } from '../workspace/models.ts'
import { runIdsOfMaps } from '../workspace/export-scans.ts'
import { getRun } from '../workspace/runs.ts'
import type { SetContext } from './audited-set-context.ts'
import { modelFile } from './audited-set-layout.ts'
import type { SetManifest } from './audited-set-manifest.ts'

/** Writes the weight files and what is known of them. */
export async function writeModels(context: SetContext): Promise<SetManifest['models']> {
  const { database, folder, selection, models } = context
  const ids = [...new Set(selection.maps.map(({ modelId }) => modelId))].sort((a, b) => a - b)
  const written: SetManifest['models'] = []
  for (const id of ids) {
    context.checkCancelled()
    const model = models.get(id)
    const weights = getModelWeights(database, id)
    if (model === undefined || weights === undefined) throw new Error(`model ${id} without its weights`)
    const file = modelFile(id, context)
    await folder.write(file, weights)
    const { name, architecture, stationaryDropout, dataset, steps, fold, items } = model
    const { sha256, accuracy, trained, origin, metadata } = model
    written.push({
      ...{ file, name, sha256, architecture, stationaryDropout, dataset, steps, fold, items },
      ...{ accuracy, trained, origin, metadata },
    })
  }
  await folder.write('models.json', `${JSON.stringify(written, null, 2)}\n`)
  return written
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
