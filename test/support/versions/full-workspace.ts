import { reviewHandlers } from '../../../src/engine/api/review.ts'
import { hashToken } from '../../../src/engine/token.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { insertActivation, insertCalibration } from '../../../src/engine/workspace/calibrations.ts'
import { insertExport } from '../../../src/engine/workspace/exports.ts'
import { insertJob, saveCheckpoint, updateJob } from '../../../src/engine/workspace/jobs.ts'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../../src/engine/workspace/map-analyses.ts'
import { openWorkspace, type Workspace } from '../../../src/engine/workspace/open.ts'
import { setPlace } from '../../../src/engine/workspace/places.ts'
import { insertReviewer } from '../../../src/engine/workspace/reviewers.ts'
import { ensureSanityCheck, insertSanityStage } from '../../../src/engine/workspace/sanity-checks.ts'
import { saveFilter } from '../../../src/engine/workspace/saved-filters.ts'
import { setSetting } from '../../../src/engine/workspace/settings.ts'
import { insertVerdictGroup } from '../../../src/engine/workspace/verdict-groups.ts'
import { insertDecision, insertVerdicts } from '../../../src/engine/workspace/verdicts.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { ExportRequest } from '../../../src/shared/contract/exports.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { VerdictInput } from '../../../src/shared/contract/verdicts.ts'
import { SanityRequest } from '../../../src/shared/contract/sanity.ts'
import { someFit } from '../../integration/figures/some-fit.ts'

const ADA = 'Ada'
const DATASET = 'mnist-3-digits-maj'

/** Makes a small workspace with something of everything that people leave in one. */
export async function makeFullWorkspace(path: string): Promise<void> {
  const workspace = openWorkspace(path, { create: true })
  const { modelIds, sampleSetId } = fillWorkspace(workspace, {
    samples: 3,
    rows: 4,
    columns: 12,
    methods: ['sa', 'dtd'],
    architectures: [{ architecture: 'deep' }],
  })
  await leaveVerdicts(workspace)
  leaveJobs(workspace, { modelId: modelIds[0] ?? 0, sampleSetId })
  workspace.close()
}

async function leaveVerdicts({ database }: Workspace): Promise<void> {
  setSetting(database, 'reviewer', ADA)
  insertReviewer(database, ADA, 'lead', hashToken('a token'))
  const review = reviewHandlers({ database, maps: new MapTable(database), emit: () => undefined })
  const request = QueueRequest.parse({ filter: {}, order: 'worst_first' })
  saveFilter(database, 'Worst first', request)
  const queue = await review['review.createQueue'](request)
  setPlace(database, ADA, { queueId: queue.id, position: 2 })
  const decide = async (verdict: object): Promise<void> => {
    await review['review.decide'](VerdictInput.parse({ reviewer: ADA, queueId: queue.id, ...verdict }))
  }
  await decide({ mapIds: [1], verdict: 'accept' })
  await decide({
    mapIds: [2],
    verdict: 'fail',
    modes: ['single_item_dominance'],
    note: 'All on one digit',
    box: { row: 0, column: 0, height: 2, width: 3 },
  })
  await decide({ mapIds: [3], verdict: 'unsure' })
  await review['review.undo']({ reviewer: ADA })
  leaveGroupVerdict({ database }, { queueId: queue.id, analysisId: null, mapIds: [4, 5] })
  const [clustering = 0, embedding = 0] = ensureMapAnalyses(database, 1, [
    { kind: 'clustering', name: 'Spectral · kmeans-2', dimensions: 1 },
    { kind: 'embedding', name: 'Spectral · tsne', dimensions: 2 },
  ])
  insertMapAnalysisRows(database, [
    { analysisId: clustering, mapId: 5, cluster: '1' },
    { analysisId: embedding, mapId: 5, place: Float32Array.of(0.5, -2) },
  ])
  leaveGroupVerdict({ database }, { queueId: queue.id, analysisId: clustering, mapIds: [5] })
  const calibrationId = insertCalibration(database, someFit({ tau: 0.7 }), ADA)
  insertActivation(database, { calibrationId, by: ADA, undoes: null })
}

function leaveGroupVerdict(
  { database }: Pick<Workspace, 'database'>,
  { queueId, analysisId, mapIds }: { queueId: number; analysisId: number | null; mapIds: number[] },
): void {
  const group = insertVerdictGroup(database, {
    ...{ queueId, analysisId, groups: 2, seed: 0, index: 1, size: mapIds.length, featuresVersion: 1 },
    lookedAt: mapIds.slice(0, 1),
    leftOut: [],
  })
  const content = { reviewer: ADA, verdict: 'accept', modes: [], note: '', box: null, queueId } as const
  insertVerdicts(
    database,
    insertDecision(database, ADA, null),
    { ...content, modes: [], probability: 0.5, drawnAtRandom: true, blind: false, group },
    mapIds.map((mapId) => ({ mapId, position: mapId - 1 })),
  )
}

function leaveJobs(
  { database }: Workspace,
  { modelId, sampleSetId }: { modelId: number; sampleSetId: number },
): void {
  const training = insertJob(database, { kind: 'train', title: 'Train Deep', request: {}, unit: 'steps' })
  updateJob(database, training, { status: 'cancelled', done: 10, total: 20 })
  const point = { epoch: 1, step: 10, loss: 0.5, accuracy: 0.75, validation: 0.7 }
  saveCheckpoint(database, training, { epoch: 1, step: 10, state: new Uint8Array([1, 2, 3]) }, [point])
  const checking = insertJob(database, { kind: 'sanity', title: 'Check Deep', request: {}, unit: 'stages' })
  updateJob(database, checking, { status: 'done', done: 1, total: 1 })
  const request = SanityRequest.parse({ modelId, methods: ['sa'], dataset: DATASET, count: 3 })
  const check = ensureSanityCheck(database, {
    ...{ jobId: checking, sampleSetId, request },
    stageNames: ['original'],
  })
  const likeness = { mean: 0.5, low: 0.4, high: 0.6, count: 3, undefined: 0, noRelevance: 0 }
  insertSanityStage(database, check.id, {
    ...{ position: 0, name: 'original', accuracy: 0.9, backend: 'wasm', device: 'CPU', seconds: 1 },
    versions: { heatproof: '0.1.0' },
    values: [{ method: 'sa', metric: 'ssim', ...likeness }],
  })
  insertExport(database, {
    ...{ path: '/exports/set', format: 'folder', maps: 1, verdicts: 1, bytes: 1000, createdBy: ADA },
    manifestSha256: '0'.repeat(64),
    request: ExportRequest.parse({ filter: {}, folder: '/exports', name: 'set', createdBy: ADA }),
  })
}
