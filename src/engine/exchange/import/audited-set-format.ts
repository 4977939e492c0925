import { readdir, stat } from 'node:fs/promises'
import type { ImportOptions } from '../../../shared/contract/imports.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { formatCount, plural } from '../../../shared/units.ts'
import type { SetContent } from '../audited-set-content.ts'
import { MANIFEST, type SetManifest } from '../audited-set-manifest.ts'
import { openSet, verifyAuditedSet } from '../audited-set-verify.ts'
import { badFile } from '../bad-input.ts'
import type { RecordTable } from '../records/record-tables.ts'
import { readRecords, type SetRecords } from '../records/read-records.ts'
import { storeRecords, type StoredRecords } from '../records/store-records.ts'
import type { ImportContext, ImportFormat, StoredImport } from './import-format.ts'

/** A zip that unpacks to so many times its size, and to more than this, holds nothing that an export writes. */
const BOMB = { ratio: 400, bytes: 2 ** 26 }
/** The most conflicts that are listed. */
const LISTED = 20

/** Audited sets, folders and zips: with everything in it that this program wrote there. */
export const auditedSetFormat: ImportFormat = {
  name: 'audited-set',
  async detect(path) {
    if ((await stat(path)).isDirectory()) return (await readdir(path)).includes(MANIFEST)
    const content = await openSet(path).catch(() => null)
    if (content === null) return false
    await content.close()
    return content.entries.some((entry) => entry.path === MANIFEST)
  },
  async open(path, options) {
    requireNoOptions(options)
    const content = await openSet(path)
    return {
      async inspect(database) {
        const { manifest, staged, counts } = await read(path, content)
        try {
          const stored = storeRecords(database, staged, { isTrial: true })
          return {
            facts: factsOf(manifest, counts, stored),
            warnings: warningsOf(stored),
            conflicts: stored.conflicts.slice(0, LISTED),
            previews: [],
          }
        } finally {
          await staged.close()
        }
      },
      store: (context) => store(path, content, context),
      close: content.close,
    }
  },
}

async function store(path: string, content: SetContent, context: ImportContext): Promise<StoredImport> {
  const { database, signal, report } = context
  report({ done: 0, total: 0, detail: 'checking hashes' })
  const { manifest, manifestSha256, staged } = await read(path, content, { signal, report })
  try {
    const stored = storeRecords(database, staged, { isTrial: false })
    const [conflict] = stored.conflicts
    if (conflict !== undefined) throw standsAgainst(conflict, stored.conflicts.length)
    const { maps } = manifest.counts
    report({ done: maps, total: maps, detail: 'stored' })
    return {
      sha256: manifestSha256,
      tool: `heatproof ${manifest.versions['heatproof'] ?? ''}`.trim(),
      counts: Object.fromEntries(COUNTED.map((table) => [table, stored.inserted.get(table) ?? 0])),
      warnings: warningsOf(stored),
      runId: null,
    }
  } finally {
    await staged.close()
  }
}

/** Compares the set with its manifest, then reads all of its records. @throws HeatproofError what is wrong with it */
async function read(
  path: string,
  content: SetContent,
  { signal, report }: Partial<Pick<ImportContext, 'signal' | 'report'>> = {},
): Promise<SetRecords & { manifestSha256: string }> {
  await refuseBomb(path, content)
  const { manifest, manifestSha256, differences } = await verifyAuditedSet(path)
  const [difference] = differences
  if (difference !== undefined) {
    throw badFile({
      source: path,
      found: `${difference.path}, which is ${difference.problem} (${difference.found}),`,
      expected: difference.expected,
      advice: 'Do not rely on this copy: get the set again, or export it anew.',
    })
  }
  const total = manifest.counts.maps
  const records = await readRecords(path, content, manifest, {
    ...(signal && { signal }),
    report: (done) => report?.({ done, total, detail: 'reading' }),
  })
  return { ...records, manifestSha256 }
}

async function refuseBomb(path: string, { format, entries }: SetContent): Promise<void> {
  if (format === 'folder') return
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  const { size } = await stat(path)
  if (bytes <= BOMB.bytes || bytes <= BOMB.ratio * size) return
  throw badFile({
    source: path,
    found: `${formatCount(bytes)} bytes that are packed into ${formatCount(size)}`,
    expected: `no more than ${BOMB.ratio} times the size of the zip`,
    advice: 'This is no set that an export has written; do not unpack it.',
  })
}

const COUNTED = ['samples', 'models', 'maps', 'verdicts', 'calibrations'] as const satisfies RecordTable[]

function factsOf(
  { name, createdBy, contentUntil, calibration }: SetManifest,
  counts: ReadonlyMap<RecordTable, number>,
  { inserted, keepsIds }: StoredRecords,
): { name: string; value: string }[] {
  return [
    { name: 'name', value: `${name}, written for ${createdBy}, with content until ${contentUntil}` },
    ...COUNTED.map((table) => {
      const [all, fresh] = [counts.get(table) ?? 0, inserted.get(table) ?? 0]
      return {
        name: table,
        value:
          all === fresh ? formatCount(all) : `${formatCount(all)}, of which ${formatCount(fresh)} are new`,
      }
    }),
    {
      name: 'calibration',
      value: calibration.version === null ? 'the default' : `version ${calibration.version}`,
    },
    {
      name: 'ids',
      value: keepsIds ? 'kept, as the workspace is empty' : 'new ones, beside what is in the workspace',
    },
  ]
}

function warningsOf({ leftOutCalibrations }: StoredRecords): string[] {
  if (leftOutCalibrations === 0) return []
  return [
    `${plural(leftOutCalibrations, 'calibration')} of the set stay${leftOutCalibrations === 1 ? 's' : ''} out: scores follow the calibration of this workspace. An empty workspace takes calibrations in.`,
  ]
}

function standsAgainst(conflict: string, count: number): HeatproofError {
  return new HeatproofError('conflict', {
    found: count === 1 ? conflict : `${conflict} (and ${count - 1} more)`,
    expected: 'what the workspace has of the same',
    advice: 'Nothing was stored. Import the set into another workspace; --dry-run --json lists all.',
  })
}

function requireNoOptions(options: ImportOptions): void {
  const [first] = Object.keys(options)
  if (first === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `the option '${first}' for an audited set`,
    expected: 'none: the set says everything itself',
    advice: 'Leave it out.',
  })
}
