import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HandlerInput } from '../../../src/shared/contract/contract.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { VerdictRow } from '../../../src/shared/contract/verdicts.ts'
import type { Verdict } from '../../../src/shared/names.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { historyOf, listLatestVerdicts } from '../../../src/engine/workspace/verdicts.ts'
import { startChild } from '../support/run-child.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const SHAPE = { samples: 10, rows: 4, columns: 12, methods: ['sa', 'dtd'] }
let made = 0
const makeOne = () => makeWorkspace(join(folder, `verdicts-${(made += 1)}.heatproof`), SHAPE)

describe('deciding', () => {
  test('stores what was said, and says it on the map', async () => {
    const { review, events } = makeOne()
    const rows = await review['review.decide']({
      ...decision('Ada', [3], 'fail', ['diffuse', 'other', 'diffuse']),
      note: 'a smear',
      box: { row: 1, column: 2, height: 3, width: 4 },
    })
    expect(rows).toHaveLength(1)
    expect(VerdictRow.parse(rows[0])).toMatchObject({
      mapId: 3,
      reviewer: 'Ada',
      verdict: 'fail',
      modes: ['diffuse', 'other'],
      note: 'a smear',
      box: { row: 1, column: 2, height: 3, width: 4 },
      queueId: null,
      probability: null,
      drawnAtRandom: false,
    })
    expect((await review['review.item']({ mapId: 3 })).history).toEqual(rows)
    expect(events).toEqual(['verdicts'])
  })

  test('keeps the history when somebody changes their mind; the latest counts', async () => {
    const { database, review } = makeOne()
    await review['review.decide'](decision('Ada', [1], 'fail'))
    await review['review.decide'](decision('Bob', [1], 'unsure'))
    await review['review.decide'](decision('Ada', [1], 'accept'))
    const told = historyOf(database, 1).map(({ reviewer, verdict }) => `${reviewer} ${verdict}`)
    expect(told).toEqual(['Ada fail', 'Bob unsure', 'Ada accept'])
    const latest = listLatestVerdicts(database).map(({ reviewer, verdict }) => `${reviewer} ${verdict}`)
    expect(latest).toEqual(['Bob unsure', 'Ada accept'])
  })

  const refused: [string, Partial<HandlerInput<'review.decide'>>, string][] = [
    ['a fail without a mode', { modes: [] }, 'bad_argument'],
    ['an unknown map', { mapIds: [1, 9999] }, 'not_found'],
    ['an unknown queue', { queueId: 77 }, 'not_found'],
    ['a box outside the map', { box: { row: 2, column: 0, height: 3, width: 1 } }, 'bad_argument'],
  ]
  test.each(refused)('refuses %s and stores nothing', async (_, change, code) => {
    const { database, review } = makeOne()
    const attempt = async () => review['review.decide']({ ...decision('Ada', [1, 2], 'fail'), ...change })
    await expect(attempt()).rejects.toMatchObject({ code })
    expect(listLatestVerdicts(database)).toEqual([])
    expect(await review['review.undo']({ reviewer: 'Ada' })).toBeNull()
  })

  test('rows can be neither changed nor deleted', async () => {
    const { database, review } = makeOne()
    await review['review.decide'](decision('Ada', [1], 'accept'))
    expect(() => database.exec("UPDATE verdicts SET verdict = 'fail'")).toThrow('never changed')
    expect(() => database.exec('DELETE FROM verdicts')).toThrow('never deleted')
  })

  test('stores how the queue drew the map', async () => {
    const { review, plan } = makeOne()
    const count = plan.sampleCount * plan.methods.length * plan.modelIds.length
    const queue = await review['review.createQueue'](
      QueueRequest.parse({
        filter: {},
        order: 'worst_first',
        metric: 'cosine',
        seed: 3,
        size: 10,
        randomShare: 0.2,
      }),
    )
    const items = await review['review.items']({ queueId: queue.id, reviewer: 'Ada', offset: 0, limit: 10 })
    const mapIds = items.map(({ mapId }) => mapId)
    const rows = await review['review.decide']({ ...decision('Ada', mapIds, 'accept'), queueId: queue.id })
    const random = rows.filter(({ drawnAtRandom }) => drawnAtRandom)
    expect(random.map(({ probability }) => probability)).toEqual([2 / (count - 8), 2 / (count - 8)])
    const certain = rows.filter(({ drawnAtRandom }) => !drawnAtRandom)
    expect(certain.map(({ probability }) => probability)).toEqual(new Array(8).fill(1))
    const outside =
      Array.from({ length: count }, (_, index) => index + 1).find((id) => !mapIds.includes(id)) ?? 0
    const [other] = await review['review.decide']({
      ...decision('Ada', [outside], 'accept'),
      queueId: queue.id,
    })
    expect(other).toMatchObject({ queueId: null, probability: null, drawnAtRandom: false })
  })
})

