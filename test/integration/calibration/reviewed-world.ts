import { join } from 'node:path'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import type { EngineEvent } from '../../../src/shared/contract/contract.ts'
import { calibrationHandlers } from '../../../src/engine/api/calibration.ts'
import { scoreMetric } from '../../../src/engine/metrics/score.ts'
import { listMapShares, marksOf } from '../../../src/engine/workspace/map-shares.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'

export const MODE = 'single_item_dominance'
export const REQUEST = {
  metric: 'capped_percentage',
  mode: MODE,
  seed: 4,
  resamples: 100,
  groupVerdicts: false,
  rule: { kind: 'youden' },
  requestId: null,
} as const
let made = 0

/** A workspace in which Ada flags what is dominated by one item (with some noise), over one queue. */
export async function reviewedWorld(folder: string) {
  const made_ = makeWorkspace(join(folder, `calibration-${(made += 1)}.heatproof`), {
    samples: 40,
    rows: 6,
    columns: 12,
    methods: ['sa', 'gb'],
  })
  const { database, review, workspace, maps } = made_
  const events: string[] = []
  const told: EngineEvent[] = []
  const closing = new AbortController()
  const calibration = calibrationHandlers({
    database,
    maps,
    closing: closing.signal,
    emit: (event) => {
      told.push(event)
      events.push(...(event.type === 'changed' ? event.what : []))
    },
  })
  const queue = await review['review.createQueue'](
    QueueRequest.parse({
      filter: {},
      order: 'worst_first',
      metric: 'capped_percentage',
      seed: 1,
      size: 100,
      randomShare: 0.3,
    }),
  )
  const items = await review['review.items']({ queueId: queue.id, reviewer: 'Ada', offset: 0, limit: 1000 })
  for (const { mapId, position } of items) {
    const [map] = listMapShares(database, [mapId])
    const dominance = map ? (scoreMetric('dominance', map, marksOf(database, map.sampleId), 1).value ?? 0) : 0
    const fails = position % 9 === 0 ? dominance < 0.6 : dominance > 0.72
    await review['review.decide']({
      ...decision('Ada', [mapId], fails ? 'fail' : 'accept', fails ? [MODE] : []),
      queueId: queue.id,
    })
  }
  return { workspace, database, review, maps, calibration, events, told, items, closing }
}
