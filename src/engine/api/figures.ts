import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import type { Figure, FigureRequest } from '../../shared/contract/figures.ts'
import type { Statistics, StatisticsRequest } from '../../shared/contract/statistics.ts'
import { OWNER, type Caller } from '../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { FIGURE_TEXTS, type FigureFormat } from '../../shared/figures.ts'
import { DEFAULT_TAU } from '../../shared/names.ts'
import { directionOf } from '../calibration/observations.ts'
import { dominanceVerdicts } from '../figures/dominance-verdicts.ts'
import type { FigureLook } from '../figures/draw-figure.ts'
import type { FailureRule } from '../figures/figure-input.ts'
import { figureCsv } from '../figures/figure-table.ts'
import type { MapImage } from '../figures/picture-grid.ts'
import { readFigureMaps } from '../figures/read-figure-maps.ts'
import { meanBaselines } from '../figures/sample-baselines.ts'
import { hasTau } from '../metrics/score.ts'
import { pauser } from '../pauser.ts'
import type { MapTable } from '../review/map-table.ts'
import { comparisonCsv } from '../statistics/comparison-csv.ts'
import { comparisonLatex } from '../statistics/latex.ts'
import { activeCalibration, getCalibration } from '../workspace/calibrations.ts'
import { foreignNetworks } from '../workspace/models.ts'
import { getSampleFrame } from '../workspace/samples.ts'

export interface FigureDependencies {
  database: Database
  maps: MapTable
}

export function figureHandlers(
  dependencies: FigureDependencies,
): Handlers<'figures.draw' | 'figures.statistics'> {
  return {
    'figures.draw': (request, caller) => drawFigure(dependencies, request, caller),
    'figures.statistics': (request, caller) => compareMeans(dependencies, request, caller),
  }
}

/** A named figure as a file. A picture is drawn in the theme and, a PNG, in the width of `look`. */
export async function figureFile(
  dependencies: FigureDependencies,
  request: FigureRequest,
  { format, look, imageOf }: { format: FigureFormat; look: FigureLook; imageOf: MapImage },
  caller?: Caller,
): Promise<Uint8Array> {
  const figure = await drawFigure(dependencies, request, caller)
  if (format === 'csv') return new TextEncoder().encode(figureCsv(figure))
  // Only here: what draws is native code that nothing else needs.
  const { figurePng, figureSvg } = await import('../figures/draw-figure.ts')
  if (format === 'png') return figurePng(figure, look, imageOf)
  return new TextEncoder().encode(await figureSvg(figure, look, imageOf))
}

/** Paired comparisons of the maps that match. */
export async function compareMeans(
  dependencies: FigureDependencies,
  request: StatisticsRequest,
  caller: Caller = OWNER,
): Promise<Statistics> {
  const { metric, compare, over } = request
  const { tau, source: cap } = capOf(dependencies.database, request.tau)
  const { maps } = await readFigureMaps(dependencies, request, caller)
  const choice = choiceOf(request)
  // Only here: the distributions behind it take a tenth of a second to load.
  const { comparison } = await import('../figures/comparison.ts')
  return comparison({
    maps,
    tau,
    metric,
    compare,
    over,
    source: hasTau(metric) ? `${cap}; ${choice}` : choice,
    rest: pauser(),
  })
}

export async function comparisonFile(
  dependencies: FigureDependencies,
  request: StatisticsRequest,
  format: 'csv' | 'tex',
  caller?: Caller,
): Promise<string> {
  const statistics = await compareMeans(dependencies, request, caller)
  return format === 'csv' ? comparisonCsv(statistics) : comparisonLatex(statistics)
}

function choiceOf({ auditedOnly }: { auditedOnly: boolean }): string {
  return auditedOnly ? 'accepted maps only' : 'all maps'
}

/** A named figure of the maps that match. @throws HeatproofError `bad_argument` for a metric that the figure cannot have */
export async function drawFigure(
  dependencies: FigureDependencies,
  request: FigureRequest,
  caller: Caller = OWNER,
): Promise<Figure> {
  const { database } = dependencies
  const text = FIGURE_TEXTS[request.name]
  if (request.metric !== undefined && text.metric === null) throw fixedMetric(request)
  const { tau, source } = capOf(database, request.tau)
  const { maps, otherClass, withheld } = await readFigureMaps(dependencies, request, caller)
  // Only here, for the same reason.
  const { makeFigure } = await import('../figures/make-figure.ts')
  return makeFigure(
    request.name,
    {
      maps,
      metric: request.metric ?? text.metric ?? 'capped_percentage',
      tau,
      rule: ruleOf(database, tau),
      verdicts: request.name === 'dominance-rate' ? dominanceVerdicts(database) : new Map(),
      baselines: async (sampleIds, metric) => {
        const means = await meanBaselines(database, sampleIds, metric, tau)
        return (['uniform', 'random'] as const).flatMap((name) => {
          const value = means[name]
          return value === null ? [] : [{ name, value }]
        })
      },
      sizeOf: (sampleId) => {
        const { rows, columns } = getSampleFrame(database, sampleId)
        return { rows, columns }
      },
      networks: foreignNetworks(database),
      rest: pauser(),
    },
    {
      cap: source,
      choice: choiceOf(request),
      otherClass,
      withheld,
    },
  )
}

/** The cap that a request asks for, and where it is from. */
function capOf(database: Database, tau: FigureRequest['tau']): { tau: number; source: string } {
  if (typeof tau === 'number') return { tau, source: 'chosen τ' }
  const active = activeCalibration(database)
  if (tau === 'default' || active.version === null) return { tau: DEFAULT_TAU, source: 'default τ' }
  return { tau: active.tau, source: `τ of calibration ${active.version}` }
}

/** The threshold of an uncalibrated dominance: all but a fifth of the majority's relevance is on one item. */
const DOMINATES = 0.8

/** The active calibration where it is one of single-item dominance, else dominance itself. */
function ruleOf(database: Database, tau: number): FailureRule {
  const { id, tau: calibrated } = activeCalibration(database)
  const active = id === null ? undefined : getCalibration(database, id)
  if (active?.fit.mode === 'single_item_dominance') {
    const { metric, theta } = active.fit
    const source = `calibration ${active.version}`
    return { metric, tau: calibrated, theta: theta.value, direction: directionOf(metric), source }
  }
  const source = id === null ? 'not calibrated' : 'the active calibration is of another failure mode'
  return { metric: 'dominance', tau, theta: DOMINATES, direction: 'above', source }
}

function fixedMetric({ name, metric }: FigureRequest): HeatproofError {
  const free = Object.entries(FIGURE_TEXTS).filter(([, text]) => text.metric !== null)
  return new HeatproofError('bad_argument', {
    found: `the metric ${metric ?? ''} for the figure ${name}, which has its own`,
    expected: `a metric only for ${free.map(([each]) => each).join(', ')}`,
    advice: 'Leave the metric out, or choose another figure.',
  })
}