describe('undo and redo', () => {
  test('take a bulk decision back in one step, to what each map had before', async () => {
    const { review } = makeOne()
    await review['review.decide'](decision('Ada', [2], 'accept'))
    await review['review.decide'](decision('Bob', [3], 'accept'))
    await review['review.decide'](decision('Ada', [1, 2, 3], 'fail'))
    expect(await review['review.undo']({ reviewer: 'Ada' })).toEqual({ mapIds: [1, 2, 3], verdict: null })
    const states = await Promise.all(
      [1, 2, 3].map(async (mapId) => {
        const { history } = await review['review.item']({ mapId })
        return history.findLast(({ reviewer }) => reviewer === 'Ada')?.verdict
      }),
    )
    expect(states).toEqual(['withdrawn', 'accept', 'withdrawn'])
    expect(await review['review.redo']({ reviewer: 'Ada' })).toEqual({ mapIds: [1, 2, 3], verdict: 'fail' })
    expect(await review['review.redo']({ reviewer: 'Ada' })).toBeNull()
    expect(await review['review.undo']({ reviewer: 'Cleo' })).toBeNull()
  })

  test('give back the whole verdict before: modes, note, box and how its queue drew the map', async () => {
    const { review, database } = makeOne()
    const request = { filter: {}, order: 'worst_first', metric: 'cosine', seed: 3, size: 9 } as const
    const { id: queueId } = await review['review.createQueue'](
      QueueRequest.parse({ ...request, randomShare: 1 / 3 }),
    )
    const page = { queueId, reviewer: 'Ada', offset: 0, limit: 9 }
    const drawn = (await review['review.items']({ ...page })).map(({ mapId }) => mapId)
    const outside = [...Array(40).keys()].map((index) => index + 1).filter((id) => !drawn.includes(id))
    const mapIds = [...drawn, ...outside.slice(0, 2)]
    const first = await review['review.decide']({
      ...decision('Ada', mapIds, 'fail', ['diffuse', 'other']),
      note: 'smeared',
      box: { row: 0, column: 1, height: 2, width: 3 },
      queueId,
    })
    await review['review.decide'](decision('Ada', mapIds, 'accept'))
    await review['review.undo']({ reviewer: 'Ada' })
    const contentOf = ({ id, createdAt, ...content }: VerdictRow) => content
    const byMap = (rows: VerdictRow[]) => rows.toSorted((a, b) => a.mapId - b.mapId).map(contentOf)
    expect(byMap(listLatestVerdicts(database))).toEqual(byMap(first))
    expect(new Set(first.map(({ probability }) => probability))).toEqual(new Set([1, 3 / 34, null]))
    for (const row of first) expect(historyOf(database, row.mapId)[0]).toEqual(row)
  })

  test('behave like an editor, for every reviewer alone, and only append', async () => {
    const step = fc.record({
      reviewer: fc.constantFrom('Ada', 'Bob'),
      action: fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            mapIds: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
            verdict: fc.constantFrom<Verdict>('accept', 'fail', 'unsure'),
          }),
        },
        { weight: 2, arbitrary: fc.constant('undo' as const) },
        { weight: 1, arbitrary: fc.constant('redo' as const) },
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { review, database, workspace } = makeOne()
        const editors = { Ada: new Editor(), Bob: new Editor() }
        let rows = 0
        for (const { reviewer, action } of steps) {
          const editor = reviewer === 'Ada' ? editors.Ada : editors.Bob
          if (action === 'undo') {
            expect((await review['review.undo']({ reviewer }))?.mapIds.toSorted()).toEqual(editor.undo())
          } else if (action === 'redo') {
            expect((await review['review.redo']({ reviewer }))?.mapIds.toSorted()).toEqual(editor.redo())
          } else {
            editor.decide(action.mapIds, action.verdict)
            await review['review.decide'](decision(reviewer, action.mapIds, action.verdict))
          }
          const latest = listLatestVerdicts(database).filter((row) => row.reviewer === reviewer)
          expect(new Map(latest.map(({ mapId, verdict }) => [mapId, verdict]))).toEqual(editor.state)
          const count = Number(database.prepare('SELECT count(*) FROM verdicts').pluck().get())
          expect(count).toBeGreaterThanOrEqual(rows)
          rows = count
        }
        workspace.close()
      }),
      { numRuns: 40, seed: 5 },
    )
  })
})

