import type { HandlerInput } from '../../../src/shared/contract/contract.ts'
import type { FailureMode, Verdict } from '../../../src/shared/names.ts'
import { reviewHandlers } from '../../../src/engine/api/review.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace, type GeneratedShape } from '../../../src/hosts/bench/generated-workspace.ts'

/** A workspace of generated maps with what works on it. */
export function makeWorkspace(path: string, shape: GeneratedShape) {
  const workspace = openWorkspace(path, { create: true })
  const plan = fillWorkspace(workspace, shape)
  const { database } = workspace
  const maps = new MapTable(database)
  const events: string[] = []
  const review = reviewHandlers({
    database,
    maps,
    emit: (event) => events.push(...(event.type === 'changed' ? event.what : [])),
  })
  return { workspace, database, plan, maps, review, events }
}

/** A decision with everything left out that can be. */
export function decision(
  reviewer: string,
  mapIds: number[],
  verdict: Verdict,
  modes: FailureMode[] = verdict === 'fail' ? ['single_item_dominance'] : [],
): HandlerInput<'review.decide'> {
  return {
    requestId: null,
    reviewer,
    mapIds,
    verdict,
    modes,
    note: '',
    box: null,
    queueId: null,
    blind: false,
  }
}
