import { SHARE_METRICS, type ScoreState } from '../../shared/names.ts'
import type { compareMaps } from './compare-maps.ts'
import { printTable } from './table.ts'
import type { MeasuredByItem } from './measure-maps.ts'
import {
  meansOf,
  metricsOf,
  statesOf,
  summariesOf,
  valuesOf,
  type MeasuredMaps,
  type Values,
} from './measured-maps.ts'
import type { PatchFlipping } from './patch-flipping.ts'

type Agreement = Awaited<ReturnType<typeof compareMaps>>

export interface MetricsReport {
  scored:
    (MeasuredByItem & { tau: number; flipping: FlippingFacts | undefined; leftOut: string[] }) | undefined
  agreement: (Agreement & { with: string }) | undefined
}

type FlippingFacts = Pick<PatchFlipping, 'model' | 'backend' | 'device' | 'options'> & { target: string }

/** The report in full precision; null is an undefined value. */
export function reportAsJson({ scored, agreement }: MetricsReport): object {
  return {
    ...(scored && {
      tau: scored.tau,
      ...(scored.flipping && {
        flipping: { ...scored.flipping.options, ...withoutOptions(scored.flipping) },
      }),
      leftOut: scored.leftOut,
      ...tableAsJson(scored, (position) => scored.shares[position] ?? {}),
    }),
    ...(agreement && {
      agreement: { with: agreement.with, top: agreement.top, ...tableAsJson(agreement, () => ({})) },
    }),
  }
}

function withoutOptions({ options, ...facts }: FlippingFacts): Omit<FlippingFacts, 'options'> {
  return facts
}

function tableAsJson(measured: MeasuredMaps, factsOf: (position: number) => object): object {
  const summaries = Object.entries(summariesOf(measured.rows.map(({ scores }) => scores)))
  const baselines = Object.entries(measured.baselines).map(([name, scores]) => [name, meansOf(scores)])
  return {
    maps: measured.rows.map(({ index, scores }, position) => ({
      index,
      ...factsOf(position),
      ...valuesOf(scores),
      states: statesOf(scores),
    })),
    means: Object.fromEntries(summaries.map(([metric, { mean }]) => [metric, mean])),
    counts: Object.fromEntries(summaries.map(([metric, { mean, ...counts }]) => [metric, counts])),
    ...(Object.fromEntries(baselines) as Record<string, Values>),
  }
}

/** The report as tables: one line a map, the means, the baselines and the counts. */
export function reportAsText({ scored, agreement }: MetricsReport): string {
  const parts: string[] = []
  if (scored) {
    const others = metricsOf(scored).filter((metric) => !SHARE_METRICS.some((share) => share === metric))
    parts.push(
      table(scored, SHARE_METRICS),
      `tau ${scored.tau}; the means are over the maps for which the metric is defined, with values out of range as they are.`,
      table(scored, others),
    )
    if (scored.flipping) {
      const { model, target, device, backend, options } = scored.flipping
      parts.push(
        `AOPC over L = ${options.flips} patches of ${options.side} x ${options.side} pixels, by ${model} on ${device} (${backend}); class: ${target}`,
      )
    }
    parts.push(...scored.leftOut)
  }
  if (agreement) {
    parts.push(
      table(agreement, metricsOf(agreement)),
      `Agreement with ${agreement.with}; top_overlap is of the ${agreement.top} largest pixels; random: the same with random maps.`,
    )
  }
  return parts.join('\n\n')
}

function table(measured: MeasuredMaps, metrics: readonly string[]): string {
  const summaries = summariesOf(measured.rows.map(({ scores }) => scores))
  const line = (title: string, cell: (metric: string) => string) => [title, ...metrics.map(cell)]
  const means = (title: string, values: Values) =>
    line(title, (metric) => (metric in values ? printValue(values[metric] ?? null, 'ok') : ''))
  const count = (title: string, state: 'outOfRange' | 'noRelevance' | 'undefined') =>
    line(title, (metric) => String(summaries[metric]?.[state] ?? 0))
  return printTable(
    ['map', ...metrics],
    [
      ...measured.rows.map(({ index, scores }) => {
        const values = valuesOf(scores)
        const states = statesOf(scores)
        return line(String(index), (metric) => printValue(values[metric] ?? null, states[metric] ?? 'ok'))
      }),
      means('mean', meansOf(measured.rows.map(({ scores }) => scores))),
      ...Object.entries(measured.baselines).map(([name, scores]) => means(name, meansOf(scores))),
      count('out of range (!)', 'outOfRange'),
      count('no relevance (0)', 'noRelevance'),
      count('undefined (–)', 'undefined'),
    ],
  )
}

/** `!` marks a value outside [0, 1], `(0)` a map without relevance, `–` an undefined value. */
function printValue(value: number | null, state: ScoreState): string {
  if (state === 'no_relevance') return '(0)'
  if (value === null) return '–'
  return state === 'out_of_range' ? `${value.toFixed(4)}!` : value.toFixed(4)
}
