import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { quantile } from '../../engine/calibration/bootstrap.ts'
import { openWorkspace } from '../../engine/workspace/open.ts'
import type { MapFilter } from '../../shared/contract/common.ts'
import type { QueueOrder } from '../../shared/contract/queues.ts'
import { findChromium } from './chromium.ts'
import type { Client } from './client.ts'
import { fillWorkspace } from './generated-workspace.ts'
import { keyToPicture } from './key-to-picture.ts'
import { startMeasuredServer } from './measured-server.ts'

/** Times in milliseconds of something that a reviewer waits for. */
export interface ReviewRow {
  task: string
  median: number
  slow: number
  /** Bound on `slow`; null where none is set. */
  goal: number | null
  /** Longest time that the engine's event loop was blocked, and its processor time a repetition; null: not measured. */
  blocked: number | null
  processor: number | null
}

export interface ReviewReport {
  maps: number
  rows: ReviewRow[]
  /** What could not be measured, with the reason. */
  skipped: { task: string; reason: string }[]
}

const SCREENS = fileURLToPath(new URL('../../../out/renderer', import.meta.url))
const MAPS_A_SAMPLE = 8
const REVIEWER = 'bench'

/** Reviews a generated workspace of many maps through the real server, and in a browser where there is one. */
export async function benchReview(maps: number): Promise<ReviewReport> {
  const folder = await mkdtemp(join(tmpdir(), 'heatproof-bench-'))
  try {
    const path = join(folder, 'review.heatproof')
    const workspace = openWorkspace(path, { create: true })
    fillWorkspace(workspace, { samples: Math.ceil(maps / MAPS_A_SAMPLE) })
    workspace.close()
    return { maps, ...(await measureReview(path, maps)) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureReview(path: string, maps: number): Promise<Omit<ReviewReport, 'maps'>> {
  const began = performance.now()
  const server = await startMeasuredServer(path)
  try {
    const { address, client } = server
    const first = await firstRows(client, {}, 'worst_first')
    const opening = [performance.now() - began]
    const meter: Meter = async (task, goal, work) => {
      const { blocked, processor, result: times } = await server.watch(work)
      return { ...rowOf(task, times, goal), blocked, processor: processor / times.length }
    }
    const rows: ReviewRow[] = [
      rowOf('open, to the first rows', opening, 2000),
      await meter('filter change, to the first rows', 150, () => filterTimes(client)),
      await meter('item', null, () => timesOf(first, (mapId) => client.call('review.item', { mapId }))),
      await meter('verdict', null, () => timesOf(first, (mapId) => decide(client, [mapId], 'accept'))),
      ...(await bulkRows(client, meter, Math.floor(maps / 5))),
      ...(await calibrationRows(client, meter)),
    ]
    const task = 'key to the next heatmap painted'
    const browser = await findChromium(SCREENS)
    if (typeof browser === 'string') return { rows, skipped: [{ task, reason: browser }] }
    try {
      rows.push(
        await meter(task, 50, () =>
          keyToPicture(browser, `${address}&next=${encodeURIComponent('/review')}`),
        ),
      )
    } finally {
      await browser.close()
    }
    return { rows, skipped: [] }
  } finally {
    await server.close()
  }
}

/** Measures work whose single times are given, and what it did to the engine meanwhile. */
type Meter = (task: string, goal: number | null, work: () => Promise<number[]>) => Promise<ReviewRow>

function rowOf(task: string, times: readonly number[], goal: number | null): ReviewRow {
  const sorted = times.toSorted((a, b) => a - b)
  const [median, slow] = [quantile(sorted, 0.5), quantile(sorted, 0.95)]
  return { task, median, slow, goal, blocked: null, processor: null }
}

async function timesOf<Value>(
  values: readonly Value[],
  work: (value: Value) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = []
  for (const value of values) {
    const start = performance.now()
    await work(value)
    times.push(performance.now() - start)
  }
  return times
}

/** What the window asks for after a change: counts of the filters, a queue, and its first rows. Gives the maps. */
async function firstRows(client: Client, filter: MapFilter, order: QueueOrder): Promise<number[]> {
  const [queue] = await Promise.all([
    client.call('review.createQueue', { filter, order }),
    client.call('review.facets', { filter }),
  ])
  const page = { queueId: queue.id, reviewer: REVIEWER, offset: 0, limit: 500 }
  return (await client.call('review.items', page)).map(({ mapId }) => mapId)
}

const FILTERS: MapFilter[] = [
  {},
  { method: ['dtd'] },
  { verdict: ['none'] },
  { architecture: ['rlstm'], ranges: [{ metric: 'cosine', low: 0, high: 0.9 }] },
  { label: [1, 2, 3] },
  { correct: true, ranges: [{ metric: 'capped_percentage', low: 0.5, high: 1 }] },
]
/** Milliseconds of a frame at 60 frames a second, and the frames of a drag of five seconds. */
const FRAME = 1000 / 60
const DRAG = Array.from({ length: 300 }, (_, frame) => frame)
const ORDERS: QueueOrder[] = ['worst_first', 'best_first', 'uncertain', 'random', 'sequence']

function filterTimes(client: Client): Promise<number[]> {
  const changes = ORDERS.flatMap((order) => FILTERS.map((filter) => ({ filter, order })))
  return timesOf(changes, ({ filter, order }) => firstRows(client, filter, order))
}

function decide(client: Client, mapIds: number[], verdict: 'accept' | 'fail') {
  const modes = verdict === 'fail' ? (['single_item_dominance'] as const) : []
  return client.call('review.decide', { mapIds, reviewer: REVIEWER, verdict, modes: [...modes] })
}

async function bulkRows(client: Client, meter: Meter, count: number): Promise<ReviewRow[]> {
  const mapIds = Array.from({ length: count }, (_, index) => index + 1)
  const undo = () => client.call('review.undo', { reviewer: REVIEWER })
  return [
    await meter(`one verdict on ${count.toLocaleString('en-US')} maps`, null, () =>
      timesOf([mapIds], (ids) => decide(client, ids, 'fail')),
    ),
    await meter('undo of it', null, () => timesOf([null], undo)),
  ]
}

/** Activates a calibration from the worst and the best maps, asks for the first rows under it, and drags its lines. */
async function calibrationRows(client: Client, meter: Meter): Promise<ReviewRow[]> {
  await decide(client, (await firstRows(client, {}, 'worst_first')).slice(0, 100), 'fail')
  await decide(client, (await firstRows(client, {}, 'best_first')).slice(0, 100), 'accept')
  const { id } = await client.call('calibration.save', { resamples: 100, createdBy: REVIEWER })
  const turns = [id, null, id, null, id, null]
  const activate = (calibrationId: number | null) =>
    client.call('calibration.activate', { id: calibrationId, by: REVIEWER })
  return [
    await meter('activation of a calibration', 50, () => timesOf(turns, activate)),
    await meter('activation, to the first rows', 150, () =>
      timesOf(turns, async (calibrationId) => {
        await activate(calibrationId)
        await firstRows(client, {}, 'worst_first')
      }),
    ),
    await meter('frame of a drag of τ and θ, to the counts', FRAME, () =>
      timesOf(DRAG, (frame) =>
        client.call('calibration.preview', {
          ...{ metric: 'capped_percentage', mode: 'single_item_dominance' },
          ...{ tau: 0.5 + (frame % 50) / 100, theta: 0.6 + (frame % 7) / 100 },
        }),
      ),
    ),
  ]
}
