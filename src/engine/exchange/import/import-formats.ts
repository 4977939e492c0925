import { stat } from 'node:fs/promises'
import { HeatproofError } from '../../../shared/errors.ts'
import { IMPORT_TITLES, type ImportFormatName } from '../../../shared/imports.ts'
import { arraysFormat } from './arrays-format.ts'
import { auditedSetFormat } from './audited-set-format.ts'
import type { ImportFormat } from './import-format.ts'
import { verdictsFormat } from './verdicts-format.ts'
import { virelayFormat } from './virelay-format.ts'

/** In the order in which they are tried: exports for ViRelAy have the manifest of an audited set, too. */
export const FORMATS: readonly ImportFormat[] = [
  virelayFormat,
  auditedSetFormat,
  arraysFormat,
  verdictsFormat,
]

/**
 * The format of what a path holds.
 *
 * @param wanted the format that the user names; nothing else is tried then
 * @throws HeatproofError `not_found`, `bad_file` (none of the formats)
 */
export async function formatOf(path: string, wanted?: ImportFormatName): Promise<ImportFormat> {
  await requireThere(path)
  for (const format of FORMATS) {
    if (wanted === undefined ? await format.detect(path) : Object.is(format.name, wanted)) return format
  }
  throw new HeatproofError('bad_file', {
    found: `${path}, which is none of the formats that can be imported`,
    expected: Object.values(IMPORT_TITLES).join(', '),
    advice: 'See `heatproof import --help` for what belongs into each.',
  })
}

async function requireThere(path: string): Promise<void> {
  try {
    await stat(path)
  } catch (cause) {
    throw new HeatproofError('not_found', {
      found: `nothing readable at ${path}`,
      expected: 'a file or folder to be imported',
      advice: 'Check the path and its permissions.',
      cause,
    })
  }
}
