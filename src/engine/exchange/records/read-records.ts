import type { SetContent } from '../audited-set-content.ts'
import { FORM_TITLES } from '../../../shared/export-forms.ts'
import type { AnySetManifest, SetManifest } from '../audited-set-manifest.ts'
import { badFile } from '../bad-input.ts'
import type { RecordTable } from './record-tables.ts'
import { stageRecords, type StagingOptions } from './stage-records.ts'
import type { StagedRecords } from './staged-records.ts'

/** The records of a set, checked. Close `staged` at the end. */
export interface SetRecords {
  manifest: SetManifest
  staged: StagedRecords
  /** Rows by table. */
  counts: ReadonlyMap<RecordTable, number>
}

/**
 * Reads all records of a set that was compared with its manifest.
 *
 * @throws HeatproofError `bad_file` (what is wrong, a set of version 1, or an export for another tool), `bad_values`, `cancelled`
 */
export async function readRecords(
  path: string,
  content: SetContent,
  manifest: AnySetManifest,
  options: StagingOptions = {},
): Promise<SetRecords> {
  if (manifest.formatVersion === 1) {
    throw badFile({
      source: path,
      found: 'a set of version 1, which does not hold every row of its workspace,',
      expected: 'version 2',
      advice: 'Export it anew from its workspace by this Heatproof.',
    })
  }
  if (manifest.form !== 'set') {
    throw badFile({
      source: path,
      found: `an export for ${FORM_TITLES[manifest.form].title}, which does not hold every row of its workspace,`,
      expected: 'an audited set',
      advice: 'Export the same maps as an audited set (`--format set`).',
    })
  }
  const { staged, counts } = await stageRecords(content, options)
  const { maps, samples, models, verdicts } = manifest.counts
  for (const [table, count] of Object.entries({ maps, samples, models, verdicts })) {
    const found = counts.get(table as RecordTable) ?? 0
    if (found === count) continue
    await staged.close()
    throw badFile({
      source: path,
      found: `${found} records of ${table}`,
      expected: `${count}, as the manifest says`,
    })
  }
  return { manifest, staged, counts }
}
