import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { beforeAll, describe, expect, test } from 'vitest'
import { CPU_BATCH } from '../../../src/engine/compute/batch-size.ts'
import { batchesOf } from '../../../src/engine/jobs/explain-job.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { getRun, missingMaps } from '../../../src/engine/workspace/runs.ts'
import { heatproof as started, type Running } from '../server/running.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof, type Outcome } from './heatproof.ts'

const SHIPPED = fileURLToPath(
  new URL('../../../resources/models/deep-mnist-3-digits-maj-seq-12-fold-1.safetensors', import.meta.url),
)
const COMMAND = fileURLToPath(new URL('../../../src/hosts/heatproof.mjs', import.meta.url))
const MINUTES = 60_000

const folder = temporaryFolder()

function done(outcome: Outcome): string {
  expect(outcome).toMatchObject({ status: 0 })
  return outcome.stdout
}

function newWorkspace(name: string): string {
  const workspace = join(folder, `${name}.heatproof`)
  done(heatproof('init', workspace))
  return workspace
}

/** Waits until so many bytes are in the workspace: more of the work is on the disk then, and not yet all. */
async function untilStored(workspace: string, bytes: number): Promise<void> {
  const size = (path: string) => (existsSync(path) ? statSync(path).size : 0)
  await expect
    .poll(() => size(workspace) + size(`${workspace}-wal`), { timeout: 2 * MINUTES, interval: 5 })
    .toBeGreaterThan(bytes)
}

/** Runs the command that a message ends with, as a user who copies it into a shell. */
function runAdvised(message: string): string {
  const [, args = ''] = /; go on with: heatproof (.*)\n$/.exec(message) ?? []
  return execFileSync('bash', ['-c', `"$0" "$1" ${args}`, process.execPath, COMMAND], { encoding: 'utf8' })
}

async function stop({ process, ended }: Running, signal: NodeJS.Signals) {
  process.kill(signal)
  // npm and a terminal both hand on one Ctrl+C.
  process.kill(signal)
  return ended()
}

const TRAINING = ['--count', '200', '--batch', '4', '--epochs', '2', '--seed', '5', '--backend', 'wasm']
/** An empty workspace and the checkpoint of the first epoch. */
const FIRST_CHECKPOINT = 2_000_000

function startTraining(workspace: string): Running {
  return started('train', '--workspace', workspace, ...TRAINING)
}

function weightsIn(workspace: string): Buffer {
  const out = `${workspace}.safetensors`
  done(heatproof('models', '--workspace', workspace, '--export', '1', '--out', out))
  return readFileSync(out)
}

