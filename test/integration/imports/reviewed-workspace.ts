import { decide, redoDecision, undoDecision, type Decision } from '../../../src/engine/review/decisions.ts'
import { insertActivation, insertCalibration } from '../../../src/engine/workspace/calibrations.ts'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../../src/engine/workspace/map-analyses.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { insertQueue } from '../../../src/engine/workspace/queues.ts'
import { insertVerdictGroup } from '../../../src/engine/workspace/verdict-groups.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { fitWith } from '../exports/stored-fit.ts'

const DECISION: Decision = {
  ...{ requestId: null, mapIds: [], reviewer: 'Ada', verdict: 'accept', modes: [], note: '', box: null },
  ...{ queueId: null, blind: false },
}

/**
 * A workspace of 6 sequences, 2 models and 4 methods (48 maps) with what people do: several reviewers, a queue with a random part,
 * blind verdicts, changes of mind, an undo, a redo, a group of an imported clustering, notes, a box, and two calibrations of which the second was taken back.
 */
export function reviewedWorkspace(path: string): void {
  const workspace = openWorkspace(path, { create: true })
  const { database } = workspace
  fillWorkspace(workspace, { samples: 6 })
  const queueId = insertQueue(database, {
    request: QueueRequest.parse({ filter: { model: [1] }, order: 'worst_first' }),
    matching: 24,
    mapIds: Uint32Array.from([9, 2, 30, 5, 17, 40]),
    origins: Uint8Array.from([0, 0, 1, 0, 1, 0]),
    probabilities: Float64Array.from([1, 1, 0.25, 1, 0.25, 1]),
  })
  const say = (decision: Partial<Decision>) => decide(database, { ...DECISION, ...decision })
  const failed = { verdict: 'fail' as const, modes: ['single_item_dominance' as const] }
  say({ mapIds: [9], ...failed, queueId, blind: true, requestId: 'page-1' })
  say({ mapIds: [9], reviewer: 'Björn, the second', note: '=SUM(A1) “quoted”\nsecond line', queueId })
  say({ mapIds: [30], ...failed, queueId, box: { row: 1, column: 2, height: 3, width: 4 } })
  say({ mapIds: [2], verdict: 'unsure' })
  undoDecision(database, 'Ada')
  redoDecision(database, 'Ada')
  undoDecision(database, 'Ada')
  const [analysisId = 0, embedding = 0] = ensureMapAnalyses(database, 1, [
    { kind: 'clustering', name: 'Spectral · kmeans-3', dimensions: 1 },
    { kind: 'embedding', name: 'Spectral · tsne', dimensions: 2 },
  ])
  insertMapAnalysisRows(database, [
    ...[5, 17, 40, 2].map((mapId) => ({ analysisId, mapId, cluster: 'øvrig · 1' })),
    ...[2, 30].map((mapId) => ({ analysisId: embedding, mapId, place: Float32Array.of(mapId, -0.1) })),
  ])
  decide(database, { ...DECISION, mapIds: [5, 17], reviewer: '@sum', ...failed, queueId }, () =>
    insertVerdictGroup(database, {
      ...{
        queueId,
        analysisId,
        groups: 3,
        seed: 7,
        index: 1,
        size: 4,
        featuresVersion: 1,
        lookedAt: [5],
        leftOut: [40, 2],
      },
    }),
  )
  const first = insertCalibration(database, fitWith({ tau: 0.6, theta: 0.55, verdictIds: [1, 2, 3] }), 'Ada')
  insertActivation(database, { calibrationId: first, by: 'Ada', undoes: null })
  const second = insertCalibration(database, fitWith({ tau: 0.7, theta: 0.5 }), '@sum')
  insertActivation(database, { calibrationId: second, by: '@sum', undoes: null })
  insertActivation(database, { calibrationId: first, by: 'Ada', undoes: 2 })
  workspace.close()
}
