import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { z } from 'zod'
import { HeatproofError } from '../../../shared/errors.ts'
import { firstIssue } from '../../../shared/schema-issue.ts'
import { badFile } from '../bad-input.ts'
import { isInShard, ShardEnd, ShardEntry, ShardHeader } from './shard-format.ts'

/** A line may be so long: many maps of 1024 x 1024 pixels. */
const LONGEST_LINE = 2 ** 29 - 1

/** A shard file that was read to its end and is whole. */
export interface CheckedShard {
  path: string
  header: ShardHeader
  /** Of the whole file. */
  sha256: string
  maps: number
}

/** @throws HeatproofError `not_found`, `bad_file` (no shard file, damaged, or cut short) */
export async function checkShard(path: string): Promise<CheckedShard> {
  const { lines } = await readLines(path)
  const whole = createHash('sha256')
  let header: ShardHeader | undefined
  let previous: Buffer | undefined
  let entries = 0
  let maps = 0
  const seen = new Set<string>()
  for await (const line of lines) {
    if (previous !== undefined) {
      if (header === undefined) header = parse(ShardHeader, previous, path, 1)
      else {
        const entry = parse(ShardEntry, previous, path, entries + 2)
        requirePlace(entry, header, seen, path)
        entries += 1
        maps += entry.maps.length
      }
      whole.update(previous)
    }
    previous = line
  }
  if (header === undefined || previous === undefined) throw cutShort(path)
  const found = whole.copy().digest('hex')
  const end = ShardEnd.safeParse(parseJson(previous))
  if (!end.success) throw cutShort(path)
  if (end.data.entries !== entries || end.data.sha256 !== found)
    throw badFile({
      source: basename(path),
      found: `${entries} entries with SHA-256 ${found}`,
      expected: `${end.data.entries} entries with SHA-256 ${end.data.sha256}, as its last line says`,
    })
  return { path, header, maps, sha256: whole.update(previous).digest('hex') }
}

/** The entries of a file that was checked. */
export async function* shardEntries({ path }: CheckedShard): AsyncGenerator<ShardEntry> {
  const { lines } = await readLines(path)
  let number = 0
  let previous: Buffer | undefined
  for await (const line of lines) {
    number += 1
    if (number > 2 && previous !== undefined) yield parse(ShardEntry, previous, path, number - 1)
    previous = line
  }
}

/** An entry must be of the shard that the header states, and stand there once. */
function requirePlace(entry: ShardEntry, header: ShardHeader, seen: Set<string>, path: string): void {
  const { model, position, maps } = entry
  const key = `${model} ${position}`
  const methods = maps.map(({ method }) => method).join()
  const fits =
    model < header.models.length &&
    position < header.request.count &&
    isInShard(position, header.shard) &&
    methods === header.request.methods.join() &&
    !seen.has(key)
  seen.add(key)
  if (fits) return
  throw badFile({
    source: basename(path),
    found: `an entry of model ${model} and sequence ${position} with ${methods}`,
    expected: `each entry once, of part ${header.shard.index} of ${header.shard.of} and with ${header.request.methods.join()}`,
  })
}

async function readLines(path: string): Promise<{ lines: AsyncGenerator<Buffer> }> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() === true) return { lines: splitLines(path) }
  throw new HeatproofError('not_found', {
    found: `no file ${path}`,
    expected: 'a shard file, as `heatproof explain --shard` writes it',
    advice: 'Check the path.',
  })
}

/** Lines with their line feed; the last one may lack it. */
async function* splitLines(path: string): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let length = 0
  const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 2 ** 20 })
  for await (const chunk of stream) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...pieces, chunk.subarray(start, end + 1)])
      ;[pieces, length, start] = [[], 0, end + 1]
    }
    if (start < chunk.length) {
      pieces.push(chunk.subarray(start))
      length += chunk.length - start
    }
    if (length > LONGEST_LINE) throw cutShort(path)
  }
  if (pieces.length > 0) yield Buffer.concat(pieces)
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  line: Buffer,
  path: string,
  number: number,
): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(line))
  if (parsed.success) return parsed.data
  const { where, expected } = firstIssue(parsed.error)
  throw badFile({
    source: basename(path),
    found:
      where === ''
        ? `line ${number}, not what it should be,`
        : `something else at '${where}' of line ${number}`,
    expected: `a shard file of \`heatproof explain --shard\`; ${expected}`,
  })
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined
  }
}

function cutShort(path: string): HeatproofError {
  return badFile({
    source: basename(path),
    found: 'no last line with the SHA-256 of the others',
    expected: 'a whole shard file',
    advice: 'It was cut short, or is no shard file: copy it again, or compute it again.',
  })
}
