import { setImmediate } from 'node:timers/promises'
import { HeatproofError } from '../../../shared/errors.ts'
import { removeUnneededSamples } from '../../workspace/imported-maps.ts'
import { comesIn, insertSamples } from '../../workspace/samples.ts'
import { requireNoConflict } from './import-conflicts.ts'
import type { ImportContext, StoredImport } from './import-format.ts'
import type { ImportedMaps } from './imported-maps.ts'
import { ensureImportedSet, samplesAtOnce } from './imported-set.ts'

/**
 * Stores images without maps as a sample set, which runs explain. What is there already is kept. A failed or cancelled import is
 * taken back; one whose engine stopped goes on.
 *
 * @throws HeatproofError `conflict`: the workspace says something else of the same sample; `cancelled`
 */
export async function storeImages(
  { database, signal, isClosing, report }: ImportContext,
  images: ImportedMaps,
): Promise<StoredImport> {
  await requireNoConflict(database, images)
  const set = ensureImportedSet(database, images)
  const { sha256, tool, warnings, count: total } = images
  const isNew = comesIn(database, set)
  let [done, added] = [0, 0]
  try {
    report({ done, total, unit: 'images', detail: 'storing' })
    for await (const { samples } of images.batches(0, await samplesAtOnce(images))) {
      if (signal.aborted) throw stopped()
      added += insertSamples(database, set.id, samples).inserted
      done += samples.length
      report({ done, total, unit: 'images', detail: 'storing' })
      await setImmediate()
    }
  } catch (error) {
    if (!isClosing()) await removeUnneededSamples(database, set.id)
    throw error
  }
  return { sha256, tool, warnings, counts: { images: isNew ? total : added }, runId: null }
}

function stopped(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all images to be stored',
    advice: 'Nothing of the import was kept; start it again.',
  })
}
