import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { FOUR_METHODS } from '../src/hosts/bench/work.ts'

const USAGE = `Explains the training sequences by some models and four methods in one job, kills it near its middle, goes on with it,
and fails unless every map is there once, those of before the kill are untouched, and memory stayed within its limit.
Linux only, since memory is read from /proc; it needs 10 kB of disk a map, 5.5 GB as it is.

  npm run test:large -- [--sequences 48000] [--models deep,rlstm,shallow] [--megabytes 2048] [--backend auto] [--folder DIR]

  --sequences N     sequences, up to 48000: all that the training split has
  --models NAMES    shipped models' architectures, trained on MNIST, fold 1
  --megabytes N     limit of the process's resident memory, its threads included
  --backend NAME    tensorflow, webgpu, wasm or auto
  --folder DIR      where the workspace is made, and removed afterwards (default: the system's temporary folder)`

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '48000' },
    megabytes: { type: 'string', default: '2048' },
    models: { type: 'string', default: 'deep,rlstm,shallow' },
    backend: { type: 'string', default: 'auto' },
    folder: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const MAP_BYTES = 28 * 84 * 4
const COMMAND = resolve('src/hosts/heatproof.mjs')
const sequences = Number(values.sequences)
const models = values.models.split(',')
const maps = sequences * models.length * FOUR_METHODS.length
const limit = Number(values.megabytes)
const folder = mkdtempSync(join(values.folder, 'heatproof-large-'))
const workspace = join(folder, 'large.heatproof')

try {
  heatproof('init', workspace)
  for (const name of models) {
    const file = `resources/models/${name}-mnist-3-digits-maj-seq-12-fold-1.safetensors`
    heatproof('models', '--workspace', workspace, '--import', file)
  }

  const killed = await explain(
    ['--methods', FOUR_METHODS.join(','), '--split', 'train', '--count', String(sequences)],
    () => storedBytes() > (sequences + maps / 2) * MAP_BYTES,
  )
  const before = storedMaps()
  console.log(`killed with ${before.length} of ${maps} maps: ${told(killed)}`)

  const resumed = await explain(['--resume'], () => false)
  const after = storedMaps()
  console.log(`done with ${after.length} of ${maps} maps: ${told(resumed)}`)

  const failures = [
    killed.signal === 'SIGKILL' && before.length > 0 && before.length < maps ? null : 'no kill on the way',
    resumed.code === 0 ? null : `going on ended with code ${resumed.code}`,
    after.length === maps ? null : `${after.length} maps instead of ${maps}`,
    before.every((map, index) => map === after[index]) ? null : 'a map of before the kill changed',
    Math.max(killed.megabytes, resumed.megabytes) <= limit ? null : `more than ${limit} MB`,
    ...broken(),
  ].filter((failure) => failure !== null)
  console.log(failures.length === 0 ? 'all held' : `FAILED: ${failures.join('; ')}`)
  process.exitCode = failures.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  seconds: number
  /** Largest resident size, 10^6 bytes. */
  megabytes: number
}

/** Runs `heatproof explain`, kills it as soon as the condition holds, and watches its memory. */
async function explain(options: readonly string[], killWhen: () => boolean): Promise<Ended> {
  const start = performance.now()
  const args = ['explain', '--workspace', workspace, '--backend', values.backend, ...options, '--json']
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((done, failed) => {
    child.once('error', failed)
    child.once('close', (code, signal) => {
      done({ code, signal })
    })
  })
  let megabytes = 0
  while (child.exitCode === null && child.signalCode === null) {
    megabytes = Math.max(megabytes, peakMegabytes(child.pid ?? 0))
    if (killWhen()) child.kill('SIGKILL')
    await sleep(100)
  }
  return { ...(await ended), seconds: (performance.now() - start) / 1000, megabytes }
}

/** The kernel's own high-water mark of a process's resident memory; 0 when it has ended. */
function peakMegabytes(pid: number): number {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return (Number(kibibytes ?? 0) * 1024) / 1e6
  } catch {
    return 0
  }
}

function storedBytes(): number {
  return [workspace, `${workspace}-wal`].reduce(
    (sum, file) => sum + (existsSync(file) ? statSync(file).size : 0),
    0,
  )
}

/** One text a map, in the order of ids, that changes when the map was computed again. */
function storedMaps(): string[] {
  return ask((database) =>
    database.prepare<[], string>(`SELECT id || ' ' || created_at FROM maps ORDER BY id`).pluck().all(),
  )
}

/** What should not be in the workspace and is. */
function broken(): string[] {
  const empty = {
    'maps without values': 'SELECT id FROM maps WHERE id NOT IN (SELECT map_id FROM map_values)',
    'maps without scores': 'SELECT id FROM maps WHERE id NOT IN (SELECT map_id FROM scores)',
    'maps of another size': `SELECT map_id FROM map_values WHERE length("values") <> ${MAP_BYTES}`,
    'maps computed twice':
      'SELECT min(id) FROM maps GROUP BY model_id, sample_id, method HAVING count(*) > 1',
  }
  return ask((database) => [
    ...Object.entries(empty).flatMap(([name, query]) => {
      const found = database.prepare(query).all().length
      return found === 0 ? [] : [`${found} ${name}`]
    }),
    ...(database.pragma('integrity_check', { simple: true }) === 'ok' ? [] : ['a damaged file']),
  ])
}

function ask<Answer>(question: (database: Sqlite.Database) => Answer): Answer {
  const database = new Sqlite(workspace, { fileMustExist: true })
  try {
    return question(database)
  } finally {
    database.close()
  }
}

function heatproof(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

function told({ seconds, megabytes }: Ended): string {
  return `${seconds.toFixed(0)} s, at most ${megabytes.toFixed(0)} MB of resident memory`
}
