import type { ExportForm } from '../../../shared/export-forms.ts'
import { listSampleSets } from '../../workspace/samples.ts'
import { sampleSetIds } from '../../workspace/export-scans.ts'
import type { MapConsensus } from '../audited-set-consensus.ts'
import type { SetContext, WrittenParts } from '../audited-set-context.ts'
import { describeModel, modelsOfSet } from '../audited-set-models.ts'
import { recipeOf } from '../audited-set-samples.ts'
import { isLatest, verdictPages } from '../audited-set-verdicts.ts'
import { loadForm } from './forms.ts'

/** Writes the files of a form, and says what the manifest tells of them. */
export async function writeForm(
  context: SetContext,
  name: Exclude<ExportForm, 'set'>,
): Promise<WrittenParts> {
  const form = await loadForm(name)
  await form.write(context)
  return {
    models: modelsOfSet(context).map((model) => describeModel(model, null)),
    samples: describeSamples(context),
    ...countVerdicts(context),
    readme: form.readme,
  }
}

function describeSamples({ database, selection }: SetContext): WrittenParts['samples'] {
  const ids = new Set(selection.maps.map(({ sampleId }) => sampleId))
  const used = sampleSetIds(database, ids)
  return {
    count: ids.size,
    sets: listSampleSets(database)
      .filter(({ id }) => used.has(id))
      .map(recipeOf),
  }
}

function countVerdicts(context: SetContext): Pick<WrittenParts, 'verdicts' | 'consensus'> {
  const verdicts = { rows: 0, latest: 0 }
  const byMap = new Map<number, MapConsensus['consensus']>()
  for (const page of verdictPages(context)) {
    verdicts.rows += page.length
    verdicts.latest += page.filter(isLatest).length
    for (const { map, consensus } of page) byMap.set(map.mapId, consensus.consensus)
  }
  const consensus = { accept: 0, fail: 0, unsure: 0, tie: 0, none: 0 }
  for (const { mapId } of context.selection.maps) consensus[byMap.get(mapId) ?? 'none'] += 1
  return { verdicts, consensus }
}
