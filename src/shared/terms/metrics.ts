import type { ShareMetricName } from '../names.ts'
import { MAP_METRIC_TERMS } from './map-metrics.ts'
import { CHORMAI, HEATPROOF, type Term } from './term.ts'

type MetricText = Pick<Term, 'title' | 'sentence' | 'formula' | 'source'>

const POSITIVE = 'with R replaced by max(R, 0) in every pixel first'

const SIGNED = {
  percentage: {
    title: 'Percentage in data region',
    sentence:
      'The share of all relevance that lies on the items of the majority class; 1 is best, and with negative relevance it can leave [0, 1], which is marked and never clipped.',
    formula: 'sum over items b of m_b · s_b,  s_b = R_b / sum R   (uniform map, 3 items: 2/3)',
    source: CHORMAI,
  },
  capped_percentage: {
    title: 'Capped percentage',
    sentence:
      'The percentage in which no single item may count for more than the cap τ, so that a heatmap that sees only one of the majority items no longer scores well.',
    formula: 'sum over items b of m_b · min(s_b, τ)   (τ = 0.80 until a calibration is active)',
    source: HEATPROOF,
  },
  cosine: {
    title: 'Cosine similarity',
    sentence:
      'How well the shares of the items point in the direction of the marks; a uniform map already gets 0.816, and all relevance on one majority item gets 0.707.',
    formula: 'm · s / (|m| |s|),  0 when either length is 0',
    source: CHORMAI,
  },
  dominance: {
    title: 'Dominance',
    sentence:
      'The part of the majority relevance that its strongest item takes: 1/2 when both items count the same, 1 when one takes it all; undefined when no majority item has a positive share.',
    formula: 'max over majority items of max(s_b, 0) / sum over majority items of max(s_b, 0)',
    source: HEATPROOF,
  },
} satisfies Record<string, MetricText>

function positive(text: MetricText): MetricText {
  return {
    title: `${text.title} (positive part)`,
    sentence: `The same as ${text.title.toLowerCase()}, computed after negative pixels were set to 0, for methods whose maps are signed.`,
    formula: `${text.formula ?? ''}, ${POSITIVE}`,
    source: HEATPROOF,
  }
}

const TEXTS: Record<ShareMetricName, MetricText> = {
  ...SIGNED,
  percentage_positive: positive(SIGNED.percentage),
  capped_percentage_positive: positive(SIGNED.capped_percentage),
  cosine_positive: positive(SIGNED.cosine),
  dominance_positive: positive(SIGNED.dominance),
}

const SHARE_METRIC_TERMS = Object.entries(TEXTS).map(([name, text]): Term => ({
  name,
  kind: 'metric',
  ...text,
}))

export const METRIC_TERMS: readonly Term[] = [...SHARE_METRIC_TERMS, ...MAP_METRIC_TERMS]
