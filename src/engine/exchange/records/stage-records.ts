import { setImmediate } from 'node:timers/promises'
import { HeatproofError } from '../../../shared/errors.ts'
import { toBlob } from '../../workspace/blobs.ts'
import type { SetContent } from '../audited-set-content.ts'
import { sha256 } from '../sha256.ts'
import { badRecord, recordLines, type RecordLine } from './record-lines.ts'
import { RecordChecks } from './record-checks.ts'
import type { RecordTable } from './record-tables.ts'
import { SetArrays } from './set-arrays.ts'
import { StagedRecords } from './staged-records.ts'
import { RECORDS } from './write-records.ts'

export interface StagingOptions {
  signal?: AbortSignal
  /** @param maps how many were read */
  report?: (maps: number) => void
}

/** Lines between which others have their turn. */
const TURN = 200

/**
 * Reads and checks every record of a set with its arrays, and keeps them beside the workspace. Close what it gives.
 *
 * @throws HeatproofError `bad_file` and `bad_values`, with the line; `cancelled`
 */
export async function stageRecords(
  content: SetContent,
  { signal, report }: StagingOptions = {},
): Promise<{ staged: StagedRecords; counts: Map<RecordTable, number> }> {
  const staged = await StagedRecords.create()
  const arrays = new SetArrays(content)
  const checks = new RecordChecks()
  const counts = new Map<RecordTable, number>()
  try {
    for await (const record of recordLines(content.stream(RECORDS))) {
      const { table, line } = record
      checks.check(record)
      staged.add({ ...record, array: await arrayOf(record, { content, arrays, checks }) })
      counts.set(table, (counts.get(table) ?? 0) + 1)
      if (line % TURN !== 0) continue
      if (signal?.aborted === true) throw stopped()
      report?.(counts.get('maps') ?? 0)
      await setImmediate()
    }
    if (signal?.aborted === true) throw stopped()
    return { staged, counts }
  } catch (error) {
    await staged.close()
    throw error
  } finally {
    await arrays.close()
  }
}

async function arrayOf(
  record: RecordLine,
  { content, arrays, checks }: { content: SetContent; arrays: SetArrays; checks: RecordChecks },
): Promise<Uint8Array | null> {
  const { table, row, line } = record
  if (table === 'samples') {
    const { rows, columns, channels } = row
    return toBlob(await arrays.row(row, channels === 1 ? [rows, columns] : [rows, columns, channels], line))
  }
  if (table === 'maps') {
    const { rows, columns } = checks.frameOf(row.sample_id)
    return toBlob(await arrays.row(row, [rows, columns], line))
  }
  if (table !== 'models') return null
  const weights = await content.read(row.file)
  if (weights === undefined)
    throw badRecord(line, `the file ${JSON.stringify(row.file)}`, 'a file of the set')
  const isExternal = row.architecture === 'external' && weights.length === 0
  if (!isExternal && sha256(weights) !== row.sha256) {
    throw badRecord(line, `weights in ${row.file} of another SHA-256`, row.sha256)
  }
  return weights
}

function stopped(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'the whole set to be read',
    advice: 'Nothing was stored; start the import again.',
  })
}