/** What an undo stack means: the state before and after every decision. */
class Editor {
  state = new Map<number, Verdict>()
  readonly #past: { mapIds: number[]; before: Map<number, Verdict> }[] = []
  readonly #future: { mapIds: number[]; after: Map<number, Verdict> }[] = []

  decide(mapIds: number[], verdict: Verdict): void {
    this.#past.push({ mapIds, before: new Map(this.state) })
    this.#future.length = 0
    for (const mapId of mapIds) this.state.set(mapId, verdict)
  }

  undo(): number[] | undefined {
    const last = this.#past.pop()
    if (last === undefined) return undefined
    this.#future.push({ mapIds: last.mapIds, after: this.state })
    this.state = last.before
    return last.mapIds.toSorted()
  }

  redo(): number[] | undefined {
    const next = this.#future.pop()
    if (next === undefined) return undefined
    this.#past.push({ mapIds: next.mapIds, before: new Map(this.state) })
    this.state = next.after
    return next.mapIds.toSorted()
  }
}

describe('a verdict is on disk when decide answers', () => {
  test('the process is killed right after the answer', async () => {
    const path = join(folder, 'killed.heatproof')
    makeWorkspace(path, SHAPE).workspace.close()
    const child = startChild(`
      import { openWorkspace } from './src/engine/workspace/open.ts'
      import { decide } from './src/engine/review/decisions.ts'
      const { database } = openWorkspace(${JSON.stringify(path)})
      for (const mapId of [1, 2, 3]) {
        decide(database, { mapIds: [mapId], reviewer: 'Ada', verdict: 'accept', modes: [], note: '', box: null, queueId: null, blind: false })
      }
      console.log('decided')
      setInterval(() => undefined, 1000)
    `)
    expect(await child.nextLine()).toBe('decided')
    await child.kill()
    const workspace = openWorkspace(path)
    const { database } = workspace
    expect(listLatestVerdicts(database).map(({ mapId }) => mapId)).toEqual([1, 2, 3])
    workspace.close()
  })

  test('a batch of maps that was not finished leaves nothing', async () => {
    const path = join(folder, 'half.heatproof')
    const child = startChild(`
      import { openWorkspace } from './src/engine/workspace/open.ts'
      import { transact } from './src/engine/workspace/statements.ts'
      import { fillWorkspace } from './src/hosts/bench/generated-workspace.ts'
      const workspace = openWorkspace(${JSON.stringify(path)}, { create: true })
      fillWorkspace(workspace, { samples: 4, rows: 4, columns: 12, methods: ['sa'] })
      transact(workspace.database, () => {
        fillWorkspace(workspace, { samples: 9, rows: 4, columns: 12, methods: ['sa'] })
        process.kill(process.pid, 'SIGKILL')
      })
    `)
    await expect(child.nextLine()).rejects.toThrow('ended')
    const workspace = openWorkspace(path)
    const { database } = workspace
    const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
    expect({ samples: count('samples'), maps: count('maps'), values: count('map_values') }).toEqual({
      samples: 4,
      maps: 8,
      values: 8,
    })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    workspace.close()
  })
})
