import type { CallInput } from '../../shared/contract/contract.ts'
import { FIGURE_NAMES, FIGURE_TEXTS, type FigureName } from '../../shared/figures.ts'
import { METRICS, type MetricName } from '../../shared/names.ts'

/** What the Figures screen shows: a named figure, the significance tables, or the sanity checks. */
export type FigureView = FigureName | 'significance' | 'sanity'

type Parameters = Readonly<Record<string, string>>

export function figureView({ figure }: Parameters): FigureView {
  if (figure === 'significance' || figure === 'sanity') return figure
  return FIGURE_NAMES.find((name) => name === figure) ?? 'metrics'
}

/** The cap that an address asks for: a number from 0 to 1, `default`, or that of the active calibration. */
export function tauParameter({ tau = 'active' }: Parameters): number | 'default' | 'active' {
  if (tau === 'default') return tau
  const number = Number(tau)
  return tau.trim() !== '' && number >= 0 && number <= 1 ? number : 'active'
}

/** Which maps, metric and cap an address asks for. */
export function choiceParameters(parameters: Parameters) {
  return { tau: tauParameter(parameters), auditedOnly: parameters['maps'] === 'audited' }
}

export type FigureCall = CallInput<'figures.draw'> &
  ReturnType<typeof choiceParameters> & { name: FigureName }

/** The request of a named figure; a metric goes with those whose metric may be chosen alone. */
export function figureRequest(name: FigureName, parameters: Parameters): FigureCall {
  const choice = choiceParameters(parameters)
  const metric = chosenMetric(name, parameters)
  return metric === null ? { name, ...choice } : { name, metric, ...choice }
}

/** The metric that a figure draws; null for one that has its own. */
export function chosenMetric(name: FigureName, parameters: Parameters): MetricName | null {
  const usual = FIGURE_TEXTS[name].metric
  return usual === null ? null : (METRICS.find((metric) => metric === parameters['metric']) ?? usual)
}

/** Whether a cap changes what is drawn. */
export function dependsOnTau(name: FigureName, metric: MetricName | null): boolean {
  return name === 'capped' || name === 'dominance' || (metric?.startsWith('capped') ?? false)
}
