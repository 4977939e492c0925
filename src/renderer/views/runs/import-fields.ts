import type { ImportFindings } from '../../../shared/contract/imports.ts'
import type { ImportFormatName } from '../../../shared/imports.ts'

/** What may be said of an import: nothing, of its samples alone, or also of a network and its maps. */
export type ImportFields = 'none' | 'samples' | 'maps'

/**
 * Audited sets and verdicts say everything themselves; images without maps know of no network.
 *
 * @param format null where it is not known yet
 * @param findings what a look at it found; null before one
 */
export function importFields(
  format: ImportFormatName | null,
  findings: Pick<ImportFindings, 'previews'> | null,
): ImportFields {
  if (format === 'audited-set' || format === 'verdicts') return 'none'
  const previews = findings?.previews ?? []
  return previews.length > 0 && previews.every(({ map }) => map === null) ? 'samples' : 'maps'
}