describe('a training that is stopped', () => {
  let uninterrupted: string
  let expected: Buffer
  beforeAll(() => {
    uninterrupted = newWorkspace('whole')
    done(heatproof('train', '--workspace', uninterrupted, ...TRAINING))
    expected = weightsIn(uninterrupted)
  }, 5 * MINUTES)

  test(
    'by Ctrl+C says how to go on, and ends with the same weights',
    async () => {
      const workspace = newWorkspace("Ada's stopped")
      const training = startTraining(workspace)
      await untilStored(workspace, FIRST_CHECKPOINT)
      const { code, error } = await stop(training, 'SIGINT')
      expect(error).toContain('What was done is kept; go on with: heatproof train --workspace ')
      expect(error).toMatch(/--resume 1 --backend wasm\n$/)
      expect(code).toBe(130)
      expect(done(heatproof('models', '--workspace', workspace))).toContain('no models')
      expect(runAdvised(error)).toMatch(
        /^trained deep-mnist-3-digits-maj-seq-12-fold-1: test accuracy 0\.\d+\n$/,
      )
      expect(weightsIn(workspace).equals(expected)).toBe(true)
    },
    5 * MINUTES,
  )

  test(
    'by a kill goes on when it is told to, and no sooner, with the same weights',
    async () => {
      const workspace = newWorkspace('killed')
      const training = startTraining(workspace)
      await untilStored(workspace, FIRST_CHECKPOINT)
      expect(await stop(training, 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
      expect(done(heatproof('models', '--workspace', workspace))).toContain('no models')
      done(heatproof('train', '--workspace', workspace, '--resume', '--backend', 'wasm', '--fold', '77'))
      expect(weightsIn(workspace).equals(expected)).toBe(true)
      const again = heatproof('train', '--workspace', workspace, '--resume', '1')
      expect(again).toMatchObject({ status: 2, stdout: '' })
      expect(again.stderr).toContain('job 1, which is done')
    },
    5 * MINUTES,
  )

  test('is not there to go on with', () => {
    for (const [args, message] of [
      [['explain', '--resume', '1'], /job 1, which is a job of train; expected a stopped job of explain/],
      [['explain', '--resume'], /no explain job that is not done/],
      [['train', '--resume', '9'], /no job 9/],
      [['train', '--resume', 'x'], /--resume 'x'; expected a whole number/],
    ] as const) {
      const [command, ...others] = args
      const refused = heatproof(command, '--workspace', uninterrupted, ...others)
      expect(refused.stderr).toMatch(message)
      expect(refused.status).toBe(2)
    }
  })
})

const MAPS = 3000
const RUN = ['--methods', 'sa,dtd,random', '--count', '1000', '--backend', 'wasm']
/** All samples and some maps; all would be 40 MB. */
const SOME_MAPS = 20_000_000

interface StoredMaps {
  /** Ids and times of the maps, which a second computation would change. */
  rows: unknown[]
  /** Maps that going on with the run computes. */
  missing: number
}

function storedMaps(workspace: string): StoredMaps {
  const opened = openWorkspace(workspace)
  const { database } = opened
  try {
    const run = getRun(database, 1)
    if (run === undefined) throw new Error('no run')
    const missing = [...batchesOf(missingMaps(database, run), CPU_BATCH)].reduce(
      (sum, { sampleIds, methods }) => sum + sampleIds.length * methods.length,
      0,
    )
    expectWholeMaps(database)
    return { rows: database.prepare('SELECT id, created_at FROM maps ORDER BY id').all(), missing }
  } finally {
    opened.close()
  }
}

/** Every map has its values and its scores. */
function expectWholeMaps(database: Database): void {
  const count = (query: string) => database.prepare(query).pluck().get()
  expect(count('SELECT count(*) FROM maps WHERE id NOT IN (SELECT map_id FROM map_values)')).toBe(0)
  expect(count('SELECT count(*) FROM maps WHERE id NOT IN (SELECT map_id FROM scores)')).toBe(0)
  expect(count(`SELECT count(*) FROM map_values WHERE length("values") <> ${28 * 84 * 4}`)).toBe(0)
}

describe('a run that is stopped', () => {
  test.each([
    ['Ctrl+C', 'SIGINT'],
    ['a kill', 'SIGKILL'],
  ] as const)(
    'by %s goes on with what is missing, and with nothing else',
    async (_, signal) => {
      const workspace = newWorkspace(signal)
      done(heatproof('models', '--workspace', workspace, '--import', SHIPPED))
      const run = started('explain', '--workspace', workspace, ...RUN)
      await untilStored(workspace, SOME_MAPS)
      const { code, error } = await stop(run, signal)
      const before = storedMaps(workspace)
      expect(before.rows.length).toBeGreaterThan(0)
      expect(before.rows.length).toBeLessThan(MAPS)
      expect(before.missing).toBe(MAPS - before.rows.length)
      if (signal === 'SIGINT') {
        expect(code).toBe(130)
        expect(runAdvised(error)).toContain(`${MAPS} of ${MAPS} maps`)
      } else {
        // What does not belong to going on is not even looked at.
        const others = ['--models', 'nobody', '--methods', 'nonsense']
        const resumed = heatproof('explain', '--workspace', workspace, '--resume', '1', ...others)
        expect(done(resumed)).toContain(`${MAPS} of ${MAPS} maps`)
      }
      const after = storedMaps(workspace)
      expect(after.rows.slice(0, before.rows.length)).toEqual(before.rows)
      expect(after).toMatchObject({ rows: { length: MAPS }, missing: 0 })
    },
    5 * MINUTES,
  )
})
