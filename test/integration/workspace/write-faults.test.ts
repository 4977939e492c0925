import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decide } from '../../../src/engine/review/decisions.ts'
import { insertCalibration } from '../../../src/engine/workspace/calibrations.ts'
import { insertJob, saveCheckpoint } from '../../../src/engine/workspace/jobs.ts'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../../src/engine/workspace/map-analyses.ts'
import { insertMaps, type NewMap } from '../../../src/engine/workspace/maps.ts'
import { transact } from '../../../src/engine/workspace/statements.ts'
import { insertVerdictGroup } from '../../../src/engine/workspace/verdict-groups.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { VerdictInput } from '../../../src/shared/contract/verdicts.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { columnsOf, tablesOf } from '../../support/versions/tables.ts'
import { someFit } from '../figures/some-fit.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()

async function makeWorld(name: string) {
  const shape = {
    samples: 3,
    rows: 4,
    columns: 12,
    methods: ['sa'],
    architectures: [{ architecture: 'deep' as const }],
  }
  const world = makeWorkspace(join(folder, `${name}.heatproof`), shape)
  const request = QueueRequest.parse({ filter: {}, order: 'random' })
  const { id: queueId } = await world.review['review.createQueue'](request)
  return { ...world, queueId }
}
type World = Awaited<ReturnType<typeof makeWorld>>

const DECISION = VerdictInput.parse(decision('Ada', [1, 2], 'fail'))

const MAP: NewMap = {
  ...{ sampleId: 1, method: 'gi', target: 1, targetKind: 'label', seed: 0, values: new Float32Array(48) },
  ...{ logit: 1, started: null, low: 0, high: 0, conservation: null, state: 'ok' },
  ...{ shares: [0, 0, 1], sharesPositive: [0, 0, 1], total: 1, absolute: 1 },
}

/** Everything that writes several rows which belong together. */
const WRITES: Record<string, (world: World, turn: number) => unknown> = {
  'a verdict on several maps': ({ review }) =>
    review['review.decide']({ ...decision('Ada', [1, 2], 'fail'), note: 'a note' }),
  'an undo': ({ review }) => review['review.undo']({ reviewer: 'Ada' }),
  'a drawn queue': ({ review }) =>
    review['review.createQueue'](QueueRequest.parse({ filter: {}, order: 'random' })),
  'a batch of maps': ({ database, plan: { runId, modelIds } }, turn) =>
    insertMaps(database, {
      ...{ runId, modelId: modelIds[0] ?? 0, predictions: [] },
      maps: [MAP, { ...MAP, sampleId: 2 }].map((map) => ({ ...map, seed: turn + 1 })),
    }),
  'a checkpoint with its curve': ({ database }, turn) => {
    const jobId = insertJob(database, { kind: 'train', title: '', request: {}, unit: 'steps' })
    const point = { epoch: 1, step: turn, loss: 1, accuracy: 1, validation: null }
    saveCheckpoint(database, jobId, { epoch: 1, step: turn, state: new Uint8Array(9) }, [point])
  },
  'a verdict on a group': ({ database, queueId }) =>
    decide(database, DECISION, () =>
      insertVerdictGroup(database, {
        ...{ queueId, analysisId: null, featuresVersion: 1, groups: 2, seed: 1, index: 0, size: 2 },
        ...{ lookedAt: [1], leftOut: [] },
      }),
    ),
  'the clusters and places of maps': ({ database, plan: { runId } }, turn) =>
    transact(database, () => {
      const analyses = [
        { kind: 'clustering', name: `clusters ${turn}`, dimensions: 1 },
        { kind: 'embedding', name: `places ${turn}`, dimensions: 2 },
      ] as const
      const [clusters = 0, places = 0] = ensureMapAnalyses(database, runId, analyses)
      insertMapAnalysisRows(database, [
        { analysisId: clusters, mapId: 1, cluster: 'cats' },
        { analysisId: places, mapId: 1, place: Float32Array.of(turn, 2) },
      ])
    }),
  'a calibration': ({ database }) => insertCalibration(database, someFit({ tau: 0.7 }), 'Ada'),
}

const tableRows = ({ database }: Pick<World, 'database'>, table: string): unknown[] =>
  database
    .prepare(
      `SELECT ${columnsOf(database, table)
        .map((name) => `"${name}"`)
        .join()} FROM "${table}"`,
    )
    .raw()
    .all()

/** All rows, but those of jobs: a job is made before it has a checkpoint. */
const contentOf = (world: World) =>
  tablesOf(world.database)
    .filter((table) => table !== 'jobs')
    .map((table) => [table, tableRows(world, table)])

async function attempt(write: () => unknown): Promise<unknown> {
  try {
    await write()
    return undefined
  } catch (error) {
    return error
  }
}

describe('a write that fails', () => {
  test.each(Object.entries(WRITES))('%s: at any table, leaves nothing behind', async (name, write) => {
    const world = await makeWorld(name)
    const { database } = world
    let failures = 0
    const faults = tablesOf(database)
      .filter((table) => table !== 'verdict_notes' && table !== 'jobs')
      .flatMap((table) => ['INSERT', 'UPDATE', 'DELETE'].map((event) => `${event} ON main."${table}"`))
    for (const [turn, fault] of faults.entries()) {
      await world.review['review.decide'](decision('Ada', [3], 'accept'))
      database.exec(`CREATE TEMP TRIGGER fault BEFORE ${fault} BEGIN SELECT raise(ABORT, 'no more'); END`)
      const before = contentOf(world)
      const error = await attempt(() => write(world, turn))
      if (error !== undefined) {
        failures += 1
        expect(contentOf(world)).toEqual(before)
      }
      database.exec('DROP TRIGGER temp.fault')
    }
    expect(failures).toBeGreaterThan(0)
    expect(await attempt(() => write(world, faults.length))).toBeUndefined()
    expect(verifyAuditLog(database).faults).toEqual([])
    world.workspace.close()
  })

  test('for a full disk says so, leaves nothing behind, and works again when there is room', async () => {
    const world = await makeWorld('full')
    const { database } = world
    const pages = Number(database.pragma('page_count', { simple: true }))
    const room = Number(database.pragma('max_page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages}`)
    let stored = 0
    let error: unknown
    while (error === undefined) {
      const before = contentOf(world)
      error = await attempt(() =>
        world.review['review.decide']({ ...decision('Ada', [1, 2, 3], 'unsure'), note: 'n'.repeat(3000) }),
      )
      if (error === undefined) stored += 1
      else expect(contentOf(world)).toEqual(before)
    }
    expect(error).toMatchObject({
      code: 'cannot_write',
      found: expect.stringContaining('a full disk') as string,
    })
    database.pragma(`max_page_count = ${room}`)
    await world.review['review.decide'](decision('Ada', [1, 2, 3], 'accept'))
    expect(tableRows(world, 'decisions')).toHaveLength(stored + 1)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    world.workspace.close()
  })
})
