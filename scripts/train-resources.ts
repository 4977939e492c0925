import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { useBackend } from '../src/engine/compute/backend.ts'
import { HeatproofError } from '../src/shared/errors.ts'
import { BACKENDS } from '../src/shared/names.ts'
import { nameOf, RESOURCE_ROWS, type ResourceRow } from './resources/rows.ts'
import { cardFile, trainResource } from './resources/train-resource.ts'

const USAGE = `Trains the models of resources/models that are missing, one after the other, each with its card.
Ctrl+C stops it; the same command goes on where it stopped, within an epoch's work.

  npm run train:resources -- [--list] [--only TEXT] [--again] [--folder resources/models] [--backend auto]

  --list         say which models are there and which are missing, and train none
  --only TEXT    only models whose name begins with TEXT
  --again        train them even if they are there
  --folder DIR   where the models lie
  --backend NAME ${BACKENDS.join(', ')} or auto

Example: npm run train:resources -- --only rlstm-mnist`

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    again: { type: 'boolean', default: false },
    folder: { type: 'string', default: 'resources/models' },
    backend: { type: 'string', default: 'auto' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const choice = ([...BACKENDS, 'auto'] as const).find((name) => name === values.backend)
const rows = RESOURCE_ROWS.filter((row) => nameOf(row).startsWith(values.only))
if (choice === undefined || rows.length === 0) {
  console.error(`Found ${process.argv.slice(2).join(' ')}; no model or backend of that name.\n\n${USAGE}`)
  process.exit(2)
}
if (values.list) {
  for (const row of rows) console.log(`${nameOf(row).padEnd(60)} ${accuracyLine(row)}`)
  process.exit(0)
}

const stop = new AbortController()
process.once('SIGINT', () => {
  stop.abort()
})
mkdirSync(values.folder, { recursive: true })
const backend = await useBackend(choice)
try {
  for (const row of rows) await trainMissing(row)
} catch (error) {
  if (!(error instanceof HeatproofError) || error.code !== 'cancelled') throw error
  console.log('Stopped. The same command goes on from here.')
  process.exit(130)
}

async function trainMissing(row: ResourceRow): Promise<void> {
  const file = fileOf(row)
  const resumes = existsSync(`${file}.checkpoint`)
  if (isThere(row) && !values.again && !resumes) return
  console.log(`${nameOf(row)}${resumes ? ', from its checkpoint' : ''}`)
  const recipe = {
    epochs: row.epochs,
    batchSize: 50,
    learningRate: 1e-3,
    finalLearningRate: 5e-5,
    keep: 0.8,
    seed: 1,
    backend,
  }
  const { testAccuracy } = await trainResource(row, recipe, {
    file,
    signal: stop.signal,
    report: (line) => {
      console.log(`  ${line}`)
    },
  })
  console.log(`  test accuracy ${testAccuracy.toFixed(4)}; reference ${row.reference ?? 'not stated'}`)
}

function fileOf(row: ResourceRow): string {
  return join(values.folder, `${nameOf(row)}.safetensors`)
}

function isThere(row: ResourceRow): boolean {
  return existsSync(fileOf(row)) && existsSync(cardFile(fileOf(row)))
}

function accuracyLine(row: ResourceRow): string {
  if (!isThere(row)) return existsSync(`${fileOf(row)}.checkpoint`) ? 'begun' : 'missing'
  const found = /\| Accuracy, test split [^|]*\| ([^|]+) \|/.exec(readFileSync(cardFile(fileOf(row)), 'utf8'))
  return found?.[1] ?? 'there'
}
