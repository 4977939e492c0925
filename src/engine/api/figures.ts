import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import type { PointPlot, PointPlotRequest } from '../../shared/contract/figures.ts'
import { DEFAULT_TAU } from '../../shared/names.ts'
import { pointPlot, type PlottedScore } from '../figures/point-plot.ts'
import { pointPlotCsv } from '../figures/point-plot-table.ts'
import { meanBaselines } from '../figures/sample-baselines.ts'
import { hasTau, scoreMetric } from '../metrics/score.ts'
import { pauser } from '../pauser.ts'
import { consensusAt } from '../review/consensus-at.ts'
import { valueAt } from '../review/coded-column.ts'
import { matchingRows } from '../review/filter.ts'
import type { MapTable } from '../review/map-table.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import { eachMapShares, marksOf } from '../workspace/map-shares.ts'
import { baseSequences } from '../workspace/samples.ts'

export interface FigureDependencies {
  database: Database
  maps: MapTable
}

export function figureHandlers(dependencies: FigureDependencies): Handlers<'figures.pointPlot'> {
  return { 'figures.pointPlot': (request) => drawPointPlot(dependencies, request) }
}

/** The numbers of a point plot as CSV. */
export async function pointPlotTable(
  dependencies: FigureDependencies,
  request: PointPlotRequest,
): Promise<string> {
  return pointPlotCsv(await drawPointPlot(dependencies, request))
}

async function drawPointPlot(
  dependencies: FigureDependencies,
  request: PointPlotRequest,
): Promise<PointPlot> {
  const { database } = dependencies
  const { metric, calibrated } = request
  const active = activeCalibration(database)
  const tau = calibrated ? active.tau : DEFAULT_TAU
  const version = calibrated && active.version !== null ? `calibration ${active.version}` : 'default'
  const parts = [
    ...(hasTau(metric) ? [`tau ${tau.toFixed(2)}, ${version}`] : []),
    request.auditedOnly ? 'accepted maps only' : 'all maps',
  ]
  const { scores, otherClass } = await plottedScores(dependencies, request, tau)
  return pointPlot(scores, {
    metric,
    tau,
    source: parts.join('; '),
    otherClass,
    baselines: (sampleIds) => meanBaselines(database, sampleIds, metric, tau),
  })
}

/**
 * Scores of the maps that match, from their stored shares, and how many explain another class and are left out. Lets other work go
 * on in between.
 */
async function plottedScores(
  { database, maps }: FigureDependencies,
  { metric, filter, auditedOnly }: PointPlotRequest,
  tau: number,
): Promise<{ scores: PlottedScore[]; otherClass: number }> {
  const columns = await maps.ready()
  const isWanted = (row: number) => !auditedOnly || consensusAt(columns.reviewers, row) === 'accept'
  const { dataset, architecture, method, fold, explained } = columns.facts
  const wanted = Array.from(matchingRows(columns, filter)).filter(isWanted)
  const rows = wanted.filter((row) => valueAt(explained, row) !== 'other')
  const rowOf = new Map(rows.map((row) => [columns.mapIds[row] ?? 0, row]))
  const sequences = baseSequences(database)
  const marks = new Map<number, (0 | 1)[]>()
  const scores: PlottedScore[] = []
  const rest = pauser()
  for (const { id, sampleId, ...shares } of eachMapShares(database)) {
    const row = rowOf.get(id)
    if (row === undefined) continue
    const sampleMarks = marks.get(sampleId) ?? marksOf(database, sampleId)
    marks.set(sampleId, sampleMarks)
    const { value, state } = scoreMetric(metric, shares, sampleMarks, tau)
    scores.push({
      value,
      state,
      sampleId,
      sequenceId: sequences.get(sampleId) ?? sampleId,
      dataset: valueAt(dataset, row),
      architecture: valueAt(architecture, row),
      method: valueAt(method, row),
      fold: valueAt(fold, row),
    })
    await rest()
  }
  return { scores, otherClass: wanted.length - rows.length }
}
